#!/usr/bin/env python3
"""What the worker tells of a driver for AArch64, which it emulates (tests/image/drivers/emulated.c).

    emulated_test.py SLUICE_RUN ADAPTER DRIVER [TEST...]
"""
import pathlib
import sys
import unittest

from worker import Worker

PROGRAM, ADAPTER, DRIVER = (str(pathlib.Path(sys.argv.pop(1)).resolve()) for _ in range(3))
STACK = "needed more than the 24576 bytes of the kernel's stack"


class Emulated(unittest.TestCase):
    def run_one(self, content, *options, poisons=1):
        with Worker(PROGRAM, ADAPTER, "--image", DRIVER, *options) as worker:
            return worker.run(content, poisons=poisons)[0]

    def code(self, content):
        answer = self.run_one(content)
        self.assertIsNone(answer["fault"])
        return answer["load"]["code"]

    def fault(self, content, kind, text, symbol, poisons=1):
        """The fault, which is of an instruction of `symbol`."""
        fault = self.run_one(content, poisons=poisons)["fault"]
        self.assertIsNotNone(fault)
        self.assertEqual((fault["kind"], fault["text"]), (kind, text))
        self.assertEqual((fault["frames"][0]["module"], fault["frames"][0]["symbol"]), ("emulated.sys", symbol))
        return fault

    def called_by(self, fault, symbol):
        self.assertIn(symbol, [frame["symbol"] for frame in fault["frames"][1:]])

    def test_results(self):
        self.assertEqual(self.code(b"Recurse n"), 0)
        self.assertEqual(self.code(b"ReadVariables n"), 4205)
        self.assertEqual(self.code(b"Spin r"), (2**20 * (2**20 - 1) // 2) % 2**32)

    def test_a_hook_changes_arguments(self):
        self.assertEqual(self.code(b"Spin h"), 45)

    def test_behind_the_content(self):
        fault = self.fault(b"Read8 c", "out-of-bounds", "read of 8 bytes, 0 bytes past the end of the 7-byte content",
                           "Read8")
        self.assertEqual(fault["instruction"]["text"], "ldr x0, [x0]")
        self.assertEqual(fault["instruction"]["operand"], "x0, x0 = " + fault["address"])

    def test_beside_an_allocation(self):
        allocation = "a 96-byte allocation tagged 'Emul'"
        self.fault(b"Read8 e", "out-of-bounds", "read of 8 bytes, 0 bytes past the end of " + allocation, "Read8")
        self.fault(b"Write1 e", "out-of-bounds", "write of 1 byte, 0 bytes past the end of " + allocation, "Write1")
        # Both sides are tried, one in each run.
        self.fault(b"Read8 b", "out-of-bounds", "read of 8 bytes, 8 bytes before the begin of " + allocation, "Read8",
                   poisons=2)

    def test_after_it_was_freed(self):
        self.fault(b"Read8 f", "use-after-free",
                   "read of 8 bytes, at byte 0 of a 96-byte allocation tagged 'Emul', after it was freed", "Read8")

    def test_null(self):
        self.fault(b"Write1 n", "null", "write of 1 byte through a null pointer", "Write1")
        self.fault(b"Read8 d", "null", "read of 8 bytes through a null pointer, 1 byte before it", "Read8")
        fault = self.run_one(b"Jump n")["fault"]
        self.assertEqual((fault["kind"], fault["text"]), ("null", "jump through a null pointer"))
        self.called_by(fault, "Jump")

    def test_constants_and_code(self):
        self.fault(b"WriteConstant n", "wild", "write of 8 bytes at an address that is nobody's", "WriteConstant")
        self.fault(b"WriteCode n", "wild", "write of 4 bytes at an address that is nobody's", "WriteCode")

    def test_imports_without_a_stand_in(self):
        fault = self.run_one(b"CallMissing n")["fault"]
        self.assertEqual((fault["kind"], fault["text"]),
                         ("import", "called TestMissing, for which there is no stand-in"))
        self.called_by(fault, "CallMissing")

    def test_traps(self):
        fault = self.fault(b"Break n", "bugcheck", "came to a breakpoint (brk #0xf000)", "Break")
        self.assertEqual(fault["instruction"]["text"], "brk #0xf000")
        self.fault(b"Trap n", "undefined", "came to an instruction that traps (brk #0x1)", "Trap")

    def test_the_stack_of_the_kernel(self):
        fault = self.fault(b"Recurse r", "stack-exhausted", STACK, "Recurse")
        self.assertEqual({frame["symbol"] for frame in fault["frames"]}, {"Recurse"})
        self.assertEqual(len(fault["frames"]), 24)
        self.assertEqual(self.run_one(b"LargeFrame n")["fault"]["text"], STACK)

    def test_calls_from_within_a_call(self):
        self.assertEqual(self.code(b"CallBack n"), 1)
        # A pointer to code of another processor is no function here.
        fault = self.run_one(b"WeighThere n")["fault"]
        self.assertEqual(fault["access"], "execute")
        self.called_by(fault, "WeighThere")

    def test_a_loop_without_end(self):
        fault = self.run_one(b"Spin d", "--cpu-ms", "300", "--wall-ms", "30000")["fault"]
        self.assertEqual((fault["kind"], fault["text"]), ("timeout", "used more than 300 ms of the processor"))


if __name__ == "__main__":
    unittest.main()
