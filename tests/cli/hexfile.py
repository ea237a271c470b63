"""Bytes as a person writes them down.

    53 4c 43 48          # pairs of hexadecimal digits; a comment runs to the end of its line
    "SLCH" 00            # ASCII text
    01 * 1000000         # the byte or text before, so many times
    zlib { 00 * 1000 }   # what is inside, compressed
"""
import re
import zlib

TOKEN = re.compile(r'\s+|#[^\n]*|"(?P<text>[ !#-~]*)"|\*\s*(?P<times>\d+)|(?P<zlib>zlib\s*\{)|(?P<end>\})|(?P<hex>[0-9a-fA-F]{2})(?![0-9a-zA-Z])')


def compressed(pieces):
    """A little at a time, so that a bomb costs no memory here."""
    stream = zlib.compressobj(9)
    out = []
    for unit, times in pieces:
        at_once = max(1, 65536 // len(unit))
        out += [stream.compress(unit * min(at_once, times - done)) for done in range(0, times, at_once)]
    return b"".join(out) + stream.flush()


def parse(text):
    """The bytes that `text` writes down. Raises ValueError with the line of what cannot be read."""
    groups = [[]]  # for each open brace its pieces: bytes, and how many times
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            line = text.count("\n", 0, position) + 1
            raise ValueError(f"line {line}: cannot read {text[position:position + 20]!r}")
        position = match.end()
        if match["hex"]:
            groups[-1].append((bytes.fromhex(match["hex"]), 1))
        elif match["text"]:
            groups[-1].append((match["text"].encode(), 1))
        elif match["times"]:
            groups[-1][-1] = (groups[-1][-1][0], int(match["times"]))
        elif match["zlib"]:
            groups.append([])
        elif match["end"]:
            packed = compressed(groups.pop())
            groups[-1].append((packed, 1))
    if len(groups) != 1:
        raise ValueError("a brace is not closed")
    return b"".join(unit * times for unit, times in groups[0])
