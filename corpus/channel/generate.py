#!/usr/bin/env python3
"""Writes the corpus of schemas/channel.ksy: good files, and one for each fault.

    generate.py OUT_DIR [NAME...]    writes OUT_DIR/<name>.bin, all or those named; the same bytes every time

README.md is the list of them.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import content  # noqa: E402
import faults  # noqa: E402


GOOD = {"wildcard_only": content.wildcards, "good_mixed": content.mixed}
NAMES = [*GOOD, *faults.FAULTS]


def make(name):
    """The bytes of one file."""
    if name in GOOD:
        return GOOD[name]().to_bytes()
    channel = content.mixed()
    made = faults.FAULTS[name](channel)
    return channel.to_bytes() if made is None else made


def main(words):
    if not words or words[0] in ("-h", "--help"):
        sys.exit(__doc__)
    out, names = pathlib.Path(words[0]), words[1:] or NAMES
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        sys.exit(f"no such file in the corpus: {', '.join(unknown)}")
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        (out / f"{name}.bin").write_bytes(make(name))


if __name__ == "__main__":
    main(sys.argv[1:])
