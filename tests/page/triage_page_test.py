#!/usr/bin/env python3
"""The page of triage, as page_test.py has that of the gate: and that its script does what it is for, by keyboard alone.

usage: triage_page_test.py WRITE_PAGES BUILD_DIR
"""
import pathlib
import sys
import unittest

import browser
import looking
from looking import NARROW, WIDE

WRITE_PAGES = pathlib.Path(sys.argv[1]).resolve()
FOLDER = pathlib.Path(sys.argv[2]).resolve() / "triage-pages"
LARGEST = 8 << 20
BOTH = (("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW))


class TriagePage(looking.PageTest):
    folder = FOLDER
    write_pages = WRITE_PAGES
    tags = looking.TAGS | {"script", "button", "strong"}
    attributes = looking.ATTRIBUTES | {"type", "hidden", "aria-hidden"}

    def page(self, name):
        return FOLDER / f"triage-{name}.html"

    def test_what_is_said(self):
        for scheme, width in BOTH:
            with self.subTest(scheme=scheme, width=width):
                self.look_closely(self.page("sample"), width, scheme=scheme)
                self.assertEqual(self.texts("h1"), ["4 faults in 22 files: 1 returned, 1 new, 1 open, 1 regression"])
                self.assertEqual(len(self.texts(".index tbody tr")), 4)
                new = "instances[0].criteria[0].input is 20: build 7.11 supplies 20 inputs"
                self.assertTrue(self.texts("#fault-2 h2")[0].startswith("new " + new))
                self.assertEqual(self.texts("#fault-2 .guilty td, #fault-2 .guilty th"),
                                 ["instances[0].criteria[0].input guilty", "0x00d8..0x00da", "20", "19",
                                  "each step moves the read 8 bytes further"])
                self.assertEqual(self.texts("#fault-2 .hex button mark:not(.needed)"), ["14 00"])
                self.assertEqual(self.texts("#fault-2 .hex button mark.needed"), ["03 00", "01"])
                self.assertEqual([line.split()[1] for line in self.texts("#fault-2 .code strong")], ["+0x1942", "91"])
                self.assertEqual(len(self.texts("#fault-2 .targets .fail")), 2)
                self.assertIn("+  - id: inputs-within-supply", self.texts("#fault-2 .patch .added"))
                self.assertIn("1 of 10 runs", self.texts("#fault-3")[0])
                self.assertEqual(self.texts(".others tbody th"), ["found/7.10-read-old.bin", "found/notes.bin"])
        self.browser.screenshot(FOLDER / "triage.png", whole=True)

    def test_one_fault_is_the_first_line(self):
        for scheme, width in BOTH:
            self.look_closely(self.page("hidparse"), width, scheme=scheme)
            self.assertEqual(self.texts("h1"), ["items[0].size_code is 2, and 1 byte is left for it: the driver reads 2 "
                                                "bytes where the descriptor has 1"])
            self.assertEqual(self.texts(".banner dd"), ["items[0].size_code = 2", "8.0~repack-4", "new", "3"])
            self.assertEqual(self.texts(".code strong"), ["fault: +0x45c0  movzx edx, word ptr [rbx+0x1]"])

    def test_no_fault(self):
        self.look_closely(self.page("nothing"), NARROW)
        self.assertEqual(self.texts("h1"), ["0 faults in 2 files"])

    def test_fields_are_named_by_keyboard(self):
        self.browser.open(self.page("hidparse"), WIDE)
        seen = []
        for _ in range(20):
            self.key("Tab")
            seen.append(self.at())
            if seen[-1][0] == "BUTTON":
                break
        self.assertEqual(seen[-1][1], "items[0].size_code = 2, guilty")
        self.assertEqual(self.texts(".told"), ["items[0].size_code = 2"])
        outlined = "getComputedStyle(document.querySelector('.fields .k{}')).outlineStyle"
        self.assertEqual([self.browser.evaluate(outlined.format(k)) for k in (0, 1)], ["solid", "none"])
        for key, told in (("ArrowRight", "items[0].data = [07]"), ("ArrowRight", "items[0].data = [07]"),
                          ("Home", "items[0].size_code = 2"), ("End", "items[0].data = [07]"),
                          ("ArrowLeft", "items[0].size_code = 2")):
            self.key(key)
            self.assertEqual(self.texts(".told"), [told], key)
        # All bytes are one stop of the Tab key.
        self.key("Tab")
        self.assertNotEqual(self.at()[0], "BUTTON")

    def test_fields_are_named_by_pointing(self):
        self.browser.open(self.page("hidparse"), WIDE)
        x, y = self.browser.evaluate("(b => [b.x + b.width / 2, b.y + b.height / 2])"
                                     "(document.querySelectorAll('.hex button')[1].getBoundingClientRect())")
        self.browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        self.assertEqual(self.texts(".told"), ["items[0].data = [07]"])

    def test_commands_are_copied(self):
        """By the clipboard where the browser lets a page write to it, else as who selects a text and copies it."""
        for refuse in ("", "navigator.clipboard.writeText = () => Promise.reject();"):
            self.browser.open(self.page("hidparse"), WIDE)
            self.browser.evaluate("window.got = []; document.addEventListener('copy', "
                                  "() => got.push(getSelection().toString())); const write = navigator.clipboard.writeText;"
                                  "navigator.clipboard.writeText = text => { got.push(text); return Promise.resolve(); };"
                                  + refuse + "[...document.querySelectorAll('.copy button')].at(-1).focus()")
            self.key("Enter")
            self.browser.evaluate("new Promise(done => setTimeout(done, 50))")
            self.assertEqual([text.strip() for text in self.browser.evaluate("got")],
                             ["sluice run new/read-parse_descriptor-content-4ac05e90/content.bin --driver "
                              "hidparse.driver.yaml"])
            self.assertEqual(self.texts("#copied"), ["Copied."])
            self.assertEqual(self.browser.complaints(), [])

    def test_hostile_names_stay_where_they_are(self):
        for scheme, width in (("light", WIDE), ("dark", NARROW)):
            self.look(self.page("breaking-out"), width, scheme=scheme)
            self.assertTrue(any("<script>window.hostile={ran:1}</script>" in text for text in self.texts(".case, .index")))
            self.assertTrue(any("\\u{202e}" in text for text in self.texts(".case")))
        for path in sorted(FOLDER.glob("triage-hostile-*.html")):
            self.look(path, NARROW)

    def test_the_policy_allows_the_pages_own_script_alone(self):
        page = FOLDER / "changed.html"
        for tag in ("<script>window.hostile = 1</script>", "<p onclick='window.hostile = 1' id='p'>",
                    "<img src='https://example.invalid/x.png'>", "<script src='https://example.invalid/x.js'></script>"):
            text = self.page("sample").read_text(encoding="utf-8")
            page.write_text(text.replace("<main>", "<main>" + tag), encoding="utf-8")
            self.browser.open(page, WIDE)
            self.browser.evaluate("document.querySelector('#p')?.click()")
            self.assertIsNone(self.browser.evaluate("window.hostile"))
            self.assertNotEqual(self.browser.complaints(), [], tag)

    def test_a_page_is_bounded_and_says_so(self):
        path = self.page("large")
        self.assertLess(path.stat().st_size, LARGEST)
        self.look(path, NARROW, closely=False)
        self.assertEqual(len(self.texts(".case")), 200)
        self.assertIn("102 more files are not on this page.", self.texts(".left")[-1])

    def test_print(self):
        seen = self.look(self.page("sample"), 800, media="print")
        self.assertEqual(seen["faint"], [])

    def test_axe_finds_nothing(self):
        for name in ("sample", "hidparse", "nothing", "breaking-out"):
            for scheme, width in BOTH:
                with self.subTest(page=name, scheme=scheme, width=width):
                    self.assertEqual(self.judge(self.page(name), width, scheme=scheme), [])

    def test_axe_finds_what_is_wrong(self):
        page = FOLDER / "changed.html"
        text = self.page("hidparse").read_text(encoding="utf-8")
        page.write_text(text.replace("<main>", "<main><button></button>"), encoding="utf-8")
        self.assertEqual([rule for rule, _ in self.judge(page)], ["button-name"])


if __name__ == "__main__":
    if browser.program() is None:
        print("skipped: no Chromium here (Debian package: chromium)")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
