#!/usr/bin/env python3
"""The page of a farm, judged in headless Chromium: light and dark, wide and narrow, by keyboard, what comes from outside
as text, no network.

usage: farm_page_test.py WRITE_FARM_PAGES BUILD_DIR
"""
import pathlib
import re
import sys
import unittest

import browser
import looking
from looking import NARROW, WIDE

WRITE_PAGES = pathlib.Path(sys.argv[1]).resolve()
FOLDER = pathlib.Path(sys.argv[2]).resolve() / "farm-pages"
LARGEST = 8 << 20
BOTH = (("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW))
TARGETS, PLOTS_OF_EACH = 6, 3


class FarmPage(looking.PageTest):
    folder = FOLDER
    write_pages = WRITE_PAGES
    tags = looking.TAGS | {"script", "button"}
    attributes = looking.ATTRIBUTES | {"type", "hidden", "aria-hidden"}
    beside = re.compile(r"\.\./farm/[\w./%~-]+$")

    def page(self, name):
        return FOLDER / f"farm-{name}.html"

    def test_what_is_said(self):
        for scheme, width in BOTH:
            with self.subTest(scheme=scheme, width=width):
                seen = self.look_closely(self.page("sample"), width, scheme=scheme)
                self.assertEqual(seen["title"], "FAIL: farm nightly, night 14")
                self.assertEqual(seen["verdict"], "FAIL")
                self.assertEqual(seen["reason"], "2 new faults, and 1 fault that was fixed is back; 6 known faults are open, "
                                                 "1 was fixed. 1 build was left out.")
                self.assertEqual(self.texts("#faults .finding .badge"), ["new", "new", "returned"])
                self.assertTrue(self.texts("#faults .finding h3")[1].endswith("the driver reads the twenty-first"))
                self.assertEqual(self.texts(".known .badge"), 6 * ["open"] + ["fixed"])
                self.assertEqual(self.texts("#faults .left"), ["2 more faults were fixed in earlier nights."])
                self.assertEqual(len(self.texts("#lanes tbody tr")), 15 + 1)
                self.assertEqual(len(self.texts("#told li")), 2)
                self.assertEqual(self.texts("#dark tbody tr:first-child td:last-child"), ["night 2 (13 nights)"])
                self.assertEqual(self.texts("#slow tbody tr:first-child .number"), ["33,713", "159", "212.0"])
                self.assertEqual(len(self.texts("#workers tbody tr")), 2)
        self.browser.screenshot(FOLDER / "farm.png", whole=True)

    def test_plots_have_words_and_a_table(self):
        seen = self.look(self.page("sample"))
        self.assertEqual(len(self.texts(".target figure")), TARGETS * PLOTS_OF_EACH)
        self.assertTrue(all(plot["points"] > 1 for plot in seen["plots"]))
        labels = self.browser.evaluate("[...document.querySelectorAll('.target:first-of-type svg[role=img]')].map("
                                       "e => e.getAttribute('aria-label'))")
        self.assertRegex(labels[0], r"^Blocks covered, by night: 7\.10 from \d+ to 171; 7\.11 from \d+ to 183; 7\.12 from \d+ "
                                    r"to 196, over night 2 to night 14$")
        self.assertRegex(labels[1], r"^Executions, by night: [\d,]+ in the last, at most [\d,]+, over night 2 to night 14$")
        self.assertRegex(labels[2], r"^Blocks covered, this night: .+, over 0 to [\d,]+ executions$")
        self.assertEqual(len(self.texts(".target:first-of-type .nights tbody tr")), 3 * 13)
        dashes = self.browser.evaluate("[...document.querySelectorAll('.target:first-of-type .legend polyline')].map("
                                       "e => getComputedStyle(e).strokeDasharray)")
        self.assertEqual(len(set(dashes)), 3)

    def test_the_first_nights(self):
        self.look_closely(self.page("first"), NARROW)
        self.assertEqual(self.texts("figcaption"), 3 * ["Blocks covered, this night"])
        for name, verdict in (("begun", "PASS SO FAR"), ("none", "NO NIGHT YET")):
            self.assertEqual(self.look_closely(self.page(name), NARROW)["verdict"], verdict)

    def test_by_keyboard(self):
        self.browser.open(self.page("sample"), WIDE)
        self.browser.evaluate("window.got = []; navigator.clipboard.writeText = text => { got.push(text); "
                              "return Promise.resolve(); }")
        seen = []
        for _ in range(60):
            self.key("Tab")
            seen.append(self.at())
            if seen[-1][0] == "SUMMARY":
                break
            if seen[-1][0] == "BUTTON":
                self.key("Enter")
        self.assertEqual(seen[0], ["A", "Faults"])
        self.assertEqual(seen[-1], ["SUMMARY", "The nights of sensor as a table"])
        self.browser.evaluate("new Promise(done => setTimeout(done, 50))")
        copied = self.browser.evaluate("got")
        self.assertEqual(copied[1:], self.texts(".steps pre"))
        self.assertTrue(copied[0].startswith("  - id: inputs-within-supply\n"))
        self.assertTrue(all(command.startswith("sluice ") for command in copied[1:]))
        self.assertEqual(self.texts("#copied"), ["Copied."])
        self.key("Enter")
        self.assertTrue(self.browser.evaluate("document.activeElement.parentElement.open"))
        # What scrolls can be come to.
        self.key("Tab")
        self.assertEqual(self.at()[1], "The nights of sensor")

    def test_hostile_names_stay_where_they_are(self):
        for scheme, width in BOTH:
            self.look(self.page("breaking-out"), width, scheme=scheme)
        whole = "".join(self.texts("body"))
        self.assertIn("<script>window.hostile={ran:1}</script>", whole)
        self.assertIn("\\u{202e}", whole)
        for path in sorted(FOLDER.glob("farm-hostile-*.html")):
            self.look(path, NARROW)

    def test_a_page_is_bounded_and_says_so(self):
        path = self.page("large")
        self.assertLess(path.stat().st_size, LARGEST)
        seen = self.look(path, NARROW, closely=False)
        self.assertEqual(len(self.texts("#faults .finding")), 30)
        self.assertGreater(len(seen["left"]), 5)
        self.assertIn("100 more workers are not on this page.", seen["left"])

    def test_print(self):
        self.assertEqual(self.look(self.page("sample"), 800, media="print")["faint"], [])

    def test_axe_finds_nothing(self):
        for name in ("sample", "first", "begun", "none", "breaking-out"):
            for scheme, width in BOTH:
                with self.subTest(page=name, scheme=scheme, width=width):
                    self.assertEqual(self.judge(self.page(name), width, scheme=scheme), [])


if __name__ == "__main__":
    if browser.program() is None:
        print("skipped: no Chromium here (Debian package: chromium)")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
