#!/bin/sh
# Makes the recordings of this folder again. Needs sox, flac, lame and ffmpeg; of these the tests need ffmpeg alone.
#
# Two seconds at 44.1 kHz. Left beeps at 600 Hz from 0.25 to 0.35 and from 1.25 to 1.35 s, right at 1500 Hz from 0.75 to
# 0.85 and from 1.75 to 1.85 s. `beeps.mp3` is at 24 kHz, as lame chooses for its bit rate. `bare.mp3` states no length,
# begins with half a second of noise, and its frames get smaller after it. `beeps.m4a` has its index first, `alac.m4a` last.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

beeps() { # FILE HZ BEFORE AFTER
    sox -D -n -r 44100 -c 1 -b 16 "$1" synth 0.1 sine "$2" gain -6 fade h 0.002 0.1 0.002 pad "$3" "$4" repeat 1
}
beeps "$work/left.wav" 600 0.25 0.65
beeps "$work/right.wav" 1500 0.75 0.15
sox -D -M "$work/left.wav" "$work/right.wav" "$work/beeps.wav"
sox -D -R -n -r 44100 -c 2 -b 16 "$work/noise.wav" synth 0.5 whitenoise gain -6
sox -D "$work/noise.wav" "$work/beeps.wav" "$work/bare.wav"

flac --silent --force --no-padding --blocksize=1152 -o beeps.flac "$work/beeps.wav"
lame --quiet -b 64 "$work/beeps.wav" beeps.mp3
lame --quiet -V 4 -t "$work/bare.wav" bare.mp3
ffmpeg -v error -y -i "$work/beeps.wav" -c:a libvorbis -q:a 2 -bitexact -page_duration 200000 beeps.ogg
ffmpeg -v error -y -i "$work/beeps.wav" -c:a aac -b:a 64k -bitexact -movflags +faststart beeps.m4a
ffmpeg -v error -y -i "$work/beeps.wav" -c:a alac -bitexact alac.m4a
