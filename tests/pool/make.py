#!/usr/bin/env python3
"""Makes the pool: one FLAC a voice and pool.json, from texts.toml.

The same packages on the same kind of processor give the same bytes.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

import numpy as np
import soundfile

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "sample_call"))

import rules
import voices
from cast import SEED, Cast
from stretch import hold
from voices import RATE, STEP

KINDS = ("turn", "question", "backchannel", "answer", "filler")
HELD = re.compile(r"\[(.+?) (\d+)\]([、,]?)\s*")
"""A held word in a text; what follows it comes after a short rest."""
REST_STEPS = 8


class PoolVoices(Cast):
    """A cast that can hold a vowel."""

    def clip(self, person, kind, text):
        """A clip and its held vowels, in samples."""
        say = lambda part: self.say({"speaker": person["name"], "lang": person["language"], "kind": kind, "text": part})
        rng = np.random.default_rng([SEED, *text.encode()])
        # One level for all: how softly a backchannel is said is the caller's choice.
        kind = "turn"
        parts, held, at = [], [], 0
        pieces = HELD.split(text)
        for i in range(0, len(pieces), 4):
            if pieces[i].strip():
                parts.append(say(pieces[i].strip()))
                at += len(parts[-1])
            if i + 1 < len(pieces):
                word, (start, end) = hold(say(pieces[i + 1]), int(pieces[i + 2]), rng)
                word = voices.soften_edges(voices.limit(word[: len(word) // STEP * STEP]))
                rest = np.zeros((REST_STEPS if pieces[i + 3] else 3) * STEP)
                if parts:
                    parts.append(np.zeros(REST_STEPS * STEP))
                    at += len(parts[-1])
                held.append((at + start, at + end))
                parts += [word, rest]
                at += len(word) + len(rest)
        return np.concatenate(parts), held


def texts(all_texts, people, person):
    """(kind, text) of all that a person says."""
    said = all_texts[person["language"]]
    same = [p["name"] for p in people if p["language"] == person["language"]]
    mine = slice(same.index(person["name"]), None, len(same))
    turned = lambda name: said[name][mine]
    # Everybody has most backchannels, in an order of their own.
    offset = 3 * same.index(person["name"])
    brief = [said["backchannels"][(offset + i) % len(said["backchannels"])] for i in range(7)]
    yield from (("turn", text) for text in turned("turns"))
    yield from (("question", text) for text in turned("questions"))
    yield from (("backchannel", text) for text in brief + turned("long_backchannels"))
    yield from (("answer", text) for text in said["answers"][: 2 + same.index(person["name"]) % 2])
    yield from (("filler", text) for text in turned("fillers"))


def plain(text):
    return HELD.sub(lambda m: m[1] + m[3] + (" " if m[1].isascii() else ""), text)


def ms(samples):
    return int(round(samples * 1000 / RATE))


def check(clip):
    """What the assembler counts on."""
    length, where = clip["end_ms"] - clip["start_ms"], f"{clip['voice']}: {clip['text']}"
    shortest, longest = {"backchannel": (150, 1700), "answer": (150, 1000)}.get(clip["kind"], (1000, 9000))
    assert shortest <= length <= longest, f"{length} ms: {where}"
    assert clip["speech"][0][0] == 0 and clip["speech"][-1][1] == length, f"{clip['speech']}: {where}"
    assert all(b - a >= 120 for a, b in clip["speech"]), where
    assert all(400 <= b - a <= 1250 for a, b in clip["held"]), f"{clip['held']}: {where}"


def main():
    all_texts = tomllib.loads((HERE / "texts.toml").read_text(encoding="utf-8"))
    people = all_texts["voice"]
    speaker, clips = PoolVoices(people), []
    for person in people:
        sound, at = [], 0
        for kind, text in texts(all_texts, people, person):
            clip, held = speaker.clip(person, kind, text)
            speech = rules.runs(voices.levels(clip) >= voices.SPEECH_DB)
            clip, first = clip[speech[0][0] * 16 : speech[-1][1] * 16], speech[0][0]
            clips.append({
                "voice": person["name"], "language": person["language"], "kind": kind, "text": plain(text),
                "start_ms": at, "end_ms": at + ms(len(clip)), "speech": [(a - first, b - first) for a, b in speech],
                "held": [(ms(a) - first, ms(b) - first) for a, b in held],
            })
            print(person["name"], kind, ms(len(clip)), clips[-1]["speech"], clips[-1]["held"], plain(text))
            check(clips[-1])
            sound.append(clip)
            at += ms(len(clip))
        pcm = np.round(np.concatenate(sound) * 32768).astype(np.int16)
        path = HERE / f"{person['name']}.flac"
        soundfile.write(path, pcm, RATE, subtype="PCM_16", compression_level=1.0)
        print(f"{path.name}  {len(pcm) / RATE:.1f} s  {path.stat().st_size // 1000} KB")
    voices_list = [{"name": p["name"], "language": p["language"], "sex": p["sex"]} for p in people]
    lines = ",\n".join("  " + json.dumps(clip, ensure_ascii=False) for clip in clips)
    listed = json.dumps(voices_list, ensure_ascii=False)
    (HERE / "pool.json").write_text(f'{{"voices": {listed}, "clips": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
