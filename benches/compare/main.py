"""Measures Keicho beside other programs on labelled calls, and prints two Markdown tables: of who spoke when, and of words.

usage: main.py DIR --ggml FILE --faster-whisper FOLDER [--keicho PROGRAM] [--runs N] [--only floor|words]

DIR holds NAME.wav (left is me) with NAME.json, as `cargo bench --bench calls -- DIR` writes them; `make compare` brings
all that is needed. `score` says how calls are scored, `programs` how each program is run. Every program hears every call
of its table once. What it costs is the median of N runs (five) over one of them, in which the programs take turns: in time of
the processor, which what else runs on the machine changes little. If a program does not say the same in every run, that is
told. The calls of WORDS are heard with words, as whole tracks take long to recognise.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import sys
from pathlib import Path

from programs import CallAiMetrics, Keicho, WholeTracks
from score import Floor, Text

# The call by which cost is measured without words.
FLOOR_COST = "sample"

# The calls that are heard with words, in the order of the table's columns; cost is measured by the first.
WORDS = ("en-headset", "ja-speakers-15")


def main():
    """Prints the tables, and a line for each program and run to the standard error."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    words = argparse.ArgumentParser(description="Measures Keicho beside other programs.")
    words.add_argument("folder", type=Path)
    words.add_argument("--keicho", default=target / "release" / "keicho", type=lambda given: Path(given).absolute())
    words.add_argument("--ggml", required=True, type=Path, help="the model base as whisper.cpp loads it")
    words.add_argument("--faster-whisper", required=True, type=Path, help="the folder that weights.py makes")
    words.add_argument("--runs", default=5, type=int, help="runs, of which the median is printed")
    words.add_argument("--only", choices=("floor", "words"), help="the first table alone, or the second")
    said = words.parse_args()
    calls = [(path, json.loads(path.with_suffix(".json").read_text())) for path in sorted(said.folder.glob("*.wav"))]
    if not calls:
        sys.exit(f"no calls in {said.folder}: cargo bench --bench calls -- {said.folder}")
    print(f"{datetime.date.today()}, {machine()}; times are medians of {said.runs}")
    if said.only != "words":
        print()
        floor_table(calls, said)
    if said.only != "floor":
        print()
        words_table([call for call in calls if call[0].stem in WORDS], said)


def floor_table(calls, said):
    """Who spoke when."""
    programs = [Keicho(said.keicho), *(Keicho(said.keicho, detector=name) for name in ("earshot", "webrtc", "silero"))]
    programs.append(CallAiMetrics())
    print(f"| {len(calls)} calls, {minutes(calls):.0f} minutes | share off by, mean (worst), points | speech F1 | "
          "interruptions F1 (precision, recall) | backchannels F1 | silences F1 | × real time | its time to Keicho's | memory |")
    print("| --- " * 9 + "|")
    rounds = Rounds(programs, calls, FLOOR_COST, said.runs)
    for program in programs:
        floor = Floor()
        for (_, labels), found in zip(calls, rounds.found[program]):
            floor.add(labels, found)
        interruptions = f"{floor.f1('interruptions')} ({floor.parts('interruptions')})"
        row(program.name(), floor.share(), floor.f1("speech"), interruptions, floor.f1("backchannels"),
            floor.f1("silences"), *rounds.cost(program, programs[0]))


def words_table(calls, said):
    """Words: Keicho's, and whole tracks by two recognisers with the same weights."""
    programs = [
        Keicho(said.keicho, with_words=True),
        WholeTracks("whisper.cpp", said.ggml, "whisper.cpp over whole tracks"),
        WholeTracks("faster-whisper", said.faster_whisper, "faster-whisper over whole tracks"),
    ]
    print(f"| {len(calls)} calls, {minutes(calls):.0f} minutes, model `base` | English on a headset: words wrong | "
          "Japanese on open speakers: characters wrong | characters where nobody spoke, a minute | × real time | "
          "time of the processor to Keicho's | memory |")
    print("| --- " * 7 + "|")
    rounds = Rounds(programs, calls, WORDS[0], said.runs)
    for program in programs:
        text = Text()
        for (path, labels), lines in zip(calls, rounds.found[program]):
            text.add(path.stem, labels, lines)
        row(program.name(), *map(text.error_rate, WORDS), text.phantom_rate(), *rounds.cost(program, programs[0]))


class Rounds:
    """What each program said of every call, and what it cost it to hear one of them, several times."""

    def __init__(self, programs, calls, cost_call, runs):
        self.found, self.seconds, self.memory = {}, {program: [] for program in programs}, {}
        paths = [path.stem for path, _ in calls]
        place = paths.index(cost_call)
        self.audio = calls[place][1]["duration_ms"] / 1000
        for program in programs:
            found, costs = zip(*(program.run(*call) for call in calls))
            self.found[program], self.memory[program] = found, max(cost.memory for cost in costs)
            self._add(program, costs[place], f"all {len(calls)} calls in {sum(cost.seconds for cost in costs):.1f} s")
        for number in range(2, runs + 1):
            for program in programs:
                found, cost = program.run(*calls[place])
                same = found == self.found[program][place]
                self._add(program, cost, f"run {number}" if same else f"run {number} says something else than the first")

    def _add(self, program, cost, what):
        self.seconds[program].append(cost.seconds)
        print(f"{program.name()}: {what}; {self.audio:.0f} s of call in {cost.seconds:.2f} s", file=sys.stderr, flush=True)

    def cost(self, program, first):
        """How many times faster than the call it is, its time of the processor to that of the first program, its memory."""
        seconds, of_first = statistics.median(self.seconds[program]), statistics.median(self.seconds[first])
        speed = self.audio / seconds
        return f"{speed:.0f}" if speed >= 20 else f"{speed:.1f}", f"{seconds / of_first:.2f}", f"{self.memory[program]:.0f} MB"


def minutes(calls):
    return sum(labels["duration_ms"] for _, labels in calls) / 60_000


def row(*cells):
    print("|", " | ".join(cells), "|", flush=True)


def machine():
    """The processor and how many there are."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{os.cpu_count()} processors ({name}), {platform.system()}"


if __name__ == "__main__":
    main()
