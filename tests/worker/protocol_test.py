#!/usr/bin/env python3
"""The protocol as docs/worker-protocol.md has it, and what ends the worker.

    protocol_test.py SLUICE_RUN TARGETS [TEST...]
"""
import pathlib
import struct
import subprocess
import sys
import unittest

from worker import ABSENT, BYTES, U32, U64, UTF16, Worker, events, frame

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
TARGETS = pathlib.Path(sys.argv.pop(1)).resolve()
GOOD = str(TARGETS / "good.so")
GOOD_SANITIZED = str(TARGETS.with_suffix(".asan") / "good.so")

NONE = 0xFFFFFFFF
VALUES = [(U32, b"\1\2\0\0"), (BYTES, b"abc"), (UTF16, "é".encode("utf-16-le")), (U64, bytes(8)), (ABSENT, b"")]


def sum_of(first, *parts):
    return (first + sum(sum(part) for part in parts)) & 0xFFFFFFFF


class Protocol(unittest.TestCase):
    def ends_with(self, sent, error, *options, target=GOOD):
        ran = subprocess.run([PROGRAM, *options, target], input=sent, capture_output=True, timeout=60)
        self.assertEqual(ran.returncode, 2, ran.stderr)
        self.assertIn(error, ran.stderr.decode())
        self.assertEqual(ran.stderr.count(b"\n"), 1, ran.stderr)

    # --- hello

    def test_hello(self):
        for target, sanitizers in ((GOOD, False), (GOOD_SANITIZED, True)):
            with self.subTest(target), Worker(PROGRAM, target) as worker:
                version = worker.hello.pop("version")
                self.assertRegex(version, r"^\d+\.\d+\.\d+$")
                self.assertEqual(worker.hello, {
                    "hello": 1, "sanitizers": sanitizers, "target": "good",
                    "types": [{"type": 3, "name": "ipc", "inputs": ["utf16", "u32", "bytes"]},
                              {"type": 4, "name": "file", "num_inputs": 2}]})
                self.assertEqual(worker.close(), (0, ""))

    def test_no_input_at_all_is_an_end(self):
        ran = subprocess.run([PROGRAM, GOOD], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        self.assertEqual((ran.returncode, ran.stderr), (0, b""))

    def test_a_target_that_cannot_be_used(self):
        ran = subprocess.run([PROGRAM, str(TARGETS / "no-sluice-target.so")], input=b"", capture_output=True, timeout=60)
        self.assertEqual((ran.returncode, ran.stderr), (2, b""))
        self.assertIn(b'"kind":"adapter"', ran.stdout)

    # --- run

    def test_results(self):
        rows = [(3, [0, 1, 2]), (3, [3, NONE]), (4, []), (4, [4, 1])]
        for target in (GOOD, GOOD_SANITIZED):
            for poisons in (1, 2):
                with self.subTest(target=target, poisons=poisons), Worker(PROGRAM, target) as worker:
                    for _ in range(3):  # the same child
                        answer, blob = worker.run(b"\x10", events(VALUES, rows), poisons=poisons, trace=True)
                        sums = [sum_of(16, b"\1\2", b"abc", b"\xe9"), 16, 16, sum_of(16, b"abc")]
                        self.assertEqual(blob, b"".join(struct.pack("<II", n % 2, n) for n in sums))
                        self.assertEqual(answer["load"], {"status": 0, "code": 0})
                        self.assertEqual(answer["evaluated"], 4)
                        self.assertEqual(answer["reached"], [[0, 0, 0], [0, 0, 1], [0, 0, 2], [1, 0, 0], [1, 0, 1],
                                                             [3, 0, 0], [3, 0, 1]])
                        self.assertIsNone(answer["disagreement"])
                        self.assertIsNone(answer["fault"])
                        self.assertGreater(answer["stack"], 0)
                        # What was refused, and the last that it came to.
                        last = {0: 2, 1: 1, 3: 1}
                        self.assertEqual(answer.get("refused", []), [[i, 0, last[i]] for i in last if sums[i] % 2 == 1])

    def test_reached_once_a_request(self):
        rows = [(4, []), (4, [0]), (4, [0, 1]), (4, [0]), (4, [0, 1, 2])]
        for target in (GOOD, GOOD_SANITIZED):
            with Worker(PROGRAM, target) as worker:
                for _ in range(2):
                    answer, _ = worker.run(b"\x10", events(VALUES, rows), trace=True, once=True)
                    self.assertEqual(answer["reached"], [[1, 0, 0], [2, 0, 1], [4, 0, 2]])
                answer, _ = worker.run(b"\x10", events(VALUES, rows), trace=True)
                self.assertEqual(len(answer["reached"]), 7)

    def test_more_reached_than_there_is_room_for(self):
        wide = [(4, [1] * 65536)] * 17
        with Worker(PROGRAM, GOOD) as worker:
            answer, _ = worker.run(b"\x10", events(VALUES, wide), trace=True, poisons=1)
            self.assertIs(answer["reached_complete"], False)
            self.assertEqual(answer["evaluated"], 17)
            answer, _ = worker.run(b"\x10", events(VALUES, wide), trace=True, poisons=1, once=True)
            self.assertNotIn("reached_complete", answer)
            self.assertEqual(len(answer["reached"]), 65536)

    def test_refused_content(self):
        with Worker(PROGRAM, GOOD) as worker:
            answer, blob = worker.run(b"", events(VALUES, [(3, [0])]))
        self.assertEqual(answer["load"], {"status": 1, "code": 0xC000000D})
        self.assertEqual((answer["evaluated"], blob), (0, b""))

    def test_keys_that_are_not_asked_for_are_not_answered(self):
        with Worker(PROGRAM, GOOD) as worker:
            answer, _ = worker.run(b"x")  # without an event that is refused
        self.assertEqual(set(answer), {"id", "load", "evaluated", "results", "leaks", "disagreement", "stack", "log",
                                       "fault"})

    def test_many_requests_in_one_write(self):
        request = frame({"id": 5, "do": "run", "content": 1}, b"x" + events(VALUES, [(3, [1])] * 1000))
        ran = subprocess.run([PROGRAM, GOOD], input=request * 20, capture_output=True, timeout=60)
        self.assertEqual((ran.returncode, ran.stderr), (0, b""))
        self.assertEqual(ran.stdout.count(b'"evaluated":1000'), 20)

    def test_sealed_content(self):
        for folder in (TARGETS, TARGETS.with_suffix(".asan")):
            with self.subTest(folder), Worker(PROGRAM, str(folder / "writes-content.so")) as worker:
                answer, _ = worker.run(b"abc", events([], [(3, [])]))
                self.assertIsNone(answer["fault"])
                for _ in range(2):
                    answer, _ = worker.run(b"abc", events([], [(3, [])]), sealed=True)
                    # What was found out before is kept.
                    self.assertEqual((answer["load"], answer["evaluated"]), ({"status": 0, "code": 0}, 1))
                    fault = answer["fault"]
                    self.assertEqual((fault["kind"], fault["access"], fault["phase"]), ("out-of-bounds", "write", "load"))
                    self.assertEqual(fault["text"],
                                     "write of 1 byte, at byte 1 of the 3-byte content, which is not the driver's to write")
                    answer, _ = worker.run(b"abc", events([], [(3, [])]))
                    self.assertIsNone(answer["fault"])
        with Worker(PROGRAM, GOOD) as worker:
            for size in (1, 4096, 4097, 3 << 20):
                answer, _ = worker.run(bytes(size), events([], [(3, [])]), sealed=True)
                self.assertIsNone(answer["fault"])

    def test_large_content(self):
        content = bytes(range(256)) * (256 << 10)  # 64 MiB
        with Worker(PROGRAM, GOOD) as worker:
            for _ in range(2):
                answer, _ = worker.run(content, poisons=1)
                self.assertEqual(answer["load"], {"status": 0, "code": 0})

    # --- what ends the worker

    def test_frames(self):
        whole = frame({"id": 1, "do": "run", "content": 0})
        self.ends_with(whole[:4], "inside a frame's lengths")
        self.ends_with(whole[:-1], "inside a frame")
        self.ends_with(struct.pack("<II", 2, 100) + b"{}", "inside a frame")
        self.ends_with(struct.pack("<II", 0xFFFFFFFF, 0), "longer than 256 MiB")
        self.ends_with(struct.pack("<II", 2, 0xFFFFFFF8), "longer than 256 MiB")
        self.ends_with(struct.pack("<II", 128 << 20, 128 << 20), "longer than 256 MiB")

    def test_json(self):
        for text in (b"", b"[]", b"{", b'{"do": }', b"\xff", b"[" * 100000, b'{"a":' * 100000):
            self.ends_with(frame(text), "a frame's JSON is no object")
        self.ends_with(frame({"do": "dance"}), "unknown `do`")
        self.ends_with(frame({}), "unknown `do`")

    def test_keys(self):
        rows = [
            ({}, "`content` is missing"),
            ({"content": 9}, "`content` is no number from 0 to 1"),
            ({"content": -1}, "`content`"),
            ({"content": "1"}, "`content`"),
            ({"content": 1, "poisons": 3}, "`poisons`"),
            ({"content": 1, "poisons": 0}, "`poisons`"),
            ({"content": 1, "trace": 1}, "`trace` is neither true nor false"),
            ({"content": 1, "once": 1}, "`once` is neither true nor false"),
            ({"content": 1, "supplies": []}, "`supplies`"),
            ({"content": 1, "supplies": {"x": 1}}, "`supplies`"),
            ({"content": 1, "supplies": {"3": -1}}, "`supplies`"),
            ({"content": 1, "supplies": {"3": 65537}}, "`supplies`"),
            ({"content": 1, "supplies": {str(i): 1 for i in range(1025)}}, "`supplies`"),
            ({"content": 1, "id": -1}, "`id`"),
        ]
        for keys, error in rows:
            with self.subTest(keys):
                self.ends_with(frame({"do": "run", **keys}, b"x"), error)
        self.ends_with(frame({"do": "measure", "content": 1}, b"x"), "`type` is missing")
        self.ends_with(frame({"do": "measure", "content": 1, "type": 1}, b"x"), "to measure takes one")

    def test_events(self):
        good = events(VALUES, [(3, [0, 1])])
        rows = [
            (b"S", "no SLEV"),
            (b"SLEW" + good[4:], "no SLEV"),
            (b"SLEV" + struct.pack("<III", 2, 0, 0), "unknown version"),
            (b"SLEV" + struct.pack("<III", 1, 1 << 31, 0), "values"),
            (b"SLEV" + struct.pack("<III", 1, 0, 1 << 31), "events"),
            (b"SLEV" + struct.pack("<III", 1, 1, 0), "cut short in value 0"),
            (b"SLEV" + struct.pack("<IIIII", 1, 1, 0, BYTES, 0xFFFFFFFF), "cut short in value 0"),
            (b"SLEV" + struct.pack("<IIIII", 1, 1, 0, BYTES, 1) + b"x", "cut short in value 0"),
            (b"SLEV" + struct.pack("<IIIII", 1, 1, 0, 5, 0), "no size of its kind"),
            (b"SLEV" + struct.pack("<IIIII", 1, 1, 0, U32, 8) + bytes(8), "no size of its kind"),
            (b"SLEV" + struct.pack("<IIIII", 1, 1, 0, UTF16, 3) + bytes(8), "no size of its kind"),
            (b"SLEV" + struct.pack("<IIIII", 1, 1, 0, ABSENT, 1) + bytes(8), "no size of its kind"),
            (good[:-1], "cut short in event 0"),
            (b"SLEV" + struct.pack("<IIIII", 1, 0, 1, 3, 0xFFFFFFFF), "more than 65,536 inputs"),
            (b"SLEV" + struct.pack("<IIIII", 1, 0, 1, 3, 1), "cut short in event 0"),
            (b"SLEV" + struct.pack("<IIIIII", 1, 0, 1, 3, 1, 0), "not there"),
            (good + b"\0", "bytes left over"),
        ]
        for blob, error in rows:
            with self.subTest(error=error, blob=blob.hex()):
                self.ends_with(frame({"do": "run", "content": 0}, blob), error)

    def test_command_line(self):
        rows = [([], "no target"), (["a.so", "b.so"], "one target"), (["--frob", "a.so"], "unknown option --frob"),
                (["--stack", "x", "a.so"], "--stack wants a number"), (["--stack", "1", "a.so"], "--stack wants"),
                (["a.so", "--wall-ms"], "--wall-ms wants"), (["gone.so"], "gone.so: No such file")]
        for words, error in rows:
            ran = subprocess.run([PROGRAM, *words], input=b"", capture_output=True, timeout=60)
            self.assertEqual(ran.returncode, 2)
            self.assertIn(error, ran.stderr.decode())

    def test_not_a_library(self):
        with Worker(PROGRAM, __file__) as worker:
            self.assertEqual(worker.hello["fault"]["kind"], "adapter")
            self.assertEqual(worker.close(), (2, ""))


if __name__ == "__main__":
    unittest.main()
