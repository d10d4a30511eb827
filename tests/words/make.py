#!/usr/bin/env python3
"""Makes the clips of texts.toml, in the voices of the sample call."""

import sys
import tomllib
from pathlib import Path

import numpy as np
import soundfile

HERE = Path(__file__).parent
SAMPLE_CALL = HERE.parent / "sample_call"
sys.path.insert(0, str(SAMPLE_CALL))

import voices

EDGE = np.zeros(voices.RATE // 5)
"""Silence before and after the speech."""


def main():
    settings = tomllib.loads((SAMPLE_CALL / "script.toml").read_text(encoding="utf-8"))["voices"]
    say = voices.Voices(settings).say
    for clip in tomllib.loads((HERE / "texts.toml").read_text(encoding="utf-8"))["clip"]:
        pcm = np.concatenate([EDGE, say(clip | {"kind": "turn"}), EDGE])
        seconds = len(pcm) / voices.RATE
        assert 4 <= seconds <= 8, f"{clip['clip']} takes {seconds} s"
        path = HERE / f"{clip['clip']}.flac"
        soundfile.write(path, np.round(pcm * 32768).astype(np.int16), voices.RATE, subtype="PCM_16", compression_level=1.0)
        print(f"{path.name}  {seconds:.2f} s  {path.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
