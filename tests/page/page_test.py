#!/usr/bin/env python3
"""Opens pages in headless Chromium with no network and asks what a reader would see: nothing is asked for, nothing
complained of, nothing of a hostile name is obeyed, and what is on the page fits, can be read, and is what the report
says.

usage: page_test.py WRITE_PAGES SLUICE BUILD_DIR
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import browser
import looking
from looking import NARROW, WIDE

ROOT = pathlib.Path(__file__).resolve().parents[2]
WRITE_PAGES, SLUICE = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
FOLDER = pathlib.Path(sys.argv[3]).resolve() / "pages"
LARGEST = 4 << 20


class Page(looking.PageTest):
    folder = FOLDER
    write_pages = WRITE_PAGES

    def test_gated_release(self):
        path = FOLDER / "gate.html"
        pattern = bytes((37 * k + 11) % 256 for k in range(9 * 16))
        content = pattern[:0x40].ljust(0x1b0, b"\0") + pattern
        for width, scheme in ((WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")):
            with self.subTest(width=width, scheme=scheme):
                seen = self.look_closely(path, width, scheme=scheme)
                self.assertEqual((seen["verdict"], seen["title"]), ("NO VERDICT", "NO VERDICT: channel 2026-11-26"))
                self.assertEqual(seen["reason"], "It must not go to the field: 1 of 5 files failed on 7.10, 7.11, 7.11.1.")
                for told in ("check, run, drift, fuzz 20000 runs", "2 passed, 1 failed, 2 undecided",
                             "8 from an earlier run", "2, 1 signed off", "9 errors, 3 warnings", "1 finding"):
                    self.assertIn(told, seen["counts"])
                self.assertEqual([row["cells"][0] for row in seen["builds"]], ["7.10", "7.11", "7.11.1", "7.12"])
                self.assertEqual(seen["builds"][0]["cells"][1:6], ["fielded", "NO VERDICT", "1", "2", "1"])
                self.assertEqual(len(seen["contents"]), 5)
                self.assertEqual(seen["contents"][0], ["C-00000291.bin", "FAIL", "FAIL", "FAIL", "FAIL", "PASS", "6"])
                self.assertEqual([plot["points"] for plot in seen["plots"]], [41, 41, 41, 41])
                self.assertTrue(all(plot["box"] > 1000 for plot in seen["plots"]))
                self.assertTrue(all(bar > 100 for bar in seen["bars"]) and len(seen["bars"]) == 4)
                self.assertEqual((seen["dark"], seen["suppressed"], len(seen["attestations"])), (6, 1, 2))
                self.check_views([view for view in seen["views"] if view["file"] == "C-00000291.bin" and view["at"]], 5,
                                 lambda file: content)
        self.browser.screenshot(FOLDER / "gate.png", whole=True)

    def check_views(self, views, least, content_of):
        """A view of bytes for each finding that has a place: the file's, with the place marked, and neighbours told
        apart."""
        self.assertGreaterEqual(len(views), least)
        for view in views:
            self.assertTrue(view["hex"] and view["marked"] and min(view["boxes"]) >= 2, view)
            for kind in ("colours", "lines"):
                self.assertTrue(all(a != b for a, b in zip(view[kind], view[kind][1:])), view[kind])
            self.assertTrue(all(view["titles"]))
            content = content_of(view["file"])
            for line in view["hex"].splitlines():
                if re.match("[0-9a-f]{8}  ", line):
                    row = bytes.fromhex(line[10:59])
                    self.assertEqual(content[int(line[:8], 16):][:len(row)], row, view)
            begin, _, end = view["at"].partition("..")
            begin, end = int(begin, 16), int(end or begin, 16)
            marked = bytes.fromhex("".join(view["marked"]))
            if "are not shown" not in view["hex"]:
                self.assertEqual(marked, content[begin:end], view)
            self.assertEqual(marked[:128], content[begin:end][:128], view)
            self.assertTrue(view["fields"] or begin == end, view)

    def test_axe_finds_nothing(self):
        for name in ("gate", "sample", "nothing", "breaking-out"):
            for scheme, width in (("light", WIDE), ("dark", NARROW)):
                with self.subTest(page=name, scheme=scheme):
                    self.assertEqual(self.judge(FOLDER / f"{name}.html", width, scheme=scheme), [])

    def test_print(self):
        seen = self.look(FOLDER / "gate.html", 800, media="print")
        self.assertEqual(seen["faint"], [])

    def test_the_other_fixtures(self):
        seen = self.look_closely(FOLDER / "sample.html", NARROW)
        self.assertEqual((seen["verdict"], seen["builds"]), ("NO VERDICT", []))
        self.assertEqual(len(seen["contents"]), 4)
        seen = self.look_closely(FOLDER / "nothing.html", NARROW)
        self.assertIn("no content file was judged", seen["reason"])

    def test_hostile_names_stay_where_they_are(self):
        for scheme, width in (("light", WIDE), ("dark", NARROW)):
            seen = self.look(FOLDER / "breaking-out.html", width, scheme=scheme)
            self.assertEqual(len(seen["views"]), 7)
            self.assertIn("<script>window.hostile={ran:1}</script>", [view["file"] for view in seen["views"]])
            self.assertTrue(any("\\u{202e}" in view["file"] for view in seen["views"]))
            self.assertTrue(any("and 9,400 more bytes" in view["file"] for view in seen["views"]))
        for path in sorted(FOLDER.glob("hostile-*.html")):
            self.look(path, NARROW)

    def test_the_policy_forbids_what_the_page_does_not_need(self):
        """And the complaints that no page has are seen where there are some."""
        path = FOLDER / "gate.html"
        for tag in ("<img src='https://example.invalid/x.png'>", "<script>window.hostile = 1</script>",
                    "<p style='color: red'>", "<form action='https://example.invalid/'>"):
            page = FOLDER / "changed.html"
            page.write_text(path.read_text(encoding="utf-8").replace("<main>", "<main>" + tag), encoding="utf-8")
            self.browser.open(page, WIDE)
            self.assertIsNone(self.browser.evaluate("window.hostile"))
            if "form" in tag:
                self.browser.evaluate("document.querySelector('form').submit()")
                self.browser.evaluate("new Promise(done => setTimeout(done, 100))")
            self.assertNotEqual(self.browser.complaints(), [], tag)

    def test_a_page_is_bounded_and_says_so(self):
        path = FOLDER / "large.html"
        self.assertLess(path.stat().st_size, LARGEST)
        seen = self.look(path, NARROW, closely=False)
        self.assertEqual((len(seen["contents"]), len(seen["builds"])), (200, 30))
        self.assertEqual({row[1] for row in seen["contents"]}, {"FAIL"})
        self.assertLess(len(seen["views"]), 220)
        left = [line for line in seen["left"] if "of this file" not in line]
        self.assertEqual(left[0], "6 more builds are not on this page.")
        self.assertEqual(left[1], "500 more contents are not on this page.")
        self.assertRegex(left[2], r"^[\d,]+ more findings are not on this page\.$")
        told = [int(line.split()[0].replace(",", "")) for line in seen["left"] if "findings" in line]
        self.assertEqual(sum(told) + len(seen["views"]), 350 * 41)
        # The one finding that decides a build is there, however late it came.
        target = seen["builds"][29]["link"]
        self.assertTrue(self.browser.evaluate(f"document.querySelector('{target}').textContent.includes('7.29')"))

    def check(self, folder, *words):
        page = folder / "page.html"
        answer = subprocess.run([SLUICE, "check", *words, "--schema", ROOT / "schemas/channel.ksy",
                                 "--rules", ROOT / "schemas/channel.rules.yaml",
                                 "--driver", ROOT / "schemas/sensor.driver.yaml"] + ["--format", "html", "-o", page],
                                capture_output=True, text=True)
        self.assertEqual((answer.stderr, answer.returncode), ("", 1))
        return page

    def test_of_a_check(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name).resolve()
            subprocess.run([sys.executable, ROOT / "corpus/channel/generate.py", folder], check=True)
            files = sorted(folder.glob("*.bin"))
            page = self.check(folder, *files)
            first = page.read_bytes()
            self.assertEqual(self.check(folder, *files, "-j", "2").read_bytes(), first)
            self.look_closely(page, WIDE, scheme="dark")
            seen = self.look_closely(page, NARROW)
            self.assertEqual(seen["verdict"], "FAIL")
            self.assertEqual([row["cells"][0] for row in seen["builds"]], ["7.10", "7.11", "7.11.1", "7.12"])
            self.assertEqual({row[0] for row in seen["contents"]}, {str(path) for path in files})
            placed = [view for view in seen["views"] if view["at"].startswith("0x") and not view["within"]]
            self.check_views(placed, 30, lambda file: pathlib.Path(file).read_bytes())
            replay = next(view for view in placed if view["id"] == "SL0301" and "replay_291" in view["file"])
            self.assertEqual(replay["fields"], [[replay["at"], replay["field"], "20"]])


if __name__ == "__main__":
    if browser.program() is None:
        print("skipped: no Chromium here (Debian package: chromium)")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
