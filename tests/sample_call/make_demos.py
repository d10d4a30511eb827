#!/usr/bin/env python3
"""Makes the demo's calls: demo_ja and demo_en (.flac, left = me, right = them, and .json, the labels) from their scripts.

The same packages on the same kind of processor give the same bytes. As with the sample call, a planned event that is
none by its timing stops it, and so does a call that no longer tells what the demo is to show.
"""

import json
import tomllib

import numpy as np
import soundfile

import make
import rules
from cast import Cast
from make import HERE, TRACKS
from voices import RATE

NOISE_DB = -87.0
"""The manager's microphone is never digitally silent. Every decibel less of hiss makes the file smaller."""


def check(lines, labels):
    """The demo is one conversation: too much talk, an interruption that is handed back, a wait, and what came of it."""
    spans = make.check_timing(lines, labels)
    events = [(event["by"], event["outcome"]) for event in labels["interruptions"]]
    assert events == [("them", "failed"), ("me", "successful")], events
    waited = next(line for line in lines if line.get("part") == "wait")
    silences = [(one["start_ms"], one["end_ms"]) for one in labels["silences"]]
    assert [end for _, end in silences] == [10 * waited["start"]], silences
    assert 4500 <= silences[0][1] - silences[0][0] <= 5500, silences
    make.check_monologue(lines, labels, spans, lasts_ms=(26_000, 36_000), backchannels=(3, 4))
    assert 120_000 <= labels["duration_ms"] <= 150_000, labels["duration_ms"]
    # Most of the talk is the manager's until the wait, and the other's after it.
    assert make.share_until(labels["speech"], silences[0][0]) >= 0.6 > 0.56 >= labels["talk_share_me"]


def label(lines, clean, backchannels, language):
    labels = make.label(lines, clean, backchannels)
    labels.update(language=language, conditions={"bleed_db": None, "noise_db": NOISE_DB, "seed": make.NOISE_SEED})
    labels["questions"] = [
        {"track": line["speaker"], "end_ms": 10 * make.end_of(line), "kind": line["asks"]}
        for line in sorted(lines, key=lambda line: line["start"]) if "asks" in line
    ]
    return labels


def speaker(cast):
    """Says a line the same whatever was said before, so that an edit changes its own line alone."""

    def say(line):
        cast.start_piper()
        return cast.say(line)

    return say


def main():
    for name in ("demo_ja", "demo_en"):
        script = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
        language = script["language"]
        for person in script["voice"]:
            person["language"] = language
        lines = [line | {"lang": language} for line in script["line"]]
        make.place(lines, speaker(Cast(script["voice"])))
        clean, backchannels = make.mix(lines)
        labels = label(lines, clean, backchannels, language)
        make.report(labels)
        check(lines, labels)
        # The far end comes as a call brings it: nothing between its words.
        clean[TRACKS.index("me")] += make.hiss(clean.shape, NOISE_DB)[0]
        pcm = np.round(clean * 32768).astype(np.int16)
        soundfile.write(HERE / f"{name}.flac", pcm.T, RATE, subtype="PCM_16", compression_level=1.0)
        (HERE / f"{name}.json").write_text(json.dumps(labels, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
