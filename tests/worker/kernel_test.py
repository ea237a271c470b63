#!/usr/bin/env python3
"""What the worker tells of a driver's kernel calls: leaks, failing allocations, bug checks, what was printed.

    kernel_test.py SLUICE_RUN TARGETS [TEST...]
"""
import pathlib
import sys
import unittest

from worker import Worker

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
TARGETS = pathlib.Path(sys.argv.pop(1)).resolve()
BUILDS = {"plain": TARGETS, "sanitized": TARGETS.with_suffix(".asan")}


class Kernel(unittest.TestCase):
    def on_each_build(self, test, *options):
        for build, folder in BUILDS.items():
            with self.subTest(build), Worker(PROGRAM, str(folder / "kernel-calls.so"), *options) as worker:
                test(build, worker)

    def test_nothing_wrong(self):
        def test(_, worker):
            answer, _ = worker.run(b".")
            self.assertEqual((answer["load"], answer["leaks"], answer["fault"], answer["disagreement"]),
                             ({"status": 0, "code": 0}, [], None, None))
            self.assertEqual(answer["log"], ["order ."])

        self.on_each_build(test)

    def test_leaks(self):
        def test(_, worker):
            for _ in range(100):  # more than the pool holds: each request begins with what it may have
                answer, _ = worker.run(b"l")
                leak, = answer["leaks"]
                self.assertEqual((leak["bytes"], leak["tag"]), (40, "Snsr"))
                self.assertEqual(leak["frames"][0]["module"], "kernel-calls.so")
                self.assertIsNone(answer["fault"])
            answer, _ = worker.run(b"l", leaks=False)
            self.assertEqual(answer["leaks"], [])
            answer, _ = worker.run(b".")
            self.assertEqual(answer["leaks"], [])

        self.on_each_build(test, "--pool", "4096")

    def test_allocations_that_fail(self):
        def test(_, worker):
            codes = []
            for n in range(4):
                answer, _ = worker.run(b".", fail_allocation=n)
                self.assertIsNone(answer["fault"])
                self.assertEqual(answer["leaks"], [])
                codes.append(answer["load"]["code"])
            self.assertEqual(codes, [0, 1, 2, 0])

        self.on_each_build(test)

    def test_a_bug_check(self):
        def test(_, worker):
            answer, _ = worker.run(b"b")
            fault = answer["fault"]
            self.assertEqual((fault["kind"], fault["phase"], answer["load"]), ("bugcheck", "load", None))
            self.assertIn("0x00000050", fault["text"])
            self.assertEqual(fault["frames"][0]["module"], "kernel-calls.so")
            self.assertEqual(fault["log"], ["order b"])

        self.on_each_build(test)

    def test_what_nobody_wrote(self):
        def test(_, worker):
            answer, _ = worker.run(b"u")
            self.assertEqual(answer["disagreement"], {"event": None, "what": "code", "first": "0xa5a5a5a5",
                                                      "second": "0x5a5a5a5a"})
            answer, _ = worker.run(b"u", poisons=1)
            self.assertIsNone(answer["disagreement"])

        self.on_each_build(test)

    def test_a_write_past_an_allocation(self):
        def test(build, worker):
            fault = worker.run(b"o")[0]["fault"]
            self.assertEqual(fault["kind"], "out-of-bounds")
            self.assertEqual(fault["allocated"][0]["module"], "kernel-calls.so")
            if build == "sanitized":
                self.assertEqual(fault["text"],
                                 "write of 4 bytes, 0 bytes past the end of a 40-byte allocation tagged 'Snsr'")

        self.on_each_build(test)

    def test_a_double_free(self):
        def test(_, worker):
            fault = worker.run(b"f")[0]["fault"]
            self.assertEqual((fault["kind"], fault["object"]["what"], fault["object"]["bytes"]),
                             ("double-free", "allocation", 40))
            self.assertEqual(fault["freed"][0]["module"], "kernel-calls.so")

        self.on_each_build(test)

    def test_more_than_the_pool_may_hold(self):
        def test(_, worker):
            fault = worker.run(b"m")[0]["fault"]
            self.assertEqual((fault["kind"], fault["text"]), ("memory", "asked for more memory than it may have"))

        self.on_each_build(test)


if __name__ == "__main__":
    unittest.main()
