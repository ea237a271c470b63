#!/usr/bin/env python3
"""Reads what the writers wrote with parsers that are not ours: JSON without duplicate keys, XML by expat, Markdown by
cmark-gfm.

usage: report_formats_test.py WRITE_SAMPLES BUILD_DIR
"""
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree

FOLDER = pathlib.Path(sys.argv[2]) / "formats"
COMMAND = re.compile(rb"::(error|warning|notice)( [a-z]+=[^,:]*(,[a-z]+=[^,:]*)*)?::[^\r\n]*")


def object_without_duplicates(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"duplicate keys in {keys}"
    return dict(pairs)


def read_json(path):
    return json.loads(path.read_bytes().decode("utf-8"), object_pairs_hook=object_without_duplicates)


class Tags(html.parser.HTMLParser):
    """Reads a page that closes all that it opens, and has nothing that is obeyed."""
    VOID = {"meta", "wbr"}
    FORBIDDEN = {"script", "img", "link", "iframe", "object", "embed", "form", "input", "base", "button", "video"}

    def __init__(self, test):
        super().__init__()
        self.test = test
        self.open = []
        self.seen = set()

    def handle_starttag(self, tag, attributes):
        self.test.assertNotIn(tag, self.FORBIDDEN)
        self.test.assertFalse([name for name, _ in attributes if name.startswith("on") or name in ("style", "src")])
        self.seen.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.test.assertIn(tag, ("rect", "path", "polyline", "circle"))

    def handle_endtag(self, tag):
        self.test.assertEqual(self.open.pop(), tag)


class Formats(unittest.TestCase):
    def each(self, name):
        paths = sorted(FOLDER.glob("*/" + name))
        self.assertGreater(len(paths), 300)
        for path in paths:
            with self.subTest(str(path)):
                yield path

    def test_json(self):
        for path in self.each("report.json"):
            report = read_json(path)
            self.assertEqual(report["format_version"], "2.3")
            counts = report["summary"]
            self.assertEqual(counts["files"] + counts["documents"], len(report["files"]))
            self.assertIn(report["deployable"], (True, False, None))
            if report["deployable"]:
                self.assertEqual({build["verdict"] for build in report["matrix"]}, {"PASS"})
            self.assertEqual(counts["files"], counts["passed"] + counts["failed"] + counts["undecided"])
            findings = [finding for file in report["files"] for finding in file["findings"]]
            self.assertEqual(counts["errors"], sum(finding["severity"] == "error" for finding in findings))
            for file in report["files"]:
                for build in file.get("matrix", []):
                    if "first_finding" in build:
                        first = build["first_finding"]
                        self.assertEqual(file["findings"][first["index"]]["id"], first["id"])
                if "file_hex" in file:
                    self.assertEqual(bytes.fromhex(file["file_hex"]).decode("utf-8", "replace").count("\ufffd") > 0, True)

    def test_gitlab(self):
        for path in self.each("report.gitlab.json"):
            for item in read_json(path):
                self.assertLessEqual({"description", "check_name", "fingerprint", "severity", "location"}, set(item))
                self.assertIn(item["severity"], ("info", "minor", "major", "critical", "blocker"))

    def test_html(self):
        for path in self.each("report.html"):
            page = path.read_bytes().decode("utf-8")
            self.assertFalse(re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]", page))
            tags = Tags(self)
            tags.feed(page)
            tags.close()
            self.assertEqual(tags.open, [])
            self.assertLessEqual({"html", "header", "main", "footer", "h1"}, tags.seen)

    def test_junit(self):
        for path in self.each("report.junit.xml"):
            suites = xml.etree.ElementTree.parse(path).getroot()
            cases = suites.findall("./testsuite/testcase")
            self.assertEqual(int(suites.get("tests")), len(cases))
            self.assertEqual(int(suites.get("failures")), len(suites.findall(".//failure")))
            self.assertEqual(int(suites.get("errors")), len(suites.findall(".//error")))

    def test_github(self):
        for path in self.each("report.github.txt"):
            for line in path.read_bytes().split(b"\n")[:-1]:
                self.assertRegex(line, COMMAND)
                self.assertIsNotNone(COMMAND.fullmatch(line))

    @unittest.skipUnless(shutil.which("cmark-gfm"), "cmark-gfm is not installed")
    def test_markdown(self):
        tables = 0
        for path in self.each("report.md"):
            page = subprocess.run(["cmark-gfm", "--unsafe", *"-e table -e autolink -e strikethrough -e tasklist".split()],
                                  stdin=path.open("rb"), capture_output=True, check=True).stdout.decode()
            # An address of mail is made a link wherever it stands outside of code.
            tags = re.findall("<(?!/)([^ >]+)", re.sub('<a href="mailto:[^"]*">', "", page))
            self.assertLessEqual(set(tags), {"h2", "p", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"})
            self.assertEqual(tags.count("h2"), 1)
            self.assertLessEqual(tags.count("pre"), 1)
            report = read_json(path.with_name("report.json"))
            builds = len(report.get("matrix", []))
            shown = re.search("<pre.*?</pre>", page, re.S)
            self.assertEqual(shown is not None, any(file["findings"] for file in report["files"]))
            self.assertEqual(tags.count("tr"), builds + bool(builds))
            for row in re.findall("<tr>(.*?)</tr>", page, re.S):
                self.assertEqual(len(re.findall("<t[hd]>", row)), 5)
            tables += tags.count("table")
        self.assertGreater(tables, 100)

    def test_sarif_is_json_and_indices_hold(self):
        for name in ("report.sarif", "report.github.sarif"):
            for path in self.each(name):
                run = read_json(path)["runs"][0]
                for result in run["results"]:
                    self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
                    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
                    if "index" in location:
                        self.assertEqual(run["artifacts"][location["index"]]["location"]["uri"], location["uri"])
                    if result["kind"] != "fail":
                        self.assertEqual(result["level"], "none")


if __name__ == "__main__":
    subprocess.run([sys.argv[1], str(FOLDER)], check=True)
    unittest.main(argv=sys.argv[:1])
