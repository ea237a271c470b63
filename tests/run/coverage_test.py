#!/usr/bin/env python3
"""sluice run --coverage: what it tells, the tracefile that it writes, and that it changes nothing else.

    coverage_test.py SLUICE PROGRAMS [TEST...]

PROGRAMS is the folder of the build, with the sensor's images.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SLUICE = str(pathlib.Path(sys.argv.pop(1)).resolve())
SENSOR = pathlib.Path(sys.argv.pop(1)).resolve() / "sensor"
IMAGES = str(SENSOR / "sensor-images.driver.yaml")
LINE = re.compile(r"^(\S+) +blocks: ([\d,]+) of ([\d,]+) of the image ran, ([\d,]+) are reachable$", re.M)


def number(text):
    return int(text.replace(",", ""))


def tracefile(path):
    """build -> file -> line -> whether it ran"""
    builds, file = {}, None
    for line in path.read_text().splitlines():
        kind, _, rest = line.partition(":")
        if kind == "TN":
            lines = builds.setdefault(rest, {})
        elif kind == "SF":
            file = lines.setdefault(rest, {})
        elif kind == "DA":
            at, hits = rest.split(",")
            file[int(at)] = hits != "0"
        elif kind in ("LF", "LH"):
            assert int(rest) == (len(file) if kind == "LF" else sum(file.values()))
        else:
            assert line == "end_of_record", line
    return builds


def line_with(text):
    """Of sensor_interpret.c: the number of the only line with this text."""
    source = (ROOT / "fuzz" / "reference" / "sensor_interpret.c").read_text().splitlines()
    [at] = [i for i, line in enumerate(source, 1) if text in line]
    return at


class Coverage(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        subprocess.run([sys.executable, "-SB", ROOT / "corpus" / "channel" / "generate.py", self.folder, "wildcard_only",
                        "good_mixed", "replay_291"], check=True, stdout=subprocess.DEVNULL)
        self.lcov = self.folder / "out" / "run.lcov"
        self.lcov.parent.mkdir()

    def run_sluice(self, *words, driver=IMAGES):
        return subprocess.run([SLUICE, "run", "--driver", driver, *words], cwd=self.folder, capture_output=True, text=True)

    def cover(self, *words, **options):
        return self.run_sluice(*words, "--coverage", "out/run.lcov", **options)

    def figures(self, *words):
        """build -> hit, blocks, reachable"""
        done = self.cover(*words)
        self.assertEqual(done.stderr, "")
        found = {build: tuple(map(number, numbers)) for build, *numbers in LINE.findall(done.stdout)}
        for hit, blocks, reachable in found.values():
            self.assertTrue(0 < hit <= reachable <= blocks, found)
        return found

    def left_behind(self):
        return sorted(path.name for path in self.lcov.parent.iterdir())

    def test_a_line_for_each_build(self):
        few = self.figures("wildcard_only.bin")
        many = self.figures("good_mixed.bin")
        both = self.figures("good_mixed.bin", "wildcard_only.bin", "replay_291.bin")
        self.assertEqual(list(few), ["7.10", "7.11", "7.11.1", "7.12"])
        for build in few:
            self.assertLess(few[build][0], many[build][0])
            self.assertLessEqual(many[build][0], both[build][0])
            self.assertEqual(few[build][1], both[build][1])

    def test_the_same_again(self):
        words = ["good_mixed.bin", "replay_291.bin", "wildcard_only.bin"]
        first = self.cover(*words, "--jobs", "1")
        lcov = self.lcov.read_text()
        again = self.cover(*words, "--jobs", "4")
        self.assertEqual((again.stdout, self.lcov.read_text()), (first.stdout, lcov))

    def test_nothing_else_is_different(self):
        for content in ("good_mixed.bin", "replay_291.bin"):
            plain, counted = self.run_sluice(content), self.cover(content)
            self.assertEqual(counted.returncode, plain.returncode)
            self.assertEqual(LINE.sub("", counted.stdout).rstrip("\n"), plain.stdout.rstrip("\n"))
            plain, counted = (run(content, "--format", "json") for run in (self.run_sluice, self.cover))
            report = json.loads(counted.stdout)
            self.assertEqual([set(build) for build in report.pop("coverage")], [{"build", "blocks", "hit", "reachable"}] * 4)
            self.assertEqual(report, json.loads(plain.stdout))

    def test_json_has_the_figures_of_the_text(self):
        figures = self.figures("replay_291.bin")
        told = json.loads(self.cover("replay_291.bin", "--format", "json").stdout)["coverage"]
        self.assertEqual({each["build"]: (each["hit"], each["blocks"], each["reachable"]) for each in told}, figures)

    def test_the_tracefile_has_what_ran_before_a_fault(self):
        self.cover("replay_291.bin")
        lines = tracefile(self.lcov)
        self.assertEqual(list(lines), ["7_10", "7_11", "7_11_1", "7_12"])
        self.assertEqual(self.left_behind(), ["run.lcov"])
        # Where 7.11 reads past its inputs.
        reading = line_with("evaluation->inputs[criterion->input]")
        interpreter = "fuzz/reference/sensor_interpret.c"
        self.assertTrue(lines["7_11"][interpreter][reading])
        self.assertFalse(lines["7_10"][interpreter][reading])  # refuses the file
        self.cover("wildcard_only.bin")
        self.assertFalse(tracefile(self.lcov)["7_11"][interpreter][reading])
        # Whatever is named is there, and so long.
        for build in lines.values():
            for name, numbers in build.items():
                self.assertLessEqual(max(numbers), len((ROOT / name).read_text().splitlines()), name)

    def test_builds_that_are_not_counted(self):
        done = self.cover("wildcard_only.bin", driver=str(SENSOR / "sensor-arm64.driver.yaml"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("blocks: not counted: its image is emulated\n"), 4)
        self.assertEqual(done.stderr, "sluice: out/run.lcov was not written: no lines are known of any build\n")
        self.assertEqual(self.left_behind(), [])

        mixed = self.folder / "mixed.driver.yaml"
        mixed.write_text(f'driver: mixed\nadapter: {SENSOR}/image/adapter.so\nbuilds:\n'
                         f'  - {{name: a, image: {SENSOR}/image/x86_64/7.11.sys}}\n  - {{name: b, replica: {SENSOR}/7.11.so}}\n'
                         '  - {name: c, image: gone.sys}\n')
        done = self.cover("wildcard_only.bin", driver=str(mixed))
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stdout, r"(?m)^a  blocks: \d+ of \d+ of the image ran, \d+ are reachable$")
        self.assertIn("\nb  blocks: not counted: it is a replica, and has no image\n", done.stdout)
        self.assertIn("\nc  blocks: not counted: there is no image 'gone.sys'\n", done.stdout)
        self.assertEqual(list(tracefile(self.lcov)), ["a"])

    def test_an_image_without_lines(self):
        bare = self.folder / "bare.sys"
        bare.write_bytes((SENSOR / "image" / "x86_64" / "7.11.sys").read_bytes())
        adapter = SENSOR / "image" / "adapter.so"
        document = self.folder / "bare.driver.yaml"
        document.write_text(f"driver: bare\nadapter: {adapter}\nbuilds: [{{name: a, image: bare.sys}}]\n")
        done = self.cover("wildcard_only.bin", driver=str(document))
        # The adapter names functions that only the PDB knows; what is missing is told once.
        self.assertIn("a  blocks: ", done.stdout)
        self.assertIn("sluice: out/run.lcov was not written: no lines are known of any build\n", done.stderr)
        self.assertEqual(self.left_behind(), [])

    def test_what_cannot_be(self):
        done = self.cover("wildcard_only.bin", driver=str(SENSOR / "sensor.driver.yaml"))
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--coverage counts blocks of images, and ", done.stderr)
        done = self.run_sluice("wildcard_only.bin", "--coverage", "nowhere/run.lcov")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("nowhere/run.lcov", done.stderr)
        self.assertEqual(self.left_behind(), [])


if __name__ == "__main__":
    unittest.main()
