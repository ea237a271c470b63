#!/usr/bin/env python3
"""Makes the sources of the zoo's variants: the reference sensor's, with what zoo.toml says in their place.

    plant.py list            a line for each variant: name build plain|sanitized file...
    plant.py NAME OUT_DIR    writes the files of one variant that differ

A text that is not there exactly once is an error: the sensor has changed, and the variant would be none.
"""
import pathlib
import sys
import tomllib

ZOO = pathlib.Path(__file__).resolve().parent
REFERENCE = ZOO.parent / "reference"


def variants():
    return tomllib.loads((ZOO / "zoo.toml").read_text())["variant"]


def files_of(variant):
    return sorted({edit["file"] for edit in variant.get("edit", [])} | variant.get("source", {}).keys())


def sources_of(variant):
    """name -> text of each file that differs."""
    texts = {file: (ZOO / other).read_text() for file, other in variant.get("source", {}).items()}
    for edit in variant.get("edit", []):
        file, old = edit["file"], edit["old"]
        text = texts.setdefault(file, (REFERENCE / file).read_text())
        if text.count(old) != 1:
            raise SystemExit(f"{variant['name']}: {file} has this {text.count(old)} times:\n{old}")
        texts[file] = text.replace(old, edit["new"])
    return texts


def main(words):
    if words == ["list"]:
        for v in variants():
            print(v["name"], v.get("build", 712), "plain" if v.get("plain") else "sanitized", *files_of(v))
        return
    if len(words) != 2:
        raise SystemExit(__doc__)
    name, out = words[0], pathlib.Path(words[1])
    out.mkdir(parents=True, exist_ok=True)
    for file, text in sources_of(next(v for v in variants() if v["name"] == name)).items():
        (out / file).write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])
