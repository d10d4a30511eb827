"""Writes the licences of all that is inside the program: every library that is linked into it, and what is bundled.

    python3 -B packaging/notices.py [TARGET] > THIRD-PARTY-NOTICES

The libraries are those that `cargo metadata` names for TARGET (a triple; the host's by default) with the features that are
on by default. Each text stands once, under the libraries that carry it. A library that carries no text and may be taken under the MIT licence
stands under that, with the authors whom its manifest names; any other without a text is an error.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# A file that holds a licence or a notice, by its name.
NOTICE = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense|patents)([-_.].*)?$", re.IGNORECASE)

# A name that only looks like it.
CODE = re.compile(r"\.(rs|c|h|cc|cpp|hpp|py|js|json|toml|sh|cmake|in|html|svg)$", re.IGNORECASE)

# The standard library comes with the compiler, not as a package.
STANDARD_LIBRARY = {
    "name": "Rust's standard library",
    "version": "",
    "license": "MIT OR Apache-2.0",
    "authors": ["The Rust Project Contributors"],
    "repository": "https://github.com/rust-lang/rust",
}

# What is bundled beside the libraries: what it is, and where its licence lies.
BUNDLED = {
    "FireRedVAD's weights (Apache-2.0)": "models/firered/LICENSE",
    "The dictionary of readings, from mecab-ipadic": "src/language/readings/LICENSE",
}


def linked_packages(target):
    """The packages whose code ends up in the program, without ours."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    found, waiting = {root}, [root]
    while waiting:
        for dependency in nodes[waiting.pop()]["deps"]:
            linked = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if linked and dependency["pkg"] not in found:
                found.add(dependency["pkg"])
                waiting.append(dependency["pkg"])
    found.remove(root)
    return sorted((packages[package] for package in found), key=lambda package: (package["name"], package["version"]))


def texts_of(package):
    """The licence texts that a package carries, those of bundled C libraries too."""
    folder = pathlib.Path(package["manifest_path"]).parent
    names = [package["license_file"]] if package.get("license_file") else []
    found = {(folder / name).resolve() for name in names}
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in {"target", "tests", "benches", "examples", "bindings", ".git"}]
        found |= {pathlib.Path(path, name).resolve() for name in files if NOTICE.match(name) and not CODE.search(name)}
    return {path.read_text(encoding="utf-8", errors="replace").strip() for path in found if path.is_file()}


def host():
    version = subprocess.run(["rustc", "-vV"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return re.search(r"^host: (.*)$", version, re.MULTILINE).group(1)


def title(package):
    return " ".join(filter(None, [package["name"], package["version"], f"({package['license'] or 'see below'})"]))


def without_text(package):
    """What is said of a package that carries no text of its licence."""
    if "MIT" not in re.split(r"[ /()]+", package["license"] or ""):
        raise SystemExit(f"{title(package)} carries no text of its licence: look at it by hand")
    authors = ", ".join(re.sub(r" *<[^>]*>", "", author) for author in package["authors"]) or "its authors"
    ours = (ROOT / "LICENSE").read_text(encoding="utf-8")
    return re.sub(r"Copyright .*", f"Copyright (c) {authors} ({package['repository']})", ours, count=1).strip()


def main():
    target = sys.argv[1] if len(sys.argv) > 1 else host()
    carriers = collections.defaultdict(list)
    for package in linked_packages(target):
        for text in texts_of(package) or {without_text(package)}:
            carriers[text].append(title(package))
    carriers[without_text(STANDARD_LIBRARY)].append(title(STANDARD_LIBRARY))
    for what, path in BUNDLED.items():
        carriers[(ROOT / path).read_text(encoding="utf-8").strip()].append(what)
    print("Keicho is under the MIT licence. Inside the program are the following works of others, under their own licences.")
    for text, names in sorted(carriers.items(), key=lambda item: item[1]):
        print("", "=" * 80, *names, "-" * 80, "", text, sep="\n")


main()
