#!/usr/bin/env python3
"""What a night is told by in the morning: the page, the status and the summary say the same, of one worker and of several.

    morning_test.py SLUICE BUILD_DIR [TEST...]

Campaigns here are told what to say (farming.FAKE_FUZZ).
"""
import html
import json
import re
import subprocess
import unittest

import farming
from farming import FAIL, FAKE_FUZZ, NO_VERDICT, PASS

SLUICE, BUILD = farming.arguments()
FOUND = """
import pathlib
pathlib.Path(words["faults"]).mkdir(parents=True, exist_ok=True)
pathlib.Path(words["faults"], "7.11-read-match_criterion-0dea60ce.found.json").write_text(json.dumps(
    {"version": 1, "identity": "7.11-read-match_criterion-0dea60ce", "build": "7.11", "fault": "read past <b>all</b>"}))
summary["operators"] = [{"build": "7.11", "expressible": 9, "executed": 8, "dark": [{"text": "input 3, operator regex"}]}]
"""
SLOWEST = [{"build": "7.11", "usual_microseconds": 40,
            "files": [{"name": f"{k:064x}", "microseconds": 9000 - k} for k in range(7)]}]


class MorningTest(farming.Farming):
    sluice, build = SLUICE, BUILD

    def setUp(self):
        super().setUp()
        fake = self.folder / "fake-fuzz"
        fake.write_text(FAKE_FUZZ)
        fake.chmod(0o755)
        self.fakes = {"SLUICE_FUZZ": str(fake), "SLOWEST": json.dumps(SLOWEST)}
        self.write_farm("7.11", turns=2, runs=100)

    def night(self, program="", expect=PASS, worker="w", words=()):
        return self.farm(*words, expect=expect, worker=worker, environment={**self.fakes, "FAKE": program})

    def page(self, name):
        return (self.folder / name).read_text()

    def test_all_say_the_same(self):
        for expect in (PASS, PASS, FAIL):
            night = self.night(FOUND if expect == FAIL else FOUND.split("pathlib.Path(words")[0] + FOUND[FOUND.index("summary["):],
                               expect, words=("--html", "night.html"))
        page = self.page("night.html")
        code, told = self.status()
        self.assertEqual(code, 0, told)
        summary = night.summary
        self.assertEqual([(one["text"], one["first_night"]) for one in summary["dark"]], [("input 3, operator regex", 1)])
        self.assertEqual([one["microseconds"] for one in summary["slow"]], [9000, 8999, 8998, 8997, 8996])
        self.assertEqual({one["usual_microseconds"] for one in summary["slow"]}, {40})
        commands = [step["command"] for step in summary["next"]]
        self.assertTrue(commands[0].startswith("sluice triage farm/faults/sensor/7.11-read-match_criterion-0dea60ce.bin --driver "
                                               "sensor/sensor-images.driver.yaml --schema sensor/channel.ksy --rules "))
        self.assertIn("sluice generate --schema sensor/channel.ksy ", commands[1])
        self.assertIn(f"sluice run farm/corpus/sensor/{0:064x} ", commands[2])
        for text in (night.out, told):
            self.assertRegex(text, r"NEW +sensor 7\.11-read-match_criterion-0dea60ce: read past <b>all</b>; "
                                   r"not triaged: .*No such file or directory\n")
            self.assertIn("dark      sensor 7.11: 1 of 9 operators, some since night 1: input 3, operator regex\n", text)
            self.assertIn(f"slow      sensor 7.11: 9,000 us for {0:064x}, where 40 are usual\n", text)
            for step in summary["next"]:
                self.assertIn(f"next      {step['what']}\n            {step['command']}\n", text)
        for text in ("FAIL", "read past &lt;b&gt;all&lt;/b&gt;", "night 1 (3 nights)", f"{0:064x}", *map(html.escape, commands)):
            self.assertIn(text, page)
        # The night has ended: its page says the same whenever it is asked for.
        done = self.status_page()
        self.assertEqual(done, "")
        self.assertEqual(self.page("status.html"), page)

    def status_page(self, *words):
        done = subprocess.run([str(self.sluice), "farm", "status", "night.farm.yaml", "--html", "status.html", *words],
                              cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=farming.SECONDS, check=False)
        return done.stdout + done.stderr

    def test_the_page_of_one_worker_tells_of_the_others(self):
        self.assertIn("nobody has worked here yet", self.status_page())
        self.night(FOUND, FAIL, worker="alpha")
        self.night(worker="beta", words=("--html", "beta.html"))
        rows = re.findall(r'<tr><th scope="row"><code>(\w+)</code></th>(.*?)</tr>', self.page("beta.html").split('id="workers"')[1])
        [(worker, row)] = rows
        self.assertEqual((worker, re.findall(r"<td[^>]*>([^<]*)</td>", row)[2:]), ("alpha", ["ended with 1", "200", "1", "0", "0"]))
        self.assertIn("names one of alpha, beta", self.status_page("--worker", "nobody"))
        self.assertEqual(self.status_page("--worker", "alpha"), "")
        self.assertIn('<p class="verdict">FAIL</p>', self.page("status.html"))
        # A state that cannot be read takes nothing from the page of another.
        (self.folder / "farm/state/beta.sqlite").write_bytes(b"x" * 2000)
        self.assertEqual(self.status_page("--worker", "alpha"), "")
        self.assertIn("is damaged", self.page("status.html"))

    def test_a_page_that_cannot_be_written(self):
        night = self.night(expect=NO_VERDICT, words=("--html", "nowhere/night.html"))
        self.assertIn("nowhere/night.html", night.err)
        self.assertIn("PASS  nothing new", night.out)
        self.assertFalse((self.folder / "nowhere").exists())


if __name__ == "__main__":
    unittest.main()
