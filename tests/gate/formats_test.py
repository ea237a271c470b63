#!/usr/bin/env python3
"""The report of a release in each format, read by parsers that are not ours.

    formats_test.py SLUICE BUILD_DIR [TEST...]
"""
import json
import re
import sys
import unittest
import xml.etree.ElementTree

import gating
from gating import FAIL, NO_VERDICT, PASS

SLUICE, BUILD = gating.arguments()
sys.path.insert(0, str(gating.ROOT / "tests/report"))
import sarif_schema_test  # noqa: E402

COMMAND = re.compile(r"::(error|warning|notice)( [a-z]+=[^,:]*(,[a-z]+=[^,:]*)*)?::[^\r\n]*")
FORMATS = ("json", "sarif", "junit", "github", "gitlab", "text")
BUILDS = ["7.10", "7.11", "7.11.1", "7.12"]


def documented():
    """The members that docs/report-json.md has a row for: of the report, of `release`, of a file, of a finding."""
    tables, rows = [], None
    for line in (gating.ROOT / "docs/report-json.md").read_text().splitlines():
        if not line.startswith("|"):
            rows = None
        elif rows is None:
            rows = set()
            tables.append(rows)
        else:
            rows.update(re.findall(r"`(\w+)`", line.split("|")[1]))
    return tables[:4]


class FormatsTest(gating.Gating):
    sluice, build = SLUICE, BUILD
    outcome = None

    def setUp(self):
        """One run with all that a report can have; the tests read what it wrote."""
        super().setUp()
        if FormatsTest.outcome is None:
            made = gating.Gating()
            made.sluice, made.build = SLUICE, BUILD
            made.setUp()
            self.addClassCleanup(made.doCleanups)
            key, _ = made.new_key()
            made.write_release(made.content("wildcard_only"))
            made.gate("--record", expect=PASS)
            made.write_release(made.content("wildcard_only", "good_mixed", "replay_291", "cut_short"),
                               policy={"fuzz": {"runs": 20, "max_len": 4096}})
            words = [word for name in FORMATS for word in ("--report", f"{name}=report.{name}")]
            FormatsTest.outcome = made.gate("--sign", key, *words, expect=FAIL)
            made.gate("--sarif-profile", "github", "--report", "sarif=github.sarif", expect=FAIL, form="text")
            FormatsTest.made = made.folder
        self.text = {name: (self.made / f"report.{name}").read_text() for name in FORMATS}

    def test_several_reports_of_one_run_agree(self):
        self.assertEqual(json.loads(self.text["json"]), self.outcome.report)
        self.assertRegex(self.text["text"], r"(?m)^FAIL  \d+ of 4 files failed")
        for build in BUILDS:
            self.assertRegex(self.text["text"], rf"(?m)^{re.escape(build)} +\w+ +FAIL ")

    def test_json_has_what_is_documented(self):
        top, release, file, finding = documented()
        report = self.outcome.report
        self.assertEqual(set(report) - top, {"format_version", "tool", "release"})
        self.assertEqual(set(report["release"]), release)
        for entry in report["files"]:
            self.assertEqual(set(entry) - file, set())
            for found in entry["findings"]:
                self.assertEqual(set(found) - finding, set())
        counts = report["summary"]
        self.assertEqual((counts["files"], counts["passed"], counts["failed"], counts["undecided"]), (4, 2, 2, 0))
        self.assertEqual((report["verdict"], report["deployable"]), ("FAIL", False))
        self.assertEqual([campaign["build"] for campaign in report["release"]["campaigns"]], BUILDS)
        self.assertEqual(len(report["release"]["attestations"]), 4)
        self.assertEqual(report["release"]["asked"], ["check", "run", "drift", "fuzz 20 runs"])

    def test_sarif_is_valid_in_both_profiles(self):
        try:
            import jsonschema
            folder = self.build / "tests/report"
            folder.mkdir(parents=True, exist_ok=True)
            schema = sarif_schema_test.fetch(folder)
        except (ImportError, SystemExit) as why:
            self.skipTest(f"no schema of SARIF: {why}")
        validator = jsonschema.Draft4Validator(schema)
        for name in ("report.sarif", "github.sarif"):
            with self.subTest(name):
                sarif = json.loads((self.made / name).read_text(), object_pairs_hook=gating.no_duplicates)
                self.assertEqual([f"{list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(sarif)], [])
                self.assertEqual(list(sarif_schema_test.broken_rules(sarif)), [])
                results = sarif["runs"][0]["results"]
                self.assertLessEqual({f["id"] for f in self.outcome.findings() if f["severity"] == "error"},
                                     {result["ruleId"] for result in results})
        for result in results:
            self.assertIn("startLine", result["locations"][0]["physicalLocation"]["region"])

    def test_junit_is_well_formed(self):
        suites = xml.etree.ElementTree.fromstring(self.text["junit"])
        cases = suites.findall("./testsuite/testcase")
        self.assertLessEqual(set(BUILDS), {suite.get("name") for suite in suites})
        self.assertEqual(int(suites.get("tests")), len(cases))
        self.assertEqual(int(suites.get("failures")), len(suites.findall(".//failure")))
        self.assertEqual(int(suites.get("errors")), len(suites.findall(".//error")))
        failed = {case.get("name").split("/")[-1] for case in cases if case.find("failure") is not None}
        self.assertLessEqual({"replay_291.bin", "cut_short.bin"}, failed)
        self.assertFalse({"wildcard_only.bin", "good_mixed.bin"} & failed)

    def test_junit_of_a_release_without_a_verdict_has_errors(self):
        self.write_release([*self.content("wildcard_only"), "gone.bin"])
        self.gate("--report", "junit=report.junit", expect=NO_VERDICT)
        suites = xml.etree.ElementTree.parse(self.folder / "report.junit").getroot()
        self.assertGreater(int(suites.get("errors")), 0)

    def test_github(self):
        lines = self.text["github"].splitlines()
        for line in lines:
            self.assertIsNotNone(COMMAND.fullmatch(line), line)
        self.assertTrue(any(line.startswith("::error ") and "replay_291.bin" in line for line in lines))

    def test_gitlab(self):
        items = json.loads(self.text["gitlab"], object_pairs_hook=gating.no_duplicates)
        for item in items:
            self.assertLessEqual({"description", "check_name", "fingerprint", "severity", "location"}, set(item))
            self.assertIn(item["severity"], ("info", "minor", "major", "critical", "blocker"))
        self.assertEqual(len({item["fingerprint"] for item in items}), len(items))

    def test_reports_that_cannot_be_asked_for(self):
        self.write_release(self.content("wildcard_only"))
        for word in ("json", "json=", "yaml=report", "=report", ""):
            outcome = self.gate("--report", word, expect=NO_VERDICT, form="text")
            self.assertIn("--report", outcome.err)
        self.assertEqual(self.attestations(), [])


if __name__ == "__main__":
    unittest.main()
