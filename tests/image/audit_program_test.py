#!/usr/bin/env python3
"""What sluice-audit promises as a program: exit codes, streams, files.

    audit_program_test.py SLUICE_AUDIT DRIVERS
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

DRIVERS = pathlib.Path(sys.argv.pop(2)).resolve()
AUDIT = str(pathlib.Path(sys.argv.pop(1)).resolve())
AUDITED, REFUSED = 0, 2


class AuditProgram(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def audit(self, *words):
        return subprocess.run([AUDIT, *map(str, words)], cwd=self.folder, capture_output=True, timeout=120,
                              stdin=subprocess.DEVNULL)

    def refused(self, *words):
        done = self.audit(*words)
        self.assertEqual((done.returncode, done.stdout), (REFUSED, b""), done.stderr)
        self.assertRegex(done.stderr, rb"\Asluice-audit: [^\n]+\n\Z")
        return done.stderr.decode()

    def test_an_image_is_audited_with_the_names_of_its_pdb(self):
        done = self.audit(DRIVERS / "interpreter.sys")
        self.assertEqual((done.returncode, done.stderr), (AUDITED, b""))
        text = done.stdout.decode()
        self.assertIn("interpreter.pdb is beside it", text)
        self.assertIn("value_of: mov rax, qword ptr [rcx+rax*8] at +0x1244: no bounds check found", text)
        self.assertIn("  provided  DbgPrintEx  (ntoskrnl.exe)", text)

    def test_without_its_pdb_the_same_reads_are_found(self):
        (self.folder / "alone.sys").write_bytes((DRIVERS / "interpreter.sys").read_bytes())
        with_names = json.loads(self.audit(DRIVERS / "interpreter.sys", "--format", "json").stdout)
        without = json.loads(self.audit("alone.sys", "--format=json").stdout)
        self.assertIn("is not beside it", without["symbols"])

        def of(found):
            return [(read["offset"], read["guard"]["kind"]) for read in found["scaled_reads"]]

        self.assertEqual(of(with_names), of(without))

    def test_a_pdb_that_is_not_one_is_said_and_no_hindrance(self):
        (self.folder / "interpreter.sys").write_bytes((DRIVERS / "interpreter.sys").read_bytes())
        (self.folder / "interpreter.pdb").write_bytes(b"Microsoft nothing" * 100)
        done = self.audit("interpreter.sys")
        self.assertEqual(done.returncode, AUDITED)
        self.assertRegex(done.stdout, rb"\n  interpreter.pdb [a-z]")

    def test_entries_are_symbols_and_offsets(self):
        for entry in ("Nest", "nest", "+0x1160"):
            done = self.audit(DRIVERS / "interpreter.sys", "--entry", entry)
            self.assertEqual(done.returncode, AUDITED, done.stderr)
            self.assertIn(b"recursive, no bound", done.stdout)
            self.assertNotIn(b"value_of", done.stdout)
        self.assertIn("Gone is no symbol of", self.refused(DRIVERS / "interpreter.sys", "--entry", "Gone"))
        self.assertIn("is no offset", self.refused(DRIVERS / "interpreter.sys", "--entry", "+0xfffffff"))
        self.assertIn("is no code", self.refused(DRIVERS / "interpreter.sys", "--entry", "+0x2000"))

    def test_the_dictionary_is_written_and_one_that_cannot_be_is_refused(self):
        done = self.audit(DRIVERS / "interpreter.sys", "--dictionary", "x.dict")
        self.assertEqual(done.returncode, AUDITED, done.stderr)
        self.assertIn('u32_aaaaaaaa="\\xaa\\xaa\\xaa\\xaa"\n', (self.folder / "x.dict").read_text())
        self.assertIn("cannot be written", self.refused(DRIVERS / "interpreter.sys", "--dictionary", "/nowhere/x"))

    def test_what_is_no_image_is_refused_with_the_reason(self):
        image = (DRIVERS / "interpreter.sys").read_bytes()
        for name, data in {"empty": b"", "text": b"hello", "cut.sys": image[:500], "elf": b"\x7fELF"}.items():
            (self.folder / name).write_bytes(data)
            self.assertTrue(self.refused(name).startswith(f"sluice-audit: {name}: "))
        os.mkdir(self.folder / "folder")
        os.mkfifo(self.folder / "pipe")
        self.assertIn("is not a file", self.refused("folder"))
        self.assertIn("is not a file", self.refused("pipe"))
        self.assertIn("gone: cannot be read", self.refused("gone"))

    def test_usage(self):
        self.assertEqual(self.audit("--help").returncode, AUDITED)
        for words in ([], ["a", "b"], ["a", "--nonsense"], ["a", "--format", "xml"], ["a", "--entry"]):
            self.refused(*words)
        self.assertTrue(self.refused("--", "--help").startswith("sluice-audit: --help: "))

    def test_cut_and_changed_images_never_end_it(self):
        image = (DRIVERS / "interpreter.sys").read_bytes()
        for size in range(0, len(image), 97):
            (self.folder / "cut.sys").write_bytes(image[:size])
            self.assertIn(self.audit("cut.sys").returncode, (AUDITED, REFUSED), size)


if __name__ == "__main__":
    unittest.main()
