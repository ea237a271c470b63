"""What every page must hold, asked of headless Chromium (look.js), and axe-core's opinion of it."""
import base64
import hashlib
import pathlib
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest

import browser

HERE = pathlib.Path(__file__).resolve().parent
LOOK = (HERE / "look.js").read_text(encoding="utf-8")
WIDE, NARROW = 1200, 400
TAGS = set("html head meta title style body header nav main footer section article figure figcaption h1 h2 h3 h4 p div "
           "span a code pre mark dl dt dd ul ol li table thead tbody tr th td wbr details summary svg rect path text "
           "polyline circle".split())
ATTRIBUTES = set("lang charset http-equiv content name class id href title role tabindex aria-label aria-labelledby scope "
                 "colspan data-unit viewBox preserveAspectRatio width height d x y cx cy r points".split())

AXE = "axe-core@4.10.3"
AXE_SHA512 = "Xm7bpRXnDSX2YE2YFfBk2FnF0ep6tmG7xPh8iHee8MIcrgq762Nkce856dYtJYLkuIoYZvGfTs/PbZhideTcEg=="


class AxeMissing(Exception):
    pass


def axe(folder):
    """The text of axe.min.js, by npm; kept in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    tarball = folder / (AXE.replace("@", "-") + ".tgz")
    if not tarball.exists():
        try:
            subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, check=True, timeout=60, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        except FileNotFoundError:
            raise AxeMissing("there is no npm") from None
        except subprocess.TimeoutExpired:
            raise AxeMissing("the npm registry does not answer") from None
        except subprocess.CalledProcessError as error:
            raise AxeMissing("npm pack failed: " + error.stderr.decode(errors="replace").strip()[-300:]) from None
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if digest != AXE_SHA512:
        tarball.unlink()
        raise AssertionError(f"{tarball.name} has another digest than expected: {digest}")
    with tarfile.open(tarball) as archive:
        return archive.extractfile("package/axe.min.js").read().decode()


class PageTest(unittest.TestCase):
    longMessage = True
    tags = TAGS
    attributes = ATTRIBUTES
    beside = re.compile("$^")  # links to files beside the page

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)
        cls.folder.mkdir(parents=True)
        subprocess.run([cls.write_pages, cls.folder], check=True)
        cls.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        cls.browser = browser.Browser(cls.profile.name)

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.profile.cleanup()

    def texts(self, selector):
        return self.browser.evaluate(f"[...document.querySelectorAll({selector!r})].map(e => e.textContent)")

    def key(self, name):
        code = {"Tab": 9, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39, "Enter": 13, " ": 32}[name]
        text = {"Enter": "\r", " ": " "}.get(name)
        self.browser.ask("Input.dispatchKeyEvent", type="keyDown", key=name, code=name, windowsVirtualKeyCode=code,
                         **({"text": text} if text else {}))
        self.browser.ask("Input.dispatchKeyEvent", type="keyUp", key=name, code=name, windowsVirtualKeyCode=code)

    def at(self):
        """What has the keyboard, as a screen reader has it."""
        return self.browser.evaluate("(e => [e.tagName, e.getAttribute('aria-label') || e.textContent])"
                                     "(document.activeElement)")

    def look(self, path, width=WIDE, closely=True, **how):
        """What is on a page, after what must hold of every page."""
        self.browser.open(path, width, **how)
        seen = self.browser.evaluate(f"({LOOK})({str(closely).lower()})")
        self.assertEqual(self.browser.complaints(), [], path)
        self.assertEqual(self.browser.requests(), [path.as_uri()])
        self.assertIsNone(seen.get("hostile"))
        self.assertLessEqual(set(seen["tags"]), self.tags)
        self.assertLessEqual(set(seen["attributes"]), self.attributes)
        self.assertLessEqual(seen["width"], width)
        seen["lost"] = [link for link in seen["lost"] if not self.beside.match(link)]
        for nothing in ("twice", "lost", "landmarks", "empty"):
            self.assertEqual(seen.get(nothing, []), [], f"{path} {width}: {nothing}")
        self.assertEqual((seen["unscoped"], seen["unnamed"], seen["language"]), (0, 0, "en"))
        self.assertEqual(seen["headings"].count(1), 1)
        for before, after in zip(seen["headings"], seen["headings"][1:]):
            self.assertLessEqual(after, before + 1)
        return seen

    def look_closely(self, path, width, **how):
        seen = self.look(path, width, **how)
        self.assertEqual(seen["overlaps"], [], f"{path} {width} {how}")
        self.assertEqual(seen["faint"], [], f"{path} {width} {how}")
        return seen

    def judge(self, path, width=WIDE, **how):
        """What axe-core finds wrong with a page, by all its rules but experimental ones."""
        try:
            script = axe(self.folder.parent / "axe")
        except AxeMissing as missing:
            self.skipTest(f"pages were not judged by axe-core: {missing}")
        self.browser.open(path, width, **how)
        self.browser.evaluate(script + "; 0")
        answer = self.browser.evaluate("axe.run().then(({violations, passes}) => ({passes: passes.length, violations: "
                                       "violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])}))")
        self.assertGreater(answer["passes"], 10, path)
        return answer["violations"]
