#!/usr/bin/env python3
"""Every file of corpus/channel through the whole gate, on the sensor as it ships: each bug class stops for its reason.

    corpus_test.py SLUICE BUILD_DIR [TEST...]

corpus.txt has what the gate says of each file: its verdict for each build and what decided it, and the findings that
say something of no build in particular. SLUICE_REBASE=1 writes it anew; tests/corpus/corpus_test.py holds expected.txt.
"""
import difflib
import os
import re
import unittest
from pathlib import Path

import gating
from gating import FAIL, PASS

SLUICE, BUILD = gating.arguments()
APPROVED = Path(__file__).resolve().with_name("corpus.txt")
CORPUS = gating.ROOT / "corpus/channel"
# Classes of bugs that no content has (corpus/channel/README.md says why), each with the tests that hold it.
WITHOUT_A_FILE = {11: "tests/zoo", 19: "tests/fuzz/holes_test.py", 20: "tests/gate/bad_input_test.py", 23: "none: a machine"}
# The gate lets these pass: what is wrong is a warning, and the policy decides what a warning does.
WARNINGS = {"definition_that_no_build_has", "group_left_empty"}


def classes():
    """file -> number of its bug class, of the README's table."""
    rows = re.findall(r"^\| (\d+) \| (?:none|`(\w+)`) \|", (CORPUS / "README.md").read_text(), re.MULTILINE)
    return {file: int(number) for number, file in rows if file}, {int(number) for number, _ in rows}


def expected():
    """file -> the ids that expected.txt allows."""
    ids = {}
    for line in (CORPUS / "expected.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            file, _, identity = line.split()
            ids.setdefault(file, set()).add(identity)
    return ids


def row(file, number):
    """One file of a JSON report as text."""
    text = f"{Path(file['file']).stem:40} {'class ' + str(number) if number else 'good':9} {file['verdict']}\n"
    for build in file["matrix"]:
        first = build.get("first_finding", {}).get("id", "-")
        text += f"    {build['build']:7} {build['verdict']:10} {first}\n"
    others = sorted({finding["id"] for finding in file["findings"] if "build" not in finding})
    return text + (f"    all     {' '.join(others)}\n" if others else "")


class CorpusTest(gating.Gating):
    sluice, build = SLUICE, BUILD

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.names = sorted(gating.generate.NAMES)
        cls.classes, cls.numbers = classes()

    def judge(self, names, expect=None, policy=None, *words):
        self.write_release(self.content(*names), policy=policy)
        return self.gate(*words, expect=expect)

    def test_every_class_stops_for_its_reason(self):
        outcome = self.judge(self.names, FAIL)
        files = [file for file in outcome.report["files"] if file["kind"] == "content"]
        self.assertEqual([Path(file["file"]).stem for file in files], self.names)
        allowed, told = expected(), ""
        for file in files:
            name = Path(file["file"]).stem
            told += row(file, self.classes.get(name))
            with self.subTest(file=name):
                passes = allowed[name] == {"PASS"} or name in WARNINGS
                self.assertEqual(file["verdict"] == "PASS", passes)
                found = {finding["id"] for finding in file["findings"]}
                self.assertTrue(allowed[name] == {"PASS"} or allowed[name] <= found, found)
                if not passes:
                    firsts = {build["first_finding"]["id"] for build in file["matrix"] if build["verdict"] != "PASS"}
                    self.assertLessEqual(firsts, allowed[name], "what is told first is the reason")
        if os.environ.get("SLUICE_REBASE"):
            APPROVED.write_text(told)
        approved = APPROVED.read_text() if APPROVED.exists() else ""
        self.assertEqual(approved, told, "\n".join(difflib.unified_diff(approved.splitlines(), told.splitlines(), "corpus.txt",
                                                                       "now", lineterm="", n=2)))

    def test_there_is_a_file_of_each_class(self):
        self.assertEqual(self.numbers, set(range(1, 25)))
        self.assertEqual(set(self.classes), set(self.names) - {"good_mixed", "wildcard_only"})
        self.assertEqual(self.numbers - set(self.classes.values()), set(WITHOUT_A_FILE))

    def test_warnings_fail_where_the_policy_says_so(self):
        self.judge(sorted(WARNINGS), PASS)
        outcome = self.judge(sorted(WARNINGS), FAIL, {"fail_on": "warning"})
        for file in WARNINGS:
            self.assertEqual(set(outcome.verdicts(f"{file}.bin").values()), {"FAIL"})

    def test_the_clean_ones_pass_together(self):
        outcome = self.judge(["good_mixed", "wildcard_only"], PASS)
        for file in ("good_mixed", "wildcard_only"):
            self.assertEqual(set(outcome.verdicts(f"{file}.bin").values()), {"PASS"})
        self.assertIs(outcome.report["deployable"], True)

    def test_alone_a_file_has_the_verdict_that_it_has_among_others(self):
        approved = APPROVED.read_text()
        for name in ("good_mixed", "replay_291", "cut_short", "groups_in_a_circle", "prevents_everything"):
            with self.subTest(file=name):
                outcome = self.judge([name])
                [file] = [file for file in outcome.report["files"] if file["kind"] == "content"]
                self.assertIn(row(file, self.classes.get(name)), approved)
                self.assertEqual(outcome.code, {"PASS": 0, "FAIL": 1, "NO_VERDICT": 2}[outcome.report["verdict"]])


if __name__ == "__main__":
    unittest.main()
