#!/usr/bin/env python3
"""What `sluice generate` promises its user: exit codes, files, what it says of them.

    generate_program_test.py SLUICE [TEST...]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SLUICE = str(pathlib.Path(sys.argv.pop(1)).resolve())
ROOT = pathlib.Path(__file__).resolve().parents[2]
ALL, SOME, NONE = 0, 1, 2
SCHEMA = """\
meta: {id: tiny, endian: le}
seq:
  - {id: magic, contents: OK}
  - {id: tag, type: u1, enum: tag}
  - {id: num, type: u1, valid: {max: 3}}
  - {id: items, type: u2, repeat: expr, repeat-expr: num}
enums: {tag: {1: a, 2: b}}
"""


class Generate(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "tiny.ksy").write_text(SCHEMA)

    def run_sluice(self, *words):
        return subprocess.run([SLUICE, *map(str, words)], cwd=self.folder, capture_output=True, text=True, timeout=300,
                              stdin=subprocess.DEVNULL)

    def generate(self, *words):
        return self.run_sluice("generate", *words)

    def files(self, name="out"):
        return {path.name: path.read_bytes() for path in (self.folder / name).iterdir()}

    def test_what_is_made_passes_check(self):
        done = self.generate("--schema", "tiny.ksy", "--count", 6, "--out", "out")
        self.assertEqual((done.returncode, done.stderr), (ALL, ""))
        self.assertEqual(len(self.files()), 6)
        self.assertTrue(all(name.endswith(".bin") for name in self.files()))
        self.assertIn("6 files in out", done.stdout)
        self.assertEqual(self.run_sluice("check", "out", "--schema", "tiny.ksy").returncode, 0)

    def test_the_same_seed_makes_the_same_files(self):
        for name, seed in (("out", 5), ("again", 5), ("other", 6)):
            self.assertEqual(self.generate("-s", "tiny.ksy", "-n", 8, "--seed", seed, "-o", name).returncode, ALL)
        self.assertEqual(self.files(), self.files("again"))
        self.assertNotEqual(self.files(), self.files("other"))

    def test_goals_are_told_in_json(self):
        done = self.generate("--schema", "tiny.ksy", "--count", 8, "--out", "out", "--format", "json")
        said = json.loads(done.stdout)
        self.assertEqual(set(said["files"]), set(self.files()))
        self.assertEqual(said["goals"]["reached"] + len(said["goals"]["missing"]), said["goals"]["all"])
        self.assertEqual(said["goals"]["missing"], [])

    def test_fewer_than_asked_for_is_exit_code_1(self):
        (self.folder / "one.ksy").write_text("meta: {id: one}\nseq: [{id: magic, contents: OK}]\n")
        done = self.generate("--schema", "one.ksy", "--count", 3, "--out", "out")
        self.assertEqual(done.returncode, SOME)
        self.assertEqual(list(self.files().values()), [b"OK"])
        self.assertIn("no file was found that differs", done.stderr)

    def test_none_is_exit_code_2(self):
        (self.folder / "no.ksy").write_text("meta: {id: no}\nseq: [{id: a, type: u1, valid: {expr: _ > 300}}]\n")
        done = self.generate("--schema", "no.ksy", "--out", "out")
        self.assertEqual(done.returncode, NONE)
        self.assertEqual(self.files(), {})
        self.assertIn("a: _ > 300 does not hold", done.stderr)

    def test_wrong_arguments_and_documents(self):
        (self.folder / "bad.ksy").write_text("meta: {id: bad}\nseq: [{id: a, type: nothing}]\n")
        (self.folder / "file").write_text("")
        for words, why in (
                ((), "--schema is required"),
                (("-s", "tiny.ksy"), "--out or --dictionary is required"),
                (("-s", "tiny.ksy", "-o", "out", "--count", "0"), "--count"),
                (("-s", "tiny.ksy", "-o", "out", "--build", "1"), "--build needs --driver"),
                (("-s", "tiny.ksy", "-o", "out", "--driver", "d.yaml"), "--driver needs --rules"),
                (("-s", "gone.ksy", "-o", "out"), "gone.ksy"),
                (("-s", "bad.ksy", "-o", "out"), "bad.ksy:2"),
                (("-s", "tiny.ksy", "-o", "file"), "file: "),
                (("-s", "tiny.ksy", "-o", "out", "--dictionary", "no/where.dict"), "no/where.dict: "),
        ):
            with self.subTest(words):
                done = self.generate(*words)
                self.assertEqual(done.returncode, NONE, done.stderr)
                self.assertIn(why, done.stderr)
                self.assertFalse((self.folder / "out").exists())

    def test_an_output_folder_that_cannot_be_written(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        (self.folder / "out").mkdir(mode=0o500)
        done = self.generate("-s", "tiny.ksy", "-o", "out")
        self.assertEqual(done.returncode, NONE)
        self.assertIn("Permission denied", done.stderr)

    def test_nothing_is_left_but_what_is_told(self):
        self.generate("-s", "tiny.ksy", "-o", "out", "-n", 4, "--dictionary", "tiny.dict")
        names = sorted(path.name for path in self.folder.iterdir())
        self.assertEqual(names, ["out", "tiny.dict", "tiny.ksy"])
        self.assertIn('tiny_magic="OK"\n', (self.folder / "tiny.dict").read_text())

    def test_the_dictionary_has_what_images_compare_with(self):
        images = pathlib.Path(SLUICE).parent / "sensor"
        if not any(images.glob("*.sys")):
            self.skipTest("images are not built")
        driver = next(iter(images.glob("*images*.yaml")), None)
        if driver is None:
            self.skipTest("there is no driver document beside them")
        words = ("-s", ROOT / "schemas/channel.ksy", "-r", ROOT / "schemas/channel.rules.yaml")
        self.assertEqual(self.generate(*words, "--dictionary", "a.dict").returncode, ALL)
        done = self.generate(*words, "--driver", driver, "--dictionary", "b.dict")
        self.assertEqual(done.returncode, ALL, done.stderr)
        a, b = ((self.folder / name).read_text() for name in ("a.dict", "b.dict"))
        self.assertTrue(b.startswith(a) and len(b) > len(a))

    def test_help(self):
        done = self.generate("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("--dictionary", done.stdout)


if __name__ == "__main__":
    unittest.main()
