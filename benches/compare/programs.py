"""The programs that are measured, each run as anyone would run it, and what it says of a call in the terms of `score`.

What call-ai-metrics says in other terms is read in its favour:

- Its talk time holds backchannels, Keicho's does not: each is held to the share that its own terms make of the labels.
- It lists no silences: they are the gaps of 3 s and more between the segments of speech that it lists.
- It counts backchannels and does not say when they were: as many are taken for right as there are labels of that person.
"""

import json
import os
import subprocess
import sys
import tempfile
import typing
from pathlib import Path

from score import TRACKS

SILENCE_MS = 3000

# What each recogniser has: several would also count as work how they wait for each other.
THREADS = 1


class Cost(typing.NamedTuple):
    """What a run took: seconds of processor of the process and its children, and its largest memory in megabytes."""

    seconds: float
    memory: float


class Keicho:
    """`keicho replay`, with one of its detectors or with words."""

    def __init__(self, program, *, detector=None, with_words=False):
        self.program, self.detector, self.with_words = program, detector, with_words

    def name(self):
        return "Keicho" + (f" `--vad {self.detector}`" if self.detector else "")

    def run(self, call, labels):
        """What it says of a call, and what that took."""
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            command = [self.program, "replay", call, "--out", out]
            command += ["--vad", self.detector] if self.detector else []
            command += self._words(labels) if self.with_words else ["--no-text"]
            cost, _ = measured(command)
            summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        if self.with_words:
            return summary["utterances"], cost
        found = {kind: summary[kind] for kind in ("interruptions", "backchannels", "silences")}
        share = summary["talk"]["me"]["share"] - labels["talk_share_me"]
        return found | {"speech": summary["speech"], "share_off": 100 * share}, cost

    def _words(self, labels):
        return ["--transcript", "--threads", str(THREADS), "--model", "base", "--lang", labels["language"]]


class CallAiMetrics:
    """`call-ai-metrics`, of PyPI."""

    def name(self):
        return "call-ai-metrics"

    def run(self, call, labels):
        """What it says of a call, and what that took."""
        program = Path(sys.executable).parent / "call-ai-metrics"
        cost, said = measured([program, call, "--speakers", *TRACKS, "--json"])
        report = json.loads(said)
        ms = lambda of, name: round(1000 * of[name])
        speech = {track: [] for track in TRACKS}
        for one in report["segments"]:
            speech[one["speaker"]].append((ms(one, "start_s"), ms(one, "end_s")))
        heard = {track: sum(end - start for start, end in labels["speech"][track]) for track in TRACKS}
        share = report["speakers"]["me"]["talk_share"] - heard["me"] / (heard["me"] + heard["them"])
        found = {
            "interruptions": [{"by": one["by"], "at_ms": ms(one, "time_s")} for one in report["interruptions"]],
            "backchannels": {track: report["speakers"][track]["backchannels"] for track in TRACKS},
            "silences": gaps([span for track in TRACKS for span in speech[track]]),
            "speech": speech,
            "share_off": 100 * share,
        }
        return found, cost


class WholeTracks:
    """A recogniser over each whole track of a call, by `whole_tracks.py`."""

    def __init__(self, recogniser, model, name):
        self.recogniser, self.model, self._name = recogniser, model, name

    def name(self):
        return self._name

    def run(self, call, labels):
        """Its lines, and what that took."""
        script = Path(__file__).with_name("whole_tracks.py")
        command = [sys.executable, "-B", script, self.recogniser, self.model, labels["language"], str(THREADS), call]
        cost, said = measured(command)
        return json.loads(said), cost


def measured(command):
    """Runs a program: what it took, which what else runs on the machine hardly changes, and what it prints."""
    with tempfile.TemporaryFile() as complaints:
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints)
        said = run.stdout.read().decode()
        run.stdout.close()
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode != 0:
            complaints.seek(0)
            sys.exit(f"{command[0]} failed on {command[1:]}: {complaints.read().decode(errors='replace')}")
    # Linux counts memory in KiB, macOS in bytes.
    bytes_each = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * bytes_each / 1e6), said


def gaps(segments):
    """The stretches without any segment, between the first and the last."""
    out, last = [], None
    for start, end in sorted(segments):
        if last is not None and start - last >= SILENCE_MS:
            out.append({"start_ms": last, "end_ms": start})
        last = end if last is None else max(last, end)
    return out
