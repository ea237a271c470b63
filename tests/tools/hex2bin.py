#!/usr/bin/env python3
"""Makes binary files of readable ones (tests/cli/hexfile.py says how they are written).

    hex2bin.py FILE.hex|FOLDER... OUT      writes OUT/<name>.bin for each
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
import hexfile  # noqa: E402


def sources(path):
    return sorted(path.glob("*.hex")) if path.is_dir() else [path]


def main(words):
    if len(words) < 2 or words[0] in ("-h", "--help"):
        sys.exit(__doc__)
    *given, out = map(pathlib.Path, words)
    out.mkdir(parents=True, exist_ok=True)
    for path in given:
        for source in sources(path):
            try:
                data = hexfile.parse(source.read_text())
            except (OSError, ValueError) as problem:
                sys.exit(f"{source}: {problem}")
            (out / source.stem).with_suffix(".bin").write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1:])
