"""How what a program says of a call is held to the call's labels.

A label counts as found where

- an interruption by the same person begins within 700 ms of it,
- a backchannel by the same person lies within 100 ms of it,
- a silence covers half of it, and is itself covered by half;

each by one that no other label has taken. Speech is scored by its length: what is common to both, of both. Text is scored as
`cargo bench --bench words` does: Japanese by characters with numerals folded, English by words, marks left out; only
turns that were not cut off count, and text where nobody speaks is counted apart.
"""

import statistics
from collections import defaultdict

TRACKS = ("me", "them")

ONSET_MS = 700
SLACK_MS = 100


class Floor:
    """What a program says of who spoke when, over all calls; what is counted is counted over all of them."""

    def __init__(self):
        self.shares = []
        # Kind of event, or of speech in milliseconds, to hits, found, wanted.
        self.counts = defaultdict(lambda: [0, 0, 0])
        self.at_best = set()

    def add(self, labels, found):
        """One call: `share_off` in points, `speech` as spans a track, and lists of events; a number a track where a program
        says how many and not when."""
        self.shares.append(abs(found["share_off"]))
        self._count("speech", speech_ms(found["speech"], labels["speech"]))
        for kind, same in SAME.items():
            if isinstance(found[kind], dict):
                self.at_best.add(kind)
                self._count(kind, at_best(found[kind], labels[kind]))
            else:
                self._count(kind, (pairs(found[kind], labels[kind], same), len(found[kind]), len(labels[kind])))

    def _count(self, kind, counts):
        self.counts[kind] = [sum(both) for both in zip(self.counts[kind], counts)]

    def share(self):
        """The mean and the largest error of the share, without its sign, in points."""
        return f"{statistics.mean(self.shares):.1f} ({max(self.shares):.1f})"

    def f1(self, kind):
        """The harmonic mean of precision and recall."""
        hits, found, wanted = self.counts[kind]
        f1 = 2 * hits / (found + wanted) if found + wanted else 1.0
        return ("at best " if kind in self.at_best else "") + f"{f1:.2f}"

    def parts(self, kind):
        """Precision and recall."""
        hits, found, wanted = self.counts[kind]
        return f"{hits / found if found else 1.0:.2f}, {hits / wanted if wanted else 1.0:.2f}"


class Text:
    """What was right and wrong of a text, by kind of call; a line has `track`, `start_ms`, `end_ms` and `text`."""

    def __init__(self):
        # Kind of call to errors and to units wanted.
        self.counts = defaultdict(lambda: [0, 0])
        self.phantom, self.minutes = 0, 0.0

    def add(self, kind, labels, lines):
        """One call."""
        japanese = labels["language"] == "ja"
        self.minutes += labels["duration_ms"] / 60_000
        for track in TRACKS:
            spoken = [one for one in labels["utterances"] if one["track"] == track]
            found = []
            for line in sorted((line for line in lines if line["track"] == track), key=lambda line: line["start_ms"]):
                nearest = max(spoken, key=lambda one: (common(line, one), -one["start_ms"]))
                if common(line, nearest) <= 0:
                    self.phantom += len(units(line["text"], True))
                elif whole(nearest):
                    found.append(line["text"])
            turns = sorted(filter(whole, spoken), key=lambda one: one["start_ms"])
            wanted = units(" ".join(one["text"] for one in turns), japanese)
            count = self.counts[kind]
            count[0] += distance(units(" ".join(found), japanese), wanted)
            count[1] += len(wanted)

    def error_rate(self, kind):
        """Insertions, deletions and substitutions for each unit that was wanted."""
        errors, wanted = self.counts[kind]
        return f"{100 * errors / wanted:.1f}%"

    def phantom_rate(self):
        """Characters where nobody spoke, a minute of call."""
        return f"{self.phantom / self.minutes:.1f}"


def speech_ms(found, wanted):
    """Milliseconds of speech in common, found and wanted, of both tracks."""
    total = [0, 0, 0]
    for track in TRACKS:
        spans = [set(), set()]
        for marked, of in zip(spans, (found[track], wanted[track])):
            for start, end in of:
                marked.update(range(start // 10, end // 10))
        total = [ms + 10 * steps for ms, steps in zip(total, (len(spans[0] & spans[1]), len(spans[0]), len(spans[1])))]
    return total


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
    return 2 * common(one, label) >= max(one["end_ms"] - one["start_ms"], label["end_ms"] - label["start_ms"])


def common(one, label):
    """Milliseconds that two spans share; negative if they are apart."""
    return min(one["end_ms"], label["end_ms"]) - max(one["start_ms"], label["start_ms"])


SAME = {
    "interruptions": lambda one, label: one["by"] == label["by"] and abs(one["at_ms"] - label["at_ms"]) <= ONSET_MS,
    "backchannels": near,
    "silences": half,
}


def whole(utterance):
    """Whether an utterance is a turn that was not cut off."""
    return utterance["kind"] == "turn" and not utterance["cut"]


def units(text, japanese):
    """Characters of a Japanese text, words of another."""
    kanji = "〇一二三四五六七八九" if japanese else ""
    folded = (str(kanji.index(one)) if one in kanji else one for one in text.lower())
    kept = "".join(one for one in folded if one.isalnum() or one == " ")
    return list(kept.replace(" ", "")) if japanese else kept.split()


def distance(found, wanted):
    """Levenshtein's distance of two lists."""
    row = list(range(len(wanted) + 1))
    for n, one in enumerate(found, 1):
        corner, row[0] = row[0], n
        for m, other in enumerate(wanted, 1):
            corner, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, corner + (one != other))
    return row[-1]
