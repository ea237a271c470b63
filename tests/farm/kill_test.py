#!/usr/bin/env python3
"""A farm that is killed at any moment loses at most a second of work, and the next start goes on with the same night.

    kill_test.py SLUICE BUILD_DIR [KILLS [SEED]]

The moments are drawn, and spread over all that a night does. CI kills a few times; 50 is the whole test.
"""
import json
import random
import signal
import subprocess
import sys
import time
import unittest

import farming
from farming import FAIL, PASS
from marked import Mark

SLUICE, BUILD = farming.arguments()
KILLS = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 10
SEED = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else random.SystemRandom().randrange(1 << 32)
BUILDS = ("7.10", "7.11")


class KillTest(farming.Farming):
    sluice, build = SLUICE, BUILD

    def setUp(self):
        super().setUp()
        self.mark = Mark()
        self.met = {}  # all that was ever in the corpus

    def kill(self, after, everything):
        """True: it was killed while it ran."""
        farm = subprocess.Popen(self.command(), cwd=self.folder, env=self.environment(**self.mark.environment),
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                start_new_session=True)
        try:
            farm.wait(timeout=after)
        except subprocess.TimeoutExpired:
            self.mark.kill(self.mark.processes() if everything else [farm.pid])
            farm.wait()
        self.assertEqual(self.mark.left_after(60), [], "processes are left")
        self.assertIn(farm.returncode, (-signal.SIGKILL, PASS, FAIL))
        return farm.returncode == -signal.SIGKILL

    def look(self):
        """All that is there is whole. What has been done: executions that are written down, and that campaigns told."""
        if (self.folder / "farm/corpus/sensor").exists():
            self.met |= self.corpus()
        if not (self.folder / "farm/state/w.sqlite").exists() or (self.folder / "farm/state/w.sqlite").stat().st_size == 0:
            return 0
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])
        if self.rows("SELECT count(*) FROM sqlite_schema") == [(0,)]:
            return 0
        [[executions]] = self.rows("SELECT coalesce(sum(executions), 0) FROM lanes")
        [[of_turns]] = self.rows("SELECT coalesce(sum(executions), 0) FROM turns")
        self.assertEqual(executions, of_turns)
        for night, turn in self.rows("SELECT night, turn FROM turns WHERE is_open = 1"):
            summary = self.folder / f"farm/state/w.turns/{night}-{turn}.json"
            if summary.exists():
                executions += json.loads(summary.read_text())["executions"]
        return executions

    def test_any_moment(self):
        draw = random.Random(SEED)
        self.write_farm(*BUILDS, turns=3, runs=1500, jobs=2)
        begin = time.monotonic()
        first = self.farm(expect=FAIL)
        long = time.monotonic() - begin
        self.met |= self.corpus()
        faults = set(first.states())
        killed = 0
        for number in range(KILLS):
            after = draw.uniform(0.05, 0.7 * long)
            with self.subTest(seed=SEED, kill=number, after=f"{after:.3f}"):
                night = self.rows("SELECT max(night) FROM nights")
                ended = self.rows("SELECT code FROM nights ORDER BY night DESC LIMIT 1") != [(-1,)]
                before = self.look()
                begin = time.monotonic()
                was_killed = self.kill(after, everything=number % 2 == 0)
                killed += was_killed
                if not was_killed and ended:  # a whole night: the machine has less to do than before
                    long = min(long, time.monotonic() - begin)
                done = self.look()
                self.assertGreaterEqual(done, before)
                now = self.rows("SELECT max(night) FROM nights")
                self.assertIn(now[0][0] - night[0][0], (0, 1) if ended else (0,))
        last = self.farm(expect=None)
        number = last.summary["night"]["number"]
        news = [fault for fault in last.summary["faults"] if fault["state"] == "new"]
        self.assertEqual(last.code, FAIL if news else PASS)
        self.assertEqual({fault["first_night"] for fault in news}, {number} if news else set())
        self.assertGreaterEqual(self.look(), done)
        # No number of a turn is missing or there twice, no two turns have one seed, none is open.
        for [night] in self.rows("SELECT night FROM nights"):
            turns = [turn for [turn] in self.rows(f"SELECT turn FROM turns WHERE night = {night} ORDER BY turn")]
            self.assertEqual(turns, list(range(1, len(turns) + 1)))
        seeds = self.rows("SELECT seed FROM turns")
        self.assertEqual(len(seeds), len(set(seeds)))
        self.assertEqual(self.rows("SELECT count(*) FROM turns WHERE is_open = 1"), [(0,)])
        # Every fault on the disk is filed and known, once, and every case is there as a whole.
        found = {path.name.removesuffix(".found.json") for path in (self.folder / "farm/faults/sensor").glob("*.found.json")}
        self.assertEqual(sorted(name for fault in last.summary["faults"] for name in fault["found"]), sorted(found))
        cases = {path.name for path in (self.folder / "farm/crashes/sensor/new").iterdir() if not path.name.startswith(".")}
        self.assertEqual(set(last.states()), cases)
        self.assertEqual(faults, cases)
        # Whatever any file came to that ever was there, those that are left come to.
        left = self.corpus()
        _, reached = self.merge(left, *BUILDS)
        _, all_of_it = self.merge(self.met | left, *BUILDS)
        self.assertGreaterEqual(reached, all_of_it)
        print(f"\nseed {SEED}: {killed} of {KILLS} killed, in nights of {long:.1f} s; {len(self.met)} files met, {len(left)} left")
        self.assertGreater(killed, KILLS // 3)


if __name__ == "__main__":
    unittest.main()
