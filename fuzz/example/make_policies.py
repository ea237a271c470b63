#!/usr/bin/env python3
"""Writes good.bin and bad.bin: policies as policy.ksy describes them.

    make_policies.py FOLDER

In bad.bin the logic of the second rule names test 3; the rule has tests 0 to 2.
"""
import pathlib
import struct
import sys

OPEN, CONNECT = 1, 2
DENY, AUDIT = 1, 2
EQUALS, PREFIX, SUFFIX, NUMBER, AT_LEAST, ANY_BIT = range(1, 7)
O_WRONLY, O_RDWR = 1, 2


class Strings:
    def __init__(self):
        self.data = b""

    def test(self, field, op, operand):
        if isinstance(operand, int):
            return struct.pack(">BBHI", field, op, 0, operand)
        self.data += operand
        return struct.pack(">BBHI", field, op, len(operand), len(self.data) - len(operand))


def node(tag, value):
    return bytes([tag, len(value)]) + value


def all_of(*nodes):
    return node(1, b"".join(nodes))


def any_of(*nodes):
    return node(2, b"".join(nodes))


def none_of(*nodes):
    return node(3, b"".join(nodes))


def test(number):
    return node(4, bytes([number]))


def rule(identifier, hook, action, tests, logic):
    return struct.pack(">HBBBxH", identifier, hook, action, len(tests), len(logic)) + b"".join(tests) + logic


def policy(last):
    """`last`: the test that the second rule looks at last."""
    strings = Strings()
    rules = [
        # Only root writes below /etc.
        rule(101, OPEN, DENY,
             [strings.test(0, PREFIX, b"/etc/"), strings.test(1, ANY_BIT, O_WRONLY | O_RDWR),
              strings.test(2, NUMBER, 0)],
             all_of(test(0), test(1), none_of(test(2)))),
        # Mail, and names of the inside from a user account, are to be heard of.
        rule(102, CONNECT, AUDIT,
             [strings.test(1, NUMBER, 25), strings.test(0, SUFFIX, b".corp.example"), strings.test(2, AT_LEAST, 1000)],
             any_of(test(0), all_of(test(1), test(2)), none_of(test(last)))),
    ]
    header = struct.pack(">4sHHII", b"GPOL", 1, len(rules), len(strings.data), 0)
    return header + strings.data + b"".join(rules)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "good.bin").write_bytes(policy(last=2))
    (folder / "bad.bin").write_bytes(policy(last=3))


if __name__ == "__main__":
    main()
