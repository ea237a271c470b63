#!/usr/bin/env python3
"""Makes the sources of the zoo's variants: the reference sensor's, with what zoo.toml or images.toml says in their place.

    plant.py list              a line for each replica of zoo.toml: name build plain|sanitized file...
    plant.py images            a line for each image of images.toml: name file...
    plant.py driver OUT_FILE   writes the driver document of the images, and of their clean twin
    plant.py NAME OUT_DIR      writes the files of one variant that differ; image:NAME for one of images.toml

A text that is not there exactly once is an error: the sensor has changed, and the variant would be none.
"""
import pathlib
import sys
import tomllib

ZOO = pathlib.Path(__file__).resolve().parent
REFERENCE = ZOO.parent / "reference"
TWIN = "twin"


def variants():
    return tomllib.loads((ZOO / "zoo.toml").read_text())["variant"]


def images():
    return tomllib.loads((ZOO / "images.toml").read_text())["variant"]


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


def driver():
    """Each variant is a build. What they claim is what 7.12 does."""
    lines = ["driver: zoo", "schema: ../sensor/channel.ksy", "rules: ../sensor/channel.rules.yaml",
             "adapter: ../sensor/image/adapter.so", "builds:"]
    for name, supplies in [(TWIN, 21), *((v["name"], v.get("supplies", 21)) for v in images())]:
        image = "../sensor/image/x86_64/7.12.sys" if name == TWIN else f"image/{name}.sys"
        lines += [f"  - name: {name}", "    support: fielded", f"    image: {image}",
                  "    defines: {1: 12, 2: 8, 3: 21}", f"    supplies: {{1: 12, 2: 8, 3: {supplies}}}",
                  "    caps: {max_instances: 512, max_criteria: 4096, max_depth: 8}"]
    return "\n".join(lines) + "\n"


def main(words):
    if words == ["list"]:
        for v in variants():
            print(v["name"], v.get("build", 712), "plain" if v.get("plain") else "sanitized", *files_of(v))
        return
    if words == ["images"]:
        for v in images():
            print(v["name"], *files_of(v))
        return
    if len(words) != 2:
        raise SystemExit(__doc__)
    name, out = words[0], pathlib.Path(words[1])
    if name == "driver":
        out.write_text(driver())
        return
    kind, _, name = name.rpartition(":")
    out.mkdir(parents=True, exist_ok=True)
    for file, text in sources_of(next(v for v in (images() if kind else variants()) if v["name"] == name)).items():
        (out / file).write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])
