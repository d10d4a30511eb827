"""Scores Keicho and call-ai-metrics on labelled calls, and prints a Markdown table.

usage: compare.py DIR [--keicho PROGRAM] [--other PROGRAM]

DIR holds NAME.wav (left is me) with NAME.json, as `cargo bench --bench calls -- DIR` writes them. Both programs run as
anyone would run them: `keicho replay CALL --no-text` and `call-ai-metrics CALL --speakers me them --json`, with their
own defaults, on Linux or macOS. A label counts as found where

- an interruption by the same person begins within 700 ms of it,
- a backchannel by the same person lies within 100 ms of it,
- a silence covers half of it, and is itself covered by half;

each by one that no other label has taken. What call-ai-metrics says in other terms is read in its favour:

- Its talk time holds backchannels, Keicho's does not: each is held to the share that its own terms make of the labels.
- It lists no silences: they are the gaps of 3 s and more between the segments of speech that it lists.
- It counts backchannels and does not say when they were: as many are taken for right as there are labels of that person.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

TRACKS = ("me", "them")

ONSET_MS = 700
SLACK_MS = 100
SILENCE_MS = 3000


def main():
    """Prints the table of all calls, and one line a call to the standard error."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    words = argparse.ArgumentParser(description="Scores two programs on labelled calls.")
    words.add_argument("folder", type=Path)
    words.add_argument("--keicho", default=target / "release" / "keicho", type=Path)
    words.add_argument("--other", default=Path(sys.executable).parent / "call-ai-metrics", type=Path)
    said = words.parse_args()
    calls = sorted(said.folder.glob("*.wav"))
    if not calls:
        sys.exit(f"no calls in {said.folder}: cargo bench --bench calls -- {said.folder}")
    ours, theirs = Tally(), Tally()
    for call in calls:
        labels = json.loads(call.with_suffix(".json").read_text())
        ours.add(call.stem, "keicho", labels, *keicho(said.keicho, call, labels))
        theirs.add(call.stem, "call-ai-metrics", labels, *other(said.other, call, labels))
    print(f"| {len(calls)} calls, {ours.audio / 60:.0f} minutes | Keicho | call-ai-metrics |")
    print("| --- | --- | --- |")
    for name, figure in (
        ("talk share off by, mean (worst)", lambda tally: tally.share()),
        ("interruptions, F1", lambda tally: tally.f1("interruptions")),
        ("backchannels, F1", lambda tally: tally.f1("backchannels")),
        ("silences, F1", lambda tally: tally.f1("silences")),
        ("speed, by processor time", lambda tally: f"{tally.audio / tally.busy:.0f} × real time"),
    ):
        print(f"| {name} | {figure(ours)} | {figure(theirs)} |")


def keicho(program, call, labels):
    """What Keicho says of a call, how many points its share is off, and its seconds of processor."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        seconds, _ = timed([program, "replay", call, "--no-text", "--out", out])
        summary = json.loads((out / "summary.json").read_text())
    events = {
        "interruptions": summary["interruptions"],
        "backchannels": summary["backchannels"],
        "silences": summary["silences"],
    }
    return events, 100 * (summary["talk"]["me"]["share"] - labels["talk_share_me"]), seconds


def other(program, call, labels):
    """What call-ai-metrics says of a call, in the same terms."""
    seconds, said = timed([program, call, "--speakers", *TRACKS, "--json"])
    report = json.loads(said)
    ms = lambda of, name: round(1000 * of[name])
    segments = [(ms(one, "start_s"), ms(one, "end_s")) for one in report["segments"]]
    speech = {track: sum(end - start for start, end in labels["speech"][track]) for track in TRACKS}
    events = {
        "interruptions": [{"by": one["by"], "at_ms": ms(one, "time_s")} for one in report["interruptions"]],
        "backchannels": {track: report["speakers"][track]["backchannels"] for track in TRACKS},
        "silences": gaps(segments),
    }
    share = speech["me"] / (speech["me"] + speech["them"])
    return events, 100 * (report["speakers"]["me"]["talk_share"] - share), seconds


def timed(command):
    """Runs a program: its seconds of processor, which what else runs hardly changes, and what it prints."""
    began = os.times()
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    if run.returncode != 0:
        sys.exit(f"{command[0]} failed on {command[1:]}: {run.stderr}")
    ended = os.times()
    busy = ended.children_user + ended.children_system - began.children_user - began.children_system
    return busy, run.stdout


def gaps(segments):
    """The stretches without any segment, between the first and the last."""
    out, last = [], None
    for start, end in sorted(segments):
        if last is not None and start - last >= SILENCE_MS:
            out.append({"start_ms": last, "end_ms": start})
        last = end if last is None else max(last, end)
    return out


class Tally:
    """The figures of one program over all calls; what is counted is counted over all of them."""

    def __init__(self):
        self.shares, self.audio, self.busy = [], 0.0, 0.0
        # Kind of event to hits, found, wanted.
        self.counts = defaultdict(lambda: [0, 0, 0])
        self.at_best = set()

    def add(self, call, program, labels, events, share_off, seconds):
        """One call."""
        self.shares.append(abs(share_off))
        self.audio += labels["duration_ms"] / 1000
        self.busy += seconds
        line = [f"share {share_off:+.1f} points"]
        for kind, same in SAME.items():
            found, wanted = events[kind], labels[kind]
            if isinstance(found, dict):
                self.at_best.add(kind)
                counts = at_best(found, wanted)
            else:
                counts = (pairs(found, wanted, same), len(found), len(wanted))
            self.counts[kind] = [sum(both) for both in zip(self.counts[kind], counts)]
            line.append("{} {} right of {} found, {} labelled".format(kind, *counts))
        print(f"{call}: {program}: {'; '.join(line)}; {seconds:.2f} s", file=sys.stderr)

    def share(self):
        """The mean and the largest error of the share, without its sign."""
        return f"{statistics.mean(self.shares):.1f} ({max(self.shares):.1f}) points"

    def f1(self, kind):
        """The harmonic mean of precision and recall, and both."""
        hits, found, wanted = self.counts[kind]
        precision, recall = hits / found if found else 1.0, hits / wanted if wanted else 1.0
        f1 = 2 * hits / (found + wanted) if found + wanted else 1.0
        bound = "at best " if kind in self.at_best else ""
        return f"{bound}{f1:.2f} (precision {precision:.2f}, recall {recall:.2f})"


def pairs(found, wanted, same):
    """How many of those found are like a label that no other has taken."""
    left, hits = list(wanted), 0
    for one in found:
        match = next((label for label in left if same(one, label)), None)
        if match is not None:
            left.remove(match)
            hits += 1
    return hits


def at_best(found, wanted):
    """Hits, found and wanted where only the number is known: the most that can be right."""
    labelled = {track: sum(one["by"] == track for one in wanted) for track in TRACKS}
    hits = sum(min(found[track], labelled[track]) for track in TRACKS)
    return hits, sum(found.values()), sum(labelled.values())


def near(one, label):
    """Whether two spans of one person overlap or nearly do."""
    before = lambda a, b: a["start_ms"] < b["end_ms"] + SLACK_MS
    return one["by"] == label["by"] and before(one, label) and before(label, one)


def half(one, label):
    """Whether each of two spans covers half of the other."""
    common = min(one["end_ms"], label["end_ms"]) - max(one["start_ms"], label["start_ms"])
    return 2 * common >= max(one["end_ms"] - one["start_ms"], label["end_ms"] - label["start_ms"])


SAME = {
    "interruptions": lambda one, label: one["by"] == label["by"] and abs(one["at_ms"] - label["at_ms"]) <= ONSET_MS,
    "backchannels": near,
    "silences": half,
}


if __name__ == "__main__":
    main()
