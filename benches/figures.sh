#!/usr/bin/env bash
# Replay speed and memory of the release build, how soon words come, and how soon its pages are seen: benches/figures.sh,
# after cargo build --release.
#
# Needs GNU time and sox; for words the model base (keicho models fetch base); for the live call's memory also pulseaudio,
# whose private server no other program hears; for the pages node, Chromium and `npm ci` in tests/page.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
keicho=${CARGO_TARGET_DIR:-$root/target}/release/keicho
call=$root/tests/sample_call/call.flac
time=$(type -P time) || { echo "no GNU time here (apt-get install time)" >&2; exit 1; }
type -P sox >/dev/null || { echo "no sox here (apt-get install sox libsox-fmt-all)" >&2; exit 1; }
[ -x "$keicho" ] || { echo "no $keicho: cargo build --release" >&2; exit 1; }

dir=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$dir"' EXIT

# The median of three runs, and the largest memory of them.
replay() {
    local length
    length=$(soxi -D "$2")
    for _ in 1 2 3; do
        "$time" -f '%e %U %S %M' -a -o "$dir/$1.runs" "$keicho" replay "$2" --no-text --out "$dir/$1" >/dev/null
    done
    sort -n "$dir/$1.runs" | awk -v name="$1" -v call="$length" '
        { wall[NR] = $1; busy[NR] = $2 + $3; if ($4 > most) most = $4 }
        END { printf "replay of %-6s  %4.0f × real time: %6.2f s, of which %6.2f s of processor; %5.1f MB at the peak\n",
              name, call / wall[2], wall[2], busy[2], most / 1024 }'
}

# How soon words come at the pace of life, and how fast a recording's are, with the model `base`; what they cost.
words() {
    "$time" -f '%U %S' -o "$dir/words.busy" "$keicho" replay "$call" --pace real --stats --out "$dir/words" 2>&1 |
        grep -o 'delay p50 .* s;' | tail -n 1 >"$dir/words.delay"
    "$time" -f '%e' -o "$dir/words.fast" "$keicho" replay "$call" --threads 2 --out "$dir/words" >/dev/null
    awk -v call="$(soxi -D "$call")" -v delay="$(cat "$dir/words.delay")" -v fast="$(cat "$dir/words.fast")" '{
        printf "words (base)        %s %.0f%% of a core; a recording with two threads %.1f × real time\n",
            delay, 100 * ($1 + $2) / call, call / fast }' "$dir/words.busy"
}

# 30 s of a call on two silent devices, and how soon it listens.
live() {
    mkdir "$dir/run"
    export XDG_RUNTIME_DIR=$dir XDG_CONFIG_HOME=$dir HOME=$dir PULSE_RUNTIME_PATH=$dir/run
    export PULSE_STATE_PATH=$dir PULSE_SERVER=unix:$dir/run/native
    pulseaudio -n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --disable-shm=yes --log-level=error \
        -L "module-native-protocol-unix auth-anonymous=1 socket=$dir/run/native" \
        -L "module-null-sink sink_name=out" -L "module-null-sink sink_name=pipe" \
        -L "module-remap-source source_name=mic master=pipe.monitor" &
    until pactl set-default-sink out 2>/dev/null && pactl set-default-source mic 2>/dev/null; do
        kill -0 $! || exit 1
    done
    mkfifo "$dir/said"
    local begun listens pid busy woken before
    # The microphone is itself a stream from its pipe.
    before=$(pactl list short source-outputs | wc -l)
    begun=$(date +%s%N)
    "$keicho" live --no-text --no-open --port 0 --out "$dir/live" >"$dir/said" &
    pid=$!
    exec 3<"$dir/said"
    # The first line is the overlay's address; a call listens once the sound server has both its streams.
    until [ "$(pactl list short source-outputs | wc -l)" -ge $((before + 2)) ]; do kill -0 $pid || exit 1; done
    listens=$(($(date +%s%N) - begun))
    read -r _ <&3
    sleep 2
    busy=$(busy_ticks $pid) woken=$(wake_ups $pid)
    sleep 30
    busy=$(($(busy_ticks $pid) - busy)) woken=$(($(wake_ups $pid) - woken))
    awk -v ms=$((listens / 1000000)) -v busy=$busy -v woken=$woken -v hertz="$(getconf CLK_TCK)" '/^VmRSS/ {
        printf "live call           listens after %d ms; %.1f%% of a core, %d wake-ups a second, %.1f MB after 30 s\n",
            ms, 100 * busy / hertz / 30, woken / 30, $2 / 1024 }' "/proc/$pid/status"
    kill -INT "$pid"
    wait "$pid"
}

# Clock ticks for which a process has been busy, and how often its threads were woken.
busy_ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
wake_ups() { awk '/^voluntary/ { sum += $2 } END { print sum }' /proc/"$1"/task/*/status; }

echo "$(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
replay 2min "$call"
sox $(yes "$call" | head -n 28) "$dir/60min.flac" trim 0 3600
replay 60min "$dir/60min.flac"
if [ -f "$("$keicho" models path)/ggml-base.bin" ]; then words; fi
if type -P pulseaudio pactl >/dev/null; then live; fi
if type -P node >/dev/null && [ -d "$root/tests/page/node_modules" ]; then node "$root/benches/paint.mjs" "$keicho"; fi
