#!/usr/bin/env python3
"""Makes the sample call: call.flac (left = me, right = them) and its labels.json from script.toml.

The same packages on the same kind of processor give the same bytes. The run fails where a planned event is not
one by its timing, so a script can be edited without counting milliseconds by hand.
"""

import json
import re
import tomllib
from pathlib import Path

import numpy as np
import soundfile

import rules
import voices
from voices import RATE, STEP

HERE = Path(__file__).parent
TRACKS = ("me", "them")

NOISE_DB = -75.0
"""A headset's own hiss per track: no digital silence, and far below speech."""
NOISE_SEED = 20
TAIL_MS = 1000

FILLERS = {
    # The ambiguous ones count only beside a pause.
    "ja": r"えーと|えっと|あのー|うーん|(?:あの|その|まあ|なんか)(?=、)",
    "en": r"\b(?:um|uh|er|hmm)\b",
}


def place(lines, say):
    """Adds to each line its clip and the step it begins at; cuts off whoever is interrupted or gives up."""
    turn = None
    for line in lines:
        clip = say(line)
        if "gap_ms" in line:
            start = (end_of(turn) if turn else 0) + line["gap_ms"] // 10
        else:
            start = turn["start"] + line["into_ms"] // 10
        line.update(start=start, clip=clip, cut=False)
        if "wins_after_ms" in line:
            break_off(turn, start + line["wins_after_ms"] // 10 - turn["start"])
        if "gives_up_after_ms" in line:
            break_off(line, line["gives_up_after_ms"] // 10)
        # Who gave up has not had the floor: what follows is placed by the one who kept it.
        if line["kind"] != "backchannel" and "gives_up_after_ms" not in line:
            turn = line


def break_off(line, steps):
    assert steps * STEP < len(line["clip"]), f"nothing left to cut off: {line['text']}"
    line.update(clip=voices.trim(voices.cut(line["clip"], steps)), cut=True)


def end_of(line):
    return line["start"] + len(line["clip"]) // STEP


def mix(lines):
    """The clean tracks, one a row, and the clean backchannels alone."""
    steps = max(map(end_of, lines)) + TAIL_MS // 10
    clean, backchannels = np.zeros((2, 2, steps * STEP))
    for line in lines:
        row = TRACKS.index(line["speaker"])
        at = slice(line["start"] * STEP, end_of(line) * STEP)
        assert not clean[row, at].any(), f"over the speaker's own voice: {line['text']}"
        clean[row, at] = line["clip"]
        if line["kind"] == "backchannel":
            backchannels[row, at] = line["clip"]
    return clean, backchannels


def hiss(shape, db=NOISE_DB):
    """Independent noise per track, softer towards the treble as a microphone's is."""
    noise = np.random.default_rng(NOISE_SEED).standard_normal(shape)
    hz = np.fft.rfftfreq(shape[1], 1 / RATE)
    noise = np.fft.irfft(np.fft.rfft(noise) / np.sqrt(1 + (hz / 250) ** 2), shape[1])
    return noise * 10 ** (db / 20) / noise.std()


def runs(track):
    return rules.runs(voices.levels(track) >= voices.SPEECH_DB)


def total(spans):
    return sum(b - a for a, b in spans)


def label(lines, clean, backchannels):
    """The labels, all from the clean voices; the format is that of the labelled calls used for tuning."""
    speech = {t: runs(clean[i]) for i, t in enumerate(TRACKS)}
    talk = {t: total(runs(clean[i] - backchannels[i])) for i, t in enumerate(TRACKS)}
    utterances, interruptions, brief = [], [], []
    for line in sorted(lines, key=lambda line: line["start"]):
        start, end = 10 * line["start"], 10 * end_of(line)
        backchannel = line["kind"] == "backchannel"
        utterance = {
            "track": line["speaker"], "start_ms": start, "end_ms": end,
            "kind": "backchannel" if backchannel else "turn", "text": line["text"], "language": line["lang"],
            "cut": line["cut"], "fillers": len(re.findall(FILLERS[line["lang"]], line["text"], re.IGNORECASE)),
        }
        if backchannel:
            brief.append({"by": line["speaker"], "start_ms": start, "end_ms": end, "text": line["text"]})
        if line["kind"] == "interruption":
            utterance["interrupts"] = True
            outcome = "successful" if "wins_after_ms" in line else "failed"
            interruptions.append({"by": line["speaker"], "at_ms": start, "outcome": outcome})
        utterances.append(utterance)
    monologue = [line for line in lines if line.get("part") == "monologue"]
    return {
        "language": "mixed",
        "sample_rate": RATE,
        "duration_ms": clean.shape[1] * 1000 // RATE,
        "talk_ms": talk,
        "talk_share_me": talk["me"] / sum(talk.values()),
        "speech": speech,
        "utterances": utterances,
        "interruptions": interruptions,
        "backchannels": brief,
        "silences": [{"start_ms": a, "end_ms": b} for a, b in rules.silences(speech)],
        "monologue": {
            "track": monologue[0]["speaker"],
            "start_ms": 10 * monologue[0]["start"],
            "end_ms": 10 * end_of(monologue[-1]),
        },
        "conditions": {"bleed_db": None, "noise_db": NOISE_DB, "seed": NOISE_SEED},
    }


def share_until(speech, at):
    """Share of `me` up to a time, backchannels included: near enough for a look at how it develops."""
    talk = {t: total((a, min(b, at)) for a, b in speech[t] if a < at) for t in TRACKS}
    return talk["me"] / sum(talk.values())


def check_timing(lines, labels):
    """Every planned event is one by its timing, with room to spare, and there is no unplanned one. Gives the spans."""
    speech = labels["speech"]
    backchannels, spans = rules.floor(speech)

    planned = [(e["by"], e["at_ms"], e["outcome"]) for e in labels["interruptions"]]
    assert rules.interruptions(spans) == planned, (rules.interruptions(spans), planned)

    for track in TRACKS:
        planned = [(e["start_ms"], e["end_ms"]) for e in labels["backchannels"] if e["by"] == track]
        assert backchannels[track] == planned, (track, backchannels[track], planned)
        for a, b in planned:
            other = rules.OTHER[track]
            assert b - a <= 900, f"backchannel at {a} is too long: {b - a} ms"
            assert any(x < b + 1000 and y > b for x, y in speech[other]), f"nobody goes on after {a}"
            assert not any(b <= x < b + 1200 for x, _ in speech[track]), f"more follows {a}"

    for line in lines:
        start, end = 10 * line["start"], 10 * end_of(line)
        where = f"{start} ms, {line['text']}"
        if line["kind"] != "backchannel":
            assert end - start > 1200, f"too short for a turn: {where}"
        if line["kind"] == "interruption":
            check_interruption(line, lines, where)
    return spans


def check(lines, labels):
    """What this call is to hold."""
    spans = check_timing(lines, labels)
    for line in lines:
        if line["kind"] == "turn" and "part" not in line:
            where = f"{10 * line['start']} ms, {line['text']}"
            assert line is lines[0] or 200 <= line["gap_ms"] <= 700, f"unusual gap: {where}"

    silences = [(e["start_ms"], e["end_ms"]) for e in labels["silences"]]
    thinking, pause = (next(line for line in lines if line.get("part") == p) for p in ("thinking", "pause"))
    assert [b for _, b in silences] == [10 * thinking["start"], 10 * pause["start"]], silences
    assert 4500 <= total(silences[:1]) <= 5500 and thinking["speaker"] == "them"
    assert total(silences[1:]) >= 3200 and pause["speaker"] == "me"

    check_monologue(lines, labels, spans, lasts_ms=(45_000, 55_000), backchannels=(3, 5))
    assert 0.55 <= labels["talk_share_me"] <= 0.65, labels["talk_share_me"]
    assert share_until(labels["speech"], 70_000) >= 0.60
    assert 120_000 <= labels["duration_ms"] <= 135_000, labels["duration_ms"]


def check_interruption(line, lines, where):
    """Clearer than the definition asks for, so that no detector's edge decides it."""
    other = next(
        o for o in reversed(lines[: lines.index(line)])
        if o["kind"] != "backchannel" and o["speaker"] != line["speaker"]
    )
    into, overlap = line["start"] - other["start"], min(end_of(line), end_of(other)) - line["start"]
    goes_on = abs(end_of(line) - end_of(other))
    # The other is speaking at the onset, not taking a breath.
    speaking = runs(other["clip"])
    assert any(x + 100 <= 10 * into <= y - 200 for x, y in speaking), f"starts in a pause of the other: {where}"
    assert into >= 100 and goes_on >= 200, f"{into=} {goes_on=} steps: {where}"
    if "wins_after_ms" in line:
        assert other["cut"] and end_of(line) > end_of(other) and overlap >= 60, f"{overlap=} steps: {where}"
    else:
        assert line["cut"] and end_of(line) < end_of(other) and 120 <= overlap <= 160, f"{overlap=} steps: {where}"


def check_monologue(lines, labels, spans, lasts_ms, backchannels):
    wanted = tuple(labels["monologue"].values())
    longest = max(rules.monologues(labels["speech"], spans), key=lambda m: m[2] - m[1])
    assert longest == wanted, (longest, wanted)
    track, start, end = wanted
    assert lasts_ms[0] <= end - start <= lasts_ms[1], end - start
    said = [line for line in lines if line.get("part") == "monologue"]
    between = [10 * (b["start"] - end_of(a)) for a, b in zip(said, said[1:])]
    assert all(450 <= gap <= 700 for gap in between), between
    own = [(a, b) for a, b in labels["speech"][track] if start <= a < end]
    assert max(b[0] - a[1] for a, b in zip(own, own[1:])) < 1000
    inside = [b for b in labels["backchannels"] if start < b["start_ms"] < end]
    assert backchannels[0] <= len(inside) <= backchannels[1]


def report(labels):
    """What is where, for whoever edits the script."""
    for u in labels["utterances"]:
        marks = ("cut " if u["cut"] else "") + ("interrupts " if "interrupts" in u else "")
        kind = "  ~ " if u["kind"] == "backchannel" else ""
        print(f"{u['start_ms']:7} {u['end_ms']:7} {u['track']:5}{kind}{marks}{u['text']}")
    for kind in ("interruptions", "backchannels", "silences"):
        print(kind, *labels[kind], sep="\n  ")
    print("monologue", labels["monologue"])
    shares = {s: round(share_until(labels["speech"], 1000 * s), 3) for s in (30, 60, 70, 90, 120)}
    print("share of me until second", shares, "whole call", round(labels["talk_share_me"], 3))


def main():
    script = tomllib.loads((HERE / "script.toml").read_text(encoding="utf-8"))
    lines = script["line"]
    place(lines, voices.Voices(script["voices"]).say)
    clean, backchannels = mix(lines)
    labels = label(lines, clean, backchannels)
    report(labels)
    check(lines, labels)
    pcm = np.round((clean + hiss(clean.shape)) * 32768).astype(np.int16)
    soundfile.write(HERE / "call.flac", pcm.T, RATE, subtype="PCM_16", compression_level=1.0)
    (HERE / "labels.json").write_text(json.dumps(labels, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
