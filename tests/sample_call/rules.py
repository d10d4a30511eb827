"""The definitions of speech and floor, applied to speech alone, to prove that a script makes the events it plans.

Times are milliseconds, spans are (start, end). Nothing here knows the script or the text.
"""

BRIDGE_MS = 200
SHORTEST_RUN_MS = 120
UTTERANCE_PAUSE_MS = 700
SPAN_GAP_MS = 1000
BACKCHANNEL_MS = 1000
SILENCE_MS = 3000

OTHER = {"me": "them", "them": "me"}


def join(spans, gap):
    """Spans joined over gaps shorter than `gap`."""
    out = []
    for a, b in spans:
        if out and a - out[-1][1] < gap:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out


def runs(speech_steps):
    """Speech runs of one track from one truth value per 10 ms step."""
    spans = [(10 * i, 10 * i + 10) for i, on in enumerate(speech_steps) if on]
    return [(a, b) for a, b in join(join(spans, 1), BRIDGE_MS) if b - a >= SHORTEST_RUN_MS]


def silences(speech):
    """Joint silence between the first and the last speech."""
    stretches = join(sorted(speech["me"] + speech["them"]), SILENCE_MS)
    return [(a[1], b[0]) for a, b in zip(stretches, stretches[1:])]


def floor(speech):
    """Backchannels and floor spans per track, by timing alone."""
    utterances = {t: join(speech[t], UTTERANCE_PAUSE_MS) for t in speech}

    def brief(track, a, b):
        """Short, alone, and the other is heard within a second of its end."""
        own_next = any(b <= x < b + 1000 for x, _ in utterances[track])
        other_heard = any(x <= b + 1000 and y > b for x, y in speech[OTHER[track]])
        return b - a <= BACKCHANNEL_MS and not own_next and other_heard

    spans = {t: join([u for u in utterances[t] if not brief(t, *u)], SPAN_GAP_MS) for t in speech}
    quiet = silences(speech)

    def holder(at):
        started = max(((a, t) for t in spans for a, _ in spans[t] if a < at), default=(0, None))
        freed = any(started[0] < x and y <= at for x, y in quiet)
        return None if freed else started[1]

    backchannels = {
        t: [u for u in utterances[t] if brief(t, *u) and holder(u[0]) == OTHER[t]] for t in speech
    }
    spans = {
        t: join([u for u in utterances[t] if u not in backchannels[t]], SPAN_GAP_MS) for t in speech
    }
    return backchannels, spans


def interruptions(spans):
    """(by, at, outcome) of every interruption; terminal overlaps are none."""
    out = []
    for by in spans:
        for a, b in spans[by]:
            for x, y in spans[OTHER[by]]:
                inside = x + 500 <= a < y
                if inside and min(b, y) - a >= 200 and y - a > 500:
                    out.append((by, a, "successful" if b - y >= 500 else "failed"))
    return sorted(out, key=lambda event: event[1])


def monologues(speech, spans):
    """(track, start, end) of every monologue: own spans with only brief spans of the other between them."""
    quiet = silences(speech)
    out = []
    for track in spans:
        ends = [x for x, y in spans[OTHER[track]] if y - x >= 1000] + [x for x, _ in quiet]
        for a, b in spans[track]:
            last = out[-1] if out and out[-1][0] == track else None
            if last and not any(last[1] < x < a for x in ends):
                out[-1] = (track, last[1], b)
            else:
                out.append((track, a, b))
    return out
