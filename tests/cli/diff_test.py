#!/usr/bin/env python3
"""What `sluice diff` promises of its arguments, of directories of older files, and of its exit codes.

    diff_test.py SLUICE [TEST...]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SLUICE = str(pathlib.Path(sys.argv.pop(1)).resolve())
PASS, FAIL, NO_VERDICT = 0, 1, 2

SCHEMA = """\
meta: {id: modes, endian: le}
seq:
  - {id: magic, contents: MO}
  - {id: version, type: u1, valid: {min: 1}}
  - {id: modes, type: u1, enum: mode, repeat: eos}
enums:
  mode: {0: off, 1: on, 2: slow}
"""
RULES = "format: modes\nrules:\n  - {id: few, each: modes, limit: {count: build.caps.most}}\n"
DRIVER = """\
driver: reference
builds:
  - {name: "v1", support: fielded, defines: {1: 1}, supplies: {1: 1}, caps: {most: 4}}
"""


class Diff(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.write("modes.ksy", SCHEMA.encode())
        self.write("modes.rules.yaml", RULES.encode())
        self.write("modes.driver.yaml", DRIVER.encode())
        self.write("released/1", b"MO\1\0")
        self.write("released/2", b"MO\2\1")
        self.write("new", b"MO\3\2")
        self.write("quiet", b"MO\3\0\1")
        self.write("torn", b"MO")

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def diff(self, *words):
        return subprocess.run([SLUICE, "diff", *words], cwd=self.folder, capture_output=True, timeout=60,
                              stdin=subprocess.DEVNULL, text=True)

    def json(self, *words):
        return json.loads(self.diff("-s", "modes.ksy", "--format", "json", *words).stdout)

    def test_exit_codes(self):
        (self.folder / "nothing").mkdir()
        rows = [
            (PASS, "released new -s modes.ksy"),
            (PASS, "released/1 new -s modes.ksy"),
            (FAIL, "released new -s modes.ksy --fail-on warning"),
            (FAIL, "released new -s modes.ksy --fail-on note --format json"),
            (PASS, "released new -s modes.ksy --fail-on warning --exit-zero"),
            (PASS, "released quiet -s modes.ksy --fail-on warning"),
            (PASS, "new new -s modes.ksy --fail-on warning"),
            (PASS, "released new -s modes.ksy -r modes.rules.yaml"),
            (PASS, "released new -s modes.ksy -r modes.rules.yaml -d modes.driver.yaml"),
            (PASS, "--help"),
            (NO_VERDICT, ""),
            (NO_VERDICT, "released"),
            (NO_VERDICT, "released new"),
            (NO_VERDICT, "released new quiet -s modes.ksy"),
            (NO_VERDICT, "released released -s modes.ksy"),
            (NO_VERDICT, "new released -s modes.ksy"),
            (NO_VERDICT, "gone new -s modes.ksy"),
            (NO_VERDICT, "released gone -s modes.ksy"),
            (NO_VERDICT, "nothing new -s modes.ksy"),
            (NO_VERDICT, "a" * 5000 + " new -s modes.ksy"),
            (NO_VERDICT, "released " + "a" * 5000 + " -s modes.ksy"),
            (NO_VERDICT, "modes.ksy/a new -s modes.ksy"),
            (NO_VERDICT, "torn new -s modes.ksy"),
            (NO_VERDICT, "released torn -s modes.ksy --exit-zero"),
            (NO_VERDICT, "released torn -s modes.ksy --format json"),
            (NO_VERDICT, "torn torn -s modes.ksy"),
            (NO_VERDICT, "modes.ksy new -s modes.ksy"),
            (NO_VERDICT, "released new -s gone.ksy"),
            (NO_VERDICT, "released new -s modes.rules.yaml"),
            (NO_VERDICT, "released new -s modes.ksy -r modes.ksy"),
            (NO_VERDICT, "released new -s modes.ksy -r modes.rules.yaml -d modes.ksy"),
            (NO_VERDICT, "released new -s modes.ksy -d modes.driver.yaml"),
            (NO_VERDICT, "released new -s modes.ksy --format sarif"),
            (NO_VERDICT, "released new -s modes.ksy --fail-on never"),
            (NO_VERDICT, "released quiet -s modes.ksy --limit-elements 1"),
            (NO_VERDICT, "released new -s modes.ksy --limit-steps 3"),
            (NO_VERDICT, "released new -s modes.ksy --limit-memory 100"),
            (NO_VERDICT, "released new -s modes.ksy --output /nowhere/report"),
        ]
        for expected, line in rows:
            with self.subTest(line):
                done = self.diff(*line.split())
                self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
                self.assertTrue(done.stdout or done.stderr)

    def test_first_use_is_judged_against_all_older_files(self):
        against = {old: [f["parameters"]["value"] for f in self.json(old, "quiet")["findings"]]
                   for old in ("released/1", "released/2", "released")}
        self.assertEqual(against, {"released/1": ["on"], "released/2": ["off"], "released": []})

    def test_changes_are_those_to_the_last_by_name(self):
        self.write("released/10", b"MO\7\0")
        report = self.json("released", "new")
        self.assertEqual([(old["file"], old["compared"]) for old in report["old"]],
                         [("released/1", False), ("released/10", False), ("released/2", True)])
        self.assertEqual(report["changes"][0]["old"]["value"], "2")

    def test_files_of_another_format_are_left_out_and_told(self):
        self.write("released/README", b"what was released when")
        self.write("released/zz", b"ZZ\1\0")
        report = self.json("released", "new")
        self.assertEqual([old["file"] for old in report["old"]], ["released/1", "released/2"])
        done = self.diff("released", "new", "-s", "modes.ksy")
        self.assertIn("released/zz: of another format, left out", done.stderr)
        self.assertEqual(done.returncode, PASS)
        for name in ("1", "2"):
            (self.folder / "released" / name).unlink()
        done = self.diff("released", "new", "-s", "modes.ksy")
        self.assertIn("no older file of this format", done.stdout)
        self.assertEqual(done.returncode, NO_VERDICT)

    def test_a_broken_older_file_is_no_verdict(self):
        for name, data in (("cut", b"MO"), ("empty", b""), ("wrong", b"MO\0")):
            with self.subTest(name):
                self.write("released/" + name, data)
                done = self.diff("released", "new", "-s", "modes.ksy")
                self.assertIn("released/" + name, done.stdout)
                self.assertEqual(done.returncode, NO_VERDICT)
                os.remove(self.folder / "released" / name)

    def test_the_new_file_is_no_older_file(self):
        os.link(self.folder / "new", self.folder / "released/3")
        done = self.diff("released", "new", "-s", "modes.ksy", "--fail-on", "warning")
        self.assertIn("released/3: is NEW itself", done.stderr)
        self.assertEqual(done.returncode, FAIL)

    def test_a_copy_that_was_released_has_nothing_new(self):
        self.write("released/3", b"MO\3\2")
        report = self.json("released", "new")
        self.assertTrue(report["identical"])
        self.assertEqual((report["changes"], report["findings"], report["verdict"]), ([], [], "PASS"))

    def test_the_report_is_json_whatever_fails(self):
        for words in (("released", "torn"), ("torn", "new"), ("gone", "new"), ("released", "gone")):
            with self.subTest(words):
                report = self.json(*words)
                self.assertEqual(report["verdict"], "NO_VERDICT")
                self.assertEqual(len(report["findings"]), 1)
                self.assertNotIn("changes", report)

    def test_names_that_hold_any_bytes(self):
        name = b"\x1b[31m\xff"
        with open(os.fsencode(self.folder) + b"/" + name, "wb") as file:
            file.write(b"MO\3\2")
        done = subprocess.run([SLUICE, "diff", "new", name, "-s", "modes.ksy"], cwd=self.folder, capture_output=True)
        self.assertEqual(done.returncode, PASS)
        self.assertNotIn(b"\x1b", done.stdout)

    def test_output_is_there_in_full_or_not_at_all(self):
        done = self.diff("released", "new", "-s", "modes.ksy", "-o", "report")
        self.assertEqual(done.stdout, "")
        self.assertIn("SL0321", (self.folder / "report").read_text())

    def test_the_same_question_has_the_same_answer(self):
        for format_name in ("text", "json"):
            outs = {self.diff("released", "new", "-s", "modes.ksy", "--format", format_name).stdout for _ in range(3)}
            self.assertEqual(len(outs), 1)


if __name__ == "__main__":
    unittest.main()
