#!/usr/bin/env python3
"""What the worker tells of a Linux module that was compiled for a kernel (tests/image/modules/sample.c).

    module_test.py SLUICE_RUN ADAPTER MODULE [TEST...]
"""
import pathlib
import sys
import tempfile
import unittest

from worker import Worker

PROGRAM, ADAPTER, MODULE = (str(pathlib.Path(sys.argv.pop(1)).resolve()) for _ in range(3))


class Module(unittest.TestCase):
    def run_one(self, content, poisons=1):
        with Worker(PROGRAM, ADAPTER, "--image", MODULE) as worker:
            return worker.run(content, poisons=poisons)[0]

    def code(self, content):
        answer = self.run_one(content)
        self.assertIsNone(answer["fault"])
        return answer["load"]["code"]

    def test_code_and_data(self):
        self.assertEqual(self.code(b"l"), 27)

    def test_imports_that_the_adapter_has(self):
        self.assertEqual(self.code(b"i"), 1000 + ord("h"))

    def test_variables_of_the_processor(self):
        self.assertEqual(self.code(b"c"), 42 + 43)

    def test_a_bug_is_told_with_its_place(self):
        fault = self.run_one(b"b")["fault"]
        self.assertEqual((fault["kind"], fault["text"]), ("bugcheck", "BUG at drivers/sample/sample.c:1234"))
        self.assertEqual((fault["frames"][0]["module"], fault["frames"][0]["symbol"]), ("sample.ko", "sample_bug_at"))

    def test_a_warning_is_logged_and_passed(self):
        answer = self.run_one(b"w")
        self.assertEqual((answer["fault"], answer["load"]["code"]), (None, 7))
        self.assertEqual(answer["log"], ["WARNING at drivers/sample/sample.c:777"])

    def test_a_fault_that_is_expected_is_none(self):
        self.assertEqual(self.code(b"t"), 2**32 - 1)

    def test_a_symbol_that_is_not_there(self):
        fault = self.run_one(b"n")["fault"]
        self.assertEqual(fault["kind"], "adapter")
        self.assertIn("square_of_nothing", fault["text"])

    def test_counting_blocks_changes_nothing(self):
        blocks = {}
        for content in (b"l", b"i", b"c", b"b", b"w", b"t", b"n"):
            with Worker(PROGRAM, ADAPTER, "--image", MODULE, "--coverage") as worker:
                counted, _ = worker.run(content)
                blocks[content] = counted.pop("blocks_hit")
                self.assertEqual(counted, self.run_one(content, poisons=2))
                answer, _ = worker.ask({"id": 1, "do": "blocks"})
                self.assertEqual(answer["hit"], len(blocks[content]))
                self.assertLessEqual(answer["hit"], answer["reachable"])
                self.assertLess(answer["reachable"], worker.hello["blocks"])
        self.assertEqual(blocks.pop(b"n"), [])
        self.assertTrue(all(blocks.values()))
        self.assertNotEqual(blocks[b"b"], blocks[b"w"])

    def test_a_module_that_is_cut_short(self):
        with tempfile.TemporaryDirectory() as folder:
            cut = pathlib.Path(folder) / "cut.ko"
            cut.write_bytes(pathlib.Path(MODULE).read_bytes()[:3000])
            with Worker(PROGRAM, ADAPTER, "--image", str(cut)) as worker:
                self.assertIn("the image cut.ko is truncated: ", worker.hello["fault"]["text"])


if __name__ == "__main__":
    unittest.main()
