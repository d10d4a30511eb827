"""Holds a vowel of a clip: pitch-synchronous overlap-add, with the small unsteadiness of a voice."""

import numpy as np

RATE = 16_000
STEP = RATE // 100
FRAME = 4 * STEP
HIGHEST_HZ, LOWEST_HZ = 420, 70
CORE_STEPS = (6, 5, 4, 3)
"""A vowel is found by its steadiest 60 ms; a short one by less."""

PITCH_JITTER, PITCH_WANDER = 0.004, 0.010
LOUDNESS_JITTER = 0.06
"""What people's held vowels have from one period to the next and over some hundred milliseconds: without it the result
would be periodic to the sample, as no voice is."""


def hold(clip, length_ms, rng):
    """The clip with its steadiest vowel held to `length_ms`, and from where to where that vowel lasts, in samples."""
    start, end = vowel(clip)
    more = length_ms * RATE // 1000 - (end - start)
    assert more > 0, f"the vowel has {end - start} samples already"
    middle = (start + end) // 2
    period = period_at(clip, middle)
    epochs = marks(clip, start, end, period)
    at, out = place(epochs, more + (epochs[-1] - epochs[0]), rng)
    # Where the held part begins and ends, the clip's own periods go on.
    held = np.zeros(out[-1] + 2 * period + 1)
    weight = np.zeros_like(held)
    for source, to in zip(at, out):
        reach = period
        window = np.hanning(2 * reach + 1)
        gain = 1 + LOUDNESS_JITTER * rng.standard_normal()
        piece = clip[source - reach : source + reach + 1]
        lo = max(0, reach - to)
        held[to - reach + lo : to + reach + 1] += (window * gain * piece)[lo:]
        weight[to - reach + lo : to + reach + 1] += window[lo:]
    held = held[: out[-1]] / np.maximum(weight[: out[-1]], 0.3)
    before, after = clip[: epochs[0]], clip[epochs[-1] :]
    fade = period // 2
    ramp = np.linspace(0, 1, fade)
    held[:fade] = held[:fade] * ramp + clip[epochs[0] : epochs[0] + fade] * (1 - ramp)
    held[-fade:] = held[-fade:] * (1 - ramp) + clip[epochs[-1] - fade : epochs[-1]] * ramp
    grown = len(held) - (epochs[-1] - epochs[0])
    return np.concatenate([before, held, after]), (start, end + grown)


def vowel(clip):
    """The stretch around the steadiest loud voiced 60 ms that sounds the same, in samples."""
    n = len(clip) // STEP
    padded = np.pad(clip, FRAME)
    frames = np.array([padded[i * STEP + FRAME - FRAME // 2 + STEP // 2 :][:FRAME] for i in range(n)])
    power = 10 * np.log10((frames**2).mean(axis=1) + 1e-12)
    bands = spectra(frames)
    same = (bands[:-1] * bands[1:]).sum(axis=1)
    voiced = np.array([voicing(frame) for frame in frames])
    good = (power > power.max() - 9) & (voiced > 0.6)
    cores = [
        (same[i : i + length - 1].min(), -i, length)
        for length in CORE_STEPS for i in range(n - length) if good[i : i + length].all()
    ]
    assert cores, "no steady vowel"
    longest = max(length for _, _, length in cores)
    core, length = -max(one for one in cores if one[2] == longest)[1], longest
    sound = bands[core : core + length].mean(axis=0)
    sound /= np.linalg.norm(sound)
    alike = (bands @ sound > 0.93) & (power > power.max() - 12) & (voiced > 0.5)
    first, last = core, core + length
    while first > 0 and alike[first - 1]:
        first -= 1
    while last < n and alike[last]:
        last += 1
    return first * STEP, last * STEP


def spectra(frames):
    """Unit vectors of the energy in 24 bands of 150 Hz, compressed as the ear does."""
    power = np.abs(np.fft.rfft(frames * np.hanning(FRAME), axis=1)) ** 2
    width = FRAME * 150 // RATE
    bands = power[:, 1 : 1 + 24 * width].reshape(len(frames), 24, width).sum(axis=2) ** 0.15
    bands -= bands.min(axis=1, keepdims=True)
    return bands / (np.linalg.norm(bands, axis=1, keepdims=True) + 1e-12)


def voicing(frame):
    return correlations(frame).max()


def correlations(frame):
    """Normalised correlation of a frame with itself for each lag from the highest voice to the lowest."""
    lags = range(RATE // HIGHEST_HZ, RATE // LOWEST_HZ)
    return np.array([
        (frame[lag:] * frame[:-lag]).sum()
        / np.sqrt((frame[lag:] ** 2).sum() * (frame[:-lag] ** 2).sum() + 1e-12)
        for lag in lags
    ])


def period_at(clip, middle):
    found = correlations(clip[max(0, middle - FRAME) : middle + FRAME])
    # The shortest lag that is nearly as good as the best: not a multiple of the period.
    return RATE // HIGHEST_HZ + int(np.argmax(found > 0.93 * found.max()))


def refine(clip, at, guess):
    """The lag near a guess at which the clip repeats itself best from `at` on."""
    here = clip[at - guess : at + guess]
    lags = range(int(guess * 0.88), int(guess * 1.12) + 2)
    scores = [np.corrcoef(here, clip[at - guess + lag : at + guess + lag])[0, 1] for lag in lags]
    return lags[int(np.argmax(scores))]


def marks(clip, start, end, period):
    """One mark a period inside the vowel."""
    start, end = max(start, 2 * period), min(end, len(clip) - 3 * period)
    out = [start + int(np.argmax(clip[start : start + period]))]
    while out[-1] + 2 * period < end:
        out.append(out[-1] + refine(clip, out[-1], period))
    assert len(out) >= 4, "too few periods"
    return out


def place(epochs, length, rng):
    """Which mark to take and where to put it, forth and back through the vowel until the length is filled.

    The pitch is the vowel's own in the middle: following it forth and back would be a siren.
    """
    order = list(range(len(epochs))) + list(range(len(epochs) - 2, 0, -1))
    period = np.median(np.diff(epochs))
    at, out, wander, i = [epochs[0]], [0], 0.0, 0
    while out[-1] < length:
        wander = 0.95 * wander + PITCH_WANDER * np.sqrt(1 - 0.95**2) * rng.standard_normal()
        i += 1
        mark = order[i % len(order)]
        step = period * (1 + wander + PITCH_JITTER * rng.standard_normal())
        at.append(epochs[mark])
        out.append(out[-1] + int(round(step)))
    at[-1] = epochs[-1]
    return at, out
