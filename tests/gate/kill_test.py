#!/usr/bin/env python3
"""A gate that is killed at any moment leaves nothing that lies, and the next run ends as if nothing had been.

    kill_test.py SLUICE BUILD_DIR [TEST...]

The moments are drawn, and spread over all that the run does: it judges, fuzzes, signs, records and reports.
"""
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

import gating
from gating import FAIL, PASS
from marked import Mark

SLUICE, BUILD = gating.arguments()
KILLS = 50


class KillTest(gating.Gating):
    sluice, build = SLUICE, BUILD

    def setUp(self):
        super().setUp()
        self.mark = Mark()
        self.key, _ = self.new_key()
        self.own_sensor(replicas=False)
        self.keep_builds("7.10", "7.12")
        self.content("wildcard_only", "good_mixed")
        self.words = ["--sign", self.key, "--record", "--report", "json=report.json", "--report", "junit=report.xml"]

    def release(self, content):
        self.write_release(content, driver="sensor/sensor-images.driver.yaml", policy={"fuzz": {"runs": 10, "max_len": 2048}})

    def start(self):
        return subprocess.Popen(self.command(*self.words), cwd=self.folder, env=self.environment(**self.mark.environment),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                start_new_session=True)

    def kill(self, after, whole_group):
        """True: it was killed while it ran."""
        gate = self.start()
        try:
            out, _ = gate.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            self.mark.kill(self.mark.processes() if whole_group else [gate.pid])
            out, _ = gate.communicate()
        self.assertIn(gate.returncode, (-signal.SIGKILL, self.right))
        if out and gate.returncode == -signal.SIGKILL:
            self.see_part_of_a_report(out)
        self.assertEqual(self.mark.left_after(2), [], "processes are left")
        return gate.returncode == -signal.SIGKILL

    def see_part_of_a_report(self, out):
        """A whole one is of a run that was at its end, and right."""
        try:
            report = json.loads(out)
        except ValueError:
            return
        self.assertEqual(report["verdict"], ["PASS", "FAIL"][self.right])

    def look(self):
        """All that is there is true."""
        for path in self.folder.rglob("*.intoto.jsonl"):
            content = str(path.relative_to(self.folder)).removesuffix(".intoto.jsonl")
            code, said = self.verify(content, "--build", "7.10")
            self.assertEqual(code, self.verified[content], said)
        report = self.folder / "report.json"
        if report.exists():
            self.assertEqual(json.loads(report.read_text())["verdict"], ["PASS", "FAIL"][self.right])
        database = self.folder / ".sluice/gate.db"
        if database.exists() and database.stat().st_size > 0:
            with sqlite3.connect(database) as open_database:
                self.assertEqual(open_database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
                tables = open_database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
                if tables:
                    [[releases]] = open_database.execute("SELECT count(*) FROM releases")
                    self.assertIn(releases, (0, len(self.verified)) if self.right == PASS else (0,))
            open_database.close()

    def complete(self):
        outcome = self.gate(*self.words, expect=self.right)
        self.assertEqual(outcome.report["matrix"], self.matrix)
        told = [reason for reason in outcome.told("SL0703") if "was empty: it is begun anew" not in reason]
        self.assertEqual(told, [])
        attestations = [name for name in self.attestations() if not name.endswith(".tmp")]
        self.assertEqual(attestations, sorted(f"{content}.intoto.jsonl" for content in self.verified))
        self.look()
        left = [name for name in self.left_over() if not name.endswith(".tmp")]
        self.assertEqual(left, [])

    def forget(self):
        shutil.rmtree(self.folder / ".sluice", ignore_errors=True)
        for name in ("report.json", "report.xml", *self.attestations()):
            (self.folder / name).unlink(missing_ok=True)

    def run_rounds(self, kills, seed):
        draw = random.Random(seed)
        begin = time.monotonic()
        self.matrix = self.gate(*self.words, expect=self.right).report["matrix"]
        long = time.monotonic() - begin
        killed = 0
        for number in range(kills):
            if number % 5 == 0:
                self.forget()
            # Most moments are in a run that has all to do; each fifth in the end of one that remembers.
            after = draw.uniform(0, long if number % 5 < 4 else long / 3)
            with self.subTest(kill=number, after=f"{after:.3f}"):
                killed += self.kill(after, whole_group=number % 2 == 0)
                self.look()
                if number % 5 == 4:
                    self.complete()
        self.complete()
        print(f"\n{killed} of {kills} killed, in runs of {long:.2f} s")
        self.assertGreater(killed, kills // 3)

    def test_a_release_that_passes(self):
        self.right = PASS
        self.release(["content"])
        self.verified = {"content/wildcard_only.bin": 0, "content/good_mixed.bin": 0}
        self.run_rounds(KILLS * 3 // 5, seed=7)

    def test_a_release_that_fails(self):
        self.right = FAIL
        self.content("groups_that_overlap")
        self.release(["content"])
        self.verified = {"content/wildcard_only.bin": 0, "content/good_mixed.bin": 0, "content/groups_that_overlap.bin": 1}
        self.run_rounds(KILLS * 2 // 5, seed=8)


if __name__ == "__main__":
    unittest.main()
