#!/usr/bin/env python3
"""How many elements the integration code writes, and what happens to the one that it does not.

    measure_test.py SLUICE_RUN TARGETS [TEST...]
"""
import pathlib
import sys
import unittest

from worker import BYTES, Worker, events

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
TARGETS = pathlib.Path(sys.argv.pop(1)).resolve()
EVENT = events([(BYTES, b"hello")], [(3, [0] * 5)])
BUILDS = {"plain": TARGETS, "sanitized": TARGETS.with_suffix(".asan")}


class Measure(unittest.TestCase):
    def measure(self, name, build, kind=3, content=b"x"):
        with Worker(PROGRAM, str(BUILDS[build] / f"measured-{name}.so"), "--cpu-ms", "20000") as worker:
            first = worker.measure(kind, content, EVENT)
            self.assertEqual(worker.measure(kind, content, EVENT), first)  # from the same beginning each time
            answer, _ = worker.run(b"x")  # and what comes after is served
            self.assertIsNone(answer["fault"])
        return first

    def expect(self, name, count, certain, how, kind=3, content=b"x", builds=BUILDS):
        for build in builds:
            with self.subTest(name, build=build):
                told = self.measure(name, build, kind, content)
                self.assertEqual((told["count"], told["certain"]), (count, certain), told)
                self.assertIn(how, told["how"])
                self.assertEqual((told["id"], told["type"]), (1, kind))

    def test_one_less_than_there_is_room_for(self):
        self.expect("twenty-of-21", 20, True, "element 20 was never written under two poisons")

    def test_what_follows_was_pushed(self):
        self.expect("exactly-filled", 12, True, "element 12 is a return address or a saved register", builds=["plain"])
        self.expect("exactly-filled", 12, True, "the array has room for no more", builds=["sanitized"])

    def test_what_an_earlier_call_left(self):
        self.expect("after-a-call", 9, True, "element 9 is what an earlier call left behind", builds=["plain"])

    def test_a_neighbour_that_was_written(self):
        self.expect("beside-a-neighbour", 10, False, "another function wrote element 8")

    def test_a_neighbour_in_the_same_structure(self):
        self.expect("before-a-pointer", 21, False, "an instruction of its own wrote element 20")

    def test_memory_of_other_kinds(self):
        self.expect("in-the-pool", 17, True, "element 17 was never written under two poisons")
        self.expect("static", 11, False, "neither on the stack nor in the pool")

    def test_cleared_first(self):
        self.expect("cleared-first", 16, True, "")

    def test_no_array(self):
        self.expect("never", None, False, "the event did not come to the array")
        self.expect("twenty-of-21", None, False, "the event did not come to the array", kind=4)
        self.expect("twenty-of-21", None, False, "the content was refused", content=b"")

    def test_a_fault_before_the_array(self):
        for build in BUILDS:
            told = self.measure("faults-before", build)
            self.assertEqual((told["count"], told["fault"]["kind"]), (None, "null"))

    # --- the guarded copy

    def test_one_element_too_many(self):
        for build, access in (("plain", "read"), ("sanitized", "read of 8 bytes")):
            with self.subTest(build), Worker(PROGRAM, str(BUILDS[build] / "measured-twenty-of-21.so")) as worker:
                answer, _ = worker.run(b"x", EVENT, supplies={"3": 20})
                fault = answer["fault"]
                self.assertEqual(fault["text"], "read of 8 bytes, 0 bytes past the end of a 160-byte array of 20 inputs")
                self.assertEqual(fault["object"], {"what": "array", "name": "inputs", "bytes": 160, "elements": 20,
                                                   "side": "end", "distance": 0})
                self.assertEqual((fault["kind"], fault["phase"], fault["event"]), ("out-of-bounds", "evaluate", 0))
                self.assertEqual((fault["instance"], fault["criterion"]), (3, 20))

    def test_as_many_as_there_are(self):
        for build in BUILDS:
            with Worker(PROGRAM, str(BUILDS[build] / "measured-exactly-filled.so")) as worker:
                answer, _ = worker.run(b"x", EVENT, supplies={"3": 12})
                self.assertIsNone(answer["fault"])
                self.assertIsNone(answer["disagreement"])
                # A claim of more than there are: what follows the array is copied with it.
                answer, _ = worker.run(b"x", EVENT, supplies={"3": 60000})
                self.assertIsNone(answer["fault"])

    def test_without_a_claim_the_stack_tells_it(self):
        """The 21st is whatever is there: poison, which is not null, under both poisons: nothing to see but by measuring."""
        with Worker(PROGRAM, str(BUILDS["plain"] / "measured-twenty-of-21.so")) as worker:
            answer, _ = worker.run(b"x", EVENT)
            self.assertIsNone(answer["fault"])


if __name__ == "__main__":
    unittest.main()
