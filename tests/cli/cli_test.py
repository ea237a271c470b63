#!/usr/bin/env python3
"""What the command line promises, whatever the content: exit codes, streams, order, files.

    cli_test.py SLUICE [TEST...]
"""
import itertools
import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

SLUICE = str(pathlib.Path(sys.argv.pop(1)).resolve())
PASS, FAIL, NO_VERDICT = 0, 1, 2
FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "html", "markdown")

SCHEMA = """\
meta: {id: tiny, endian: le}
seq:
  - id: magic
    contents: OK
  - id: num_inputs
    type: u1
    valid: {max: 20}
"""
RULES = """\
format: tiny
rules:
  - id: small
    require: num_inputs < 21
    help: No driver supplies more.
"""
GOOD, BAD = b"OK\x14", b"OK\x15"


class CommandLine(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.write("tiny.ksy", SCHEMA.encode())
        self.write("good", GOOD)
        self.write("bad", BAD)
        self.write("tiny.rules.yaml", RULES.encode())
        self.write("none.yaml", b"suppressions: []\n")

    def write(self, name, data):
        path = os.fsencode(self.folder) + b"/" + os.fsencode(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)

    def run_sluice(self, *words, environment=None, **options):
        clean = {key: value for key, value in os.environ.items() if not key.endswith("COLOR")}
        return subprocess.run([SLUICE, *words], cwd=self.folder, capture_output=True, timeout=60,
                              stdin=subprocess.DEVNULL, env=clean | (environment or {}), **options)

    def check(self, *words, **options):
        return self.run_sluice("check", "--schema", "tiny.ksy", *words, **options)

    # --- exit codes

    def test_audit_becomes_its_helper_with_the_same_words(self):
        self.write("helper", b"#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 7\n")
        os.chmod(self.folder / "helper", 0o755)
        helper = {"SLUICE_AUDIT": str(self.folder / "helper")}
        words = ("--entry", "+0x10", "a b.sys", "--entry", "$(x)", "-f", "json", "--dictionary", "d e")
        done = self.run_sluice("audit", *words, environment=helper)
        self.assertEqual(done.stdout.decode().splitlines(),
                         ["--format=json", "--entry=+0x10", "--entry=$(x)", "--dictionary=d e", "--", "a b.sys"])
        self.assertEqual(done.returncode, 7)
        gone = self.run_sluice("audit", "x.sys", environment={"SLUICE_AUDIT": "/nowhere/helper"})
        self.assertEqual(gone.returncode, NO_VERDICT)
        self.assertIn(b"/nowhere/helper: No such file or directory", gone.stderr)

    def test_generate_becomes_its_helper_with_the_same_words(self):
        self.write("helper", b"#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 7\n")
        os.chmod(self.folder / "helper", 0o755)
        helper = {"SLUICE_GENERATE": str(self.folder / "helper")}
        words = ("-s", "a b.ksy", "-I", "x", "-I", "y", "-r", "r.yaml", "-d", "d.yaml", "-b", "7.12", "-n", "3", "-o", "out")
        done = self.run_sluice("generate", *words, environment=helper)
        self.assertEqual(done.stdout.decode().splitlines(),
                         ["--schema=a b.ksy", "--format=text", "--count=3", "--seed=1", "--max-size=65536", "--include=x",
                          "--include=y", "--build=7.12", "--rules=r.yaml", "--driver=d.yaml", "--out=out"])
        self.assertEqual(done.returncode, 7)

    def test_exit_codes(self):
        self.write("empty.d/nested/only", b"")
        os.remove(self.folder / "empty.d/nested/only")
        os.mkfifo(self.folder / "pipe")
        rows = [
            (PASS, "check -s tiny.ksy good"),
            (FAIL, "check -s tiny.ksy bad"),
            (FAIL, "check -s tiny.ksy good bad"),
            (NO_VERDICT, "check -s tiny.ksy good bad gone"),
            (NO_VERDICT, "check -s tiny.ksy empty.d"),
            (NO_VERDICT, "check -s tiny.ksy good empty.d"),
            (NO_VERDICT, "check -s tiny.ksy pipe"),
            (NO_VERDICT, "check -s gone.ksy good"),
            (NO_VERDICT, "check -s bad good"),
            (NO_VERDICT, "check -s . good"),
            (PASS, "check -s tiny.ksy bad --exit-zero"),
            (NO_VERDICT, "check -s tiny.ksy gone --exit-zero"),
            (NO_VERDICT, "check -s tiny.ksy"),
            (NO_VERDICT, "check good"),
            (NO_VERDICT, "check -s tiny.ksy good --limit-depth 0"),
            (NO_VERDICT, "check -s tiny.ksy good --limit-depth 4294967296"),
            (NO_VERDICT, "check -s tiny.ksy good --limit-steps 18446744073709551616"),
            (NO_VERDICT, "check good -s"),
            (NO_VERDICT, "check good -s tiny.ksy -s tiny.ksy"),
            (NO_VERDICT, "check -s tiny.ksy good -j 0"),
            (NO_VERDICT, "check -s tiny.ksy good -j 0x2"),
            (NO_VERDICT, "check -s tiny.ksy good --format yaml"),
            (NO_VERDICT, "check -s tiny.ksy good --sarif-profile github"),
            (NO_VERDICT, "check -s tiny.ksy good --nonsense"),
            (NO_VERDICT, "check -s tiny.ksy good --output /nowhere/report"),
            (NO_VERDICT, "check --driver gone.yaml"),
            (NO_VERDICT, "check --driver tiny.ksy"),
            (NO_VERDICT, "check -s tiny.ksy good --rules gone.yaml"),
            (NO_VERDICT, "check -s tiny.ksy good --rules tiny.ksy"),
            (NO_VERDICT, "check -s tiny.ksy good --build 7.11"),
            (NO_VERDICT, "check -s tiny.ksy good --suppress gone.yaml"),
            (NO_VERDICT, "check -s tiny.ksy good --today 2026-11-24"),
            (PASS, "check -s tiny.ksy good --suppress none.yaml --today 2026-11-24"),
            (NO_VERDICT, "check -s tiny.ksy good --suppress none.yaml --today yesterday"),
            (PASS, "check --help"),
            (PASS, "--help"),
            (PASS, "--version"),
            (NO_VERDICT, ""),
            (NO_VERDICT, "frobnicate"),
            (NO_VERDICT, "schema"),
            (PASS, "schema check tiny.ksy"),
            (FAIL, "schema check good"),
            (NO_VERDICT, "schema check gone.ksy"),
            (NO_VERDICT, "schema check empty.d"),
            (PASS, "rules list"),
            (PASS, "explain sl0102 trailing_bytes"),
            (NO_VERDICT, "explain SL9999"),
            (NO_VERDICT, "explain tiny/small"),
            (PASS, "explain tiny/small --rules tiny.rules.yaml"),
            (PASS, "explain tiny/small SL0310 --rules tiny.rules.yaml --schema tiny.ksy"),
            (NO_VERDICT, "explain tiny/smal --rules tiny.rules.yaml"),
            (NO_VERDICT, "explain tiny/small --rules gone.yaml"),
            (NO_VERDICT, "explain tiny/small --rules none.yaml"),
            (PASS, "rules list --rules tiny.rules.yaml"),
            (NO_VERDICT, "rules list --rules none.yaml"),
            (PASS, "audit --help"),
            (NO_VERDICT, "audit"),
            (NO_VERDICT, "generate"),
            (NO_VERDICT, "audit one.sys two.sys"),
            (NO_VERDICT, "audit one.sys --format sarif"),
            (PASS, "completion bash"),
            (NO_VERDICT, "completion fish"),
        ]
        for expected, line in rows:
            with self.subTest(line):
                done = self.run_sluice(*line.split())
                self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
                self.assertTrue(done.stdout or done.stderr)

    def test_format_does_not_change_the_exit_code(self):
        for format_name, (files, expected) in itertools.product(
                FORMATS, {("good",): PASS, ("bad", "good"): FAIL, ("gone", "bad"): NO_VERDICT}.items()):
            with self.subTest(format_name, files=files):
                self.assertEqual(self.check("--format", format_name, *files).returncode, expected)

    def test_every_format_tells_of_a_bad_schema(self):
        self.write("tiny.ksy", b"meta: {id: tiny}\nseq:\n  - id: a\n    type: u2\n")
        for format_name in FORMATS:
            with self.subTest(format_name):
                done = self.check("--format", format_name, "good")
                self.assertEqual(done.returncode, NO_VERDICT)
                self.assertIn(b"tiny.ksy", done.stdout)

    def test_fail_on(self):
        self.write("advice.ksy", b"meta: {id: advice, endian: le}\nseq:\n  - id: header_len\n    type: u1\n"
                                 b"  - id: header\n    size: header_len\n")
        text = self.run_sluice("schema", "check", "advice.ksy")
        if b"SL0503 warning" not in text.stdout:
            self.skipTest("the schema that should earn a warning earns none: " + text.stdout.decode())
        self.assertEqual(text.returncode, PASS)
        self.assertEqual(self.run_sluice("schema", "check", "advice.ksy", "--fail-on", "warning").returncode, FAIL)

    # --- streams

    def test_data_goes_to_stdout_and_complaints_to_stderr(self):
        self.assertEqual(self.check("bad").stderr, b"")
        usage = self.check("--nonsense", "good")
        self.assertEqual(usage.stdout, b"")
        self.assertIn(b"sluice check --help", usage.stderr)
        self.assertEqual(self.run_sluice("--help").stderr, b"")

    def test_a_full_disk_is_no_pass(self):
        for format_name in FORMATS:
            with self.subTest(format_name), open("/dev/full", "wb") as full:
                done = subprocess.run([SLUICE, "check", "-s", "tiny.ksy", "good", "bad", "--format", format_name],
                                      cwd=self.folder, stdout=full, stderr=subprocess.PIPE)
                self.assertEqual(done.returncode, NO_VERDICT)
                self.assertIn(b"No space left", done.stderr)

    def test_output_is_there_in_full_or_not_at_all(self):
        self.write("report", b"old")
        self.check("bad", "--output", "report")
        self.assertIn(b"SL0203", (self.folder / "report").read_bytes())
        self.assertEqual(self.check("good", "--output", "bad.d/report").returncode, NO_VERDICT)
        (self.folder / "folder").mkdir()
        self.assertEqual(self.check("good", "--output", "folder").returncode, NO_VERDICT)
        self.assertEqual([path for path in self.folder.iterdir() if "tmp" in path.name], [])

    def colours(self, words=(), environment=None):
        """Whether there are colours when standard output is a terminal."""
        master, slave = pty.openpty()
        clean = {key: value for key, value in os.environ.items() if not key.endswith("COLOR")} | {"TERM": "xterm"}
        done = subprocess.run([SLUICE, "check", "-s", "tiny.ksy", "bad", *words], cwd=self.folder, stdout=slave,
                              env=clean | (environment or {}))
        os.close(slave)
        out = os.read(master, 65536)
        os.close(master)
        self.assertEqual(done.returncode, FAIL)
        return b"\x1b[" in out

    def test_colours(self):
        self.assertTrue(self.colours())
        self.assertFalse(self.colours(["--no-color"]))
        self.assertFalse(self.colours(environment={"NO_COLOR": "1"}))
        self.assertTrue(self.colours(environment={"NO_COLOR": ""}))
        self.assertFalse(self.colours(environment={"TERM": "dumb"}))
        self.assertNotIn(b"\x1b", self.check("bad").stdout)
        self.assertIn(b"\x1b", self.check("bad", environment={"FORCE_COLOR": "1"}).stdout)
        self.assertNotIn(b"\x1b", self.check("bad", environment={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout)
        self.assertNotIn(b"\x1b", self.check("bad", "--format", "json", environment={"FORCE_COLOR": "1"}).stdout)

    # --- files

    def test_directories_are_walked_in_order_and_links_to_directories_are_not_followed(self):
        for name in ("d/b", "d/.hidden", "d/a/z", "d/a/y"):
            self.write(name, GOOD)
        os.symlink("..", self.folder / "d/loop")
        os.symlink("../good", self.folder / "d/link")
        done = self.check("d", "good")
        self.assertEqual(done.stdout.decode().split("\n\n")[0].splitlines(),
                         [f"PASS  {name}" for name in ("d/.hidden", "d/a/y", "d/a/z", "d/b", "d/link", "good")])
        self.assertIn(b"d/loop", done.stderr)
        self.assertEqual(done.returncode, PASS)

    def test_what_cannot_be_read_in_a_directory_is_told(self):
        self.write("d/a", GOOD)
        os.symlink("gone", self.folder / "d/dangling")
        os.mkfifo(self.folder / "d/pipe")
        done = self.check("d")
        self.assertEqual(done.returncode, NO_VERDICT)
        self.assertEqual(done.stdout.count(b"SL0001"), 2, done.stdout)

    def test_names_that_look_like_something_else(self):
        names = [b"[a,b]", b"{}", b"--schema", b"%%", b"a\nb", b"\xff\xfe", b"\x1b[31m", b"<&>\"'", b" "]
        for name in names:
            self.write(name, GOOD)
        for format_name in FORMATS:
            with self.subTest(format_name):
                done = self.check("--format", format_name, "--", *names)
                self.assertEqual(done.returncode, PASS, done.stdout + done.stderr)
                self.assertNotIn(b"\x1b", done.stdout)
        report = json.loads(self.check("--format", "json", "--", *names).stdout)
        self.assertEqual([bytes.fromhex(file["file_hex"]) if "file_hex" in file else file["file"].encode()
                          for file in report["files"]], names)

    def test_order_and_bytes_do_not_depend_on_the_threads(self):
        for index in range(1500):
            self.write(f"d/{index:04}", BAD if index % 7 == 3 else GOOD)
        for format_name in FORMATS:
            with self.subTest(format_name):
                outs = {self.check("d", "-v", "--format", format_name, "-j", jobs).stdout for jobs in ("1", "2", "7")}
                self.assertEqual(len(outs), 1)

    def test_a_long_run_lists_failures_only(self):
        for index in range(30):
            self.write(f"d/{index:02}", GOOD)
        self.assertEqual(self.check("d").stdout, b"30 files: 30 passed\n")
        self.assertEqual(self.check("d", "-q").stdout, b"")
        self.assertEqual(self.check("d", "-v").stdout.count(b"PASS"), 30)

    def test_digests(self):
        report = json.loads(self.check("good", "--format", "json").stdout)
        digest = subprocess.run(["sha256sum", "good"], cwd=self.folder, capture_output=True).stdout.split()[0].decode()
        self.assertEqual(report["files"][0]["sha256"], digest)

    # --- help

    def test_each_command_has_help_with_an_example(self):
        listed = self.run_sluice("--help").stdout.decode()
        commands = [line[2:17].strip() for line in listed.split("Commands:\n")[1].split("\n\n")[0].splitlines()]
        self.assertGreater(len(commands), 5)
        for command in commands:
            with self.subTest(command):
                self.assertIn(f"  sluice {command}", self.run_sluice(*command.split(), "--help").stdout.decode()
                              .replace("source <(sluice", "  sluice"))

    def test_misspelt_words_are_guessed(self):
        self.assertIn(b"'check'", self.run_sluice("chekc").stderr)
        self.assertIn(b"'trailing_bytes'", self.run_sluice("explain", "trailing_byte").stderr)

    def test_completion_is_a_script_that_bash_takes(self):
        script = self.run_sluice("completion", "bash").stdout.decode()
        probe = script + '\nCOMP_WORDS=(sluice check --sch); COMP_CWORD=2; _sluice; echo "${COMPREPLY[@]}"'
        self.assertEqual(subprocess.run(["bash", "-c", probe], capture_output=True).stdout.strip(), b"--schema")

    def test_rules_list_as_json(self):
        rules = json.loads(self.run_sluice("rules", "list", "--format", "json").stdout)
        self.assertGreater(len(rules), 40)
        for rule in rules:
            self.assertEqual(self.run_sluice("explain", rule["id"]).returncode, PASS)

    def test_junit_is_xml(self):
        suites = xml.etree.ElementTree.fromstring(self.check("good", "bad", "gone", "--format", "junit").stdout)
        self.assertEqual([suites.get(key) for key in ("tests", "failures", "errors")], ["3", "1", "1"])


if __name__ == "__main__":
    unittest.main()
