#!/usr/bin/env python3
"""Writes the corpus of schemas/channel.ksy: good files, and one for each fault.

    generate.py OUT_DIR        writes OUT_DIR/<name>.bin; the same bytes every time

README.md is the list of them.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import content  # noqa: E402
import faults  # noqa: E402


def files():
    """(name, bytes) of each file."""
    yield "wildcard_only", content.wildcards().to_bytes()
    yield "good_mixed", content.mixed().to_bytes()
    for name, spoil in faults.FAULTS.items():
        channel = content.mixed()
        made = spoil(channel)
        yield name, channel.to_bytes() if made is None else made


def main(words):
    if len(words) != 1 or words[0] in ("-h", "--help"):
        sys.exit(__doc__)
    out = pathlib.Path(words[0])
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files():
        (out / f"{name}.bin").write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1:])
