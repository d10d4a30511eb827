"""What a recogniser hears in each whole track of a call, as a list of lines in JSON.

usage: whole_tracks.py whisper.cpp|faster-whisper MODEL ja|en THREADS CALL.wav

MODEL is whisper.cpp's ggml file, or faster-whisper's folder. Both have their own defaults, but for the language and the
number of threads, which are given, and for the form of faster-whisper's numbers: `int8`, as its own documentation has it
for a processor.
"""

import array
import json
import sys
import wave


def main():
    recogniser, model, language, threads, call = sys.argv[1:]
    transcribe = RECOGNISERS[recogniser](model, language, int(threads))
    lines = []
    for name, pcm in tracks(call).items():
        for start, end, text in transcribe(pcm):
            lines.append({"track": name, "start_ms": start, "end_ms": end, "text": text})
    json.dump(lines, sys.stdout, ensure_ascii=True)


def tracks(path):
    """Both tracks of a call of 16 kHz as numbers from -1 to 1."""
    import numpy

    with wave.open(path) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 16_000, 2), path
        both = array.array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        both.byteswap()
    floats = numpy.array(both, dtype=numpy.float32) / 32_768
    return {"me": floats[0::2].copy(), "them": floats[1::2].copy()}


def whisper_cpp(model, language, threads):
    from pywhispercpp.model import Model

    loaded = Model(model, redirect_whispercpp_logs_to=None, n_threads=threads, language=language, print_progress=False)
    # Its times are hundredths of a second.
    return lambda pcm: ((10 * one.t0, 10 * one.t1, one.text) for one in loaded.transcribe(pcm))


def faster_whisper(model, language, threads):
    from faster_whisper import WhisperModel

    loaded = WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)

    def transcribe(pcm):
        lines, _ = loaded.transcribe(pcm, language=language)
        return ((round(1000 * one.start), round(1000 * one.end), one.text) for one in lines)

    return transcribe


RECOGNISERS = {"whisper.cpp": whisper_cpp, "faster-whisper": faster_whisper}


if __name__ == "__main__":
    main()
