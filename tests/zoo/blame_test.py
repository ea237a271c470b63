#!/usr/bin/env python3
"""Faults that no criterion leads to are told of the field that takes them away when it is changed.

    blame_test.py SLUICE BUILD_DIR
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "fuzz"), str(pathlib.Path(__file__).resolve().parent)]
import fuzzing  # noqa: E402

SLUICE, BUILD = fuzzing.arguments()

import images_test  # noqa: E402
import plant  # noqa: E402

VARIANTS = {variant["name"]: variant for variant in plant.images()}


class BlameTest(unittest.TestCase):
    def faults_of(self, name, folder):
        (folder / "seeds").mkdir()
        (folder / "seeds/one").write_bytes(images_test.bytes_of(VARIANTS[name]["content"]))
        words = [SLUICE, "fuzz", "--driver", BUILD / "zoo/zoo.driver.yaml", "--build", name, "--seeds", "seeds",
                 "--runs", "2", "--corpus", "corpus", "--faults", "faults", "--summary", "summary.json"]
        done = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 1, done.stderr.decode())
        return json.loads((folder / "summary.json").read_text())["faults"]

    def campaign(self, name, folder):
        [fault] = self.faults_of(name, folder)
        base = str(folder / fault["file"]).removesuffix(".bin")
        [file] = json.loads(pathlib.Path(base + ".report.json").read_text())["files"]
        [finding] = [f for f in file["findings"] if f["name"] == VARIANTS[name]["fault"]]
        return fault, finding, pathlib.Path(base + ".report.txt").read_text()

    def test_a_field_is_named_that_takes_the_fault_away(self):
        for name in ("group_recursion_unbounded", "half_a_member", "group_table_size_in_a_byte",
                     "parents_in_a_short_table", "build_name_without_a_nul"):
            with self.subTest(variant=name), tempfile.TemporaryDirectory() as folder:
                fault, finding, text = self.campaign(name, pathlib.Path(folder))
                self.assertEqual(re.sub(r"\[\d+\]", "", finding["path"]), VARIANTS[name]["field"])
                self.assertEqual(fault["field"], finding["path"])
                self.assertIn(f"with {finding['path']} = ", finding["suggest"])
                self.assertIn(finding["suggest"], text)
                self.assertGreater(finding["bytes"]["end"], finding["bytes"]["begin"])

    def test_each_variant_has_a_field(self):
        for name in VARIANTS:
            with self.subTest(variant=name), tempfile.TemporaryDirectory() as folder:
                for fault in self.faults_of(name, pathlib.Path(folder)):
                    self.assertRegex(fault["field"], r"^[a-z]", fault["identity"])

    def test_where_no_field_does_the_first_that_check_refuses_is(self):
        for name, field in (("header_not_measured", "header.len_file"), ("chain_without_end", "instances")):
            with self.subTest(variant=name), tempfile.TemporaryDirectory() as folder:
                fault, finding, _ = self.campaign(name, pathlib.Path(folder))
                self.assertEqual((fault["field"], finding["path"]), (field, field))
                self.assertNotIn("suggest", finding)


if __name__ == "__main__":
    unittest.main()
