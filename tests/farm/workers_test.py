#!/usr/bin/env python3
"""Three workers on one folder: they end with all that any of them found, and every fault is filed once.

    workers_test.py SLUICE BUILD_DIR [TEST...]
"""
import json
import subprocess
import time
import unittest

import farming
from farming import FAIL, NO_VERDICT

SLUICE, BUILD = farming.arguments()
BUILDS = ("7.10", "7.11")
WORKERS = ("alpha", "beta", "gamma")


class WorkersTest(farming.Farming):
    sluice, build = SLUICE, BUILD

    def test_three_at_once(self):
        self.write_farm(*BUILDS, turns=2, runs=1000)
        running = {worker: subprocess.Popen(self.command(worker=worker), cwd=self.folder, env=self.environment(),
                                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                   for worker in WORKERS}
        met = {}
        folder = self.folder / "farm/corpus/sensor"
        while any(process.poll() is None for process in running.values()):
            for path in folder.iterdir() if folder.exists() else ():
                if path.name not in met and not path.name.startswith("."):
                    try:
                        met[path.name] = path.read_bytes()
                    except FileNotFoundError:
                        pass
            time.sleep(0.02)
        codes = {}
        for worker, process in running.items():
            said = process.communicate()[0].decode()
            codes[worker] = process.returncode
            self.assertIn(process.returncode, (0, FAIL), said)
        self.assertIn(FAIL, codes.values())
        left = self.corpus()
        met |= left
        _, reached = self.merge(left, *BUILDS)
        _, union = self.merge(met, *BUILDS)
        self.assertGreaterEqual(reached, union, f"{len(met)} files were there, {len(left)} are left")
        self.assertLess(len(left), len(met))
        # Each has looked with seeds of its own.
        seeds = [seed for worker in WORKERS for [seed] in self.rows("SELECT seed FROM turns", worker)]
        self.assertEqual(len(seeds), len(set(seeds)))
        # Every fault is filed by one of them, and all know it after another night; so is every case, which is new to one.
        faults = self.folder / "farm/faults/sensor"
        filed = {path.name.removesuffix(".filed.json"): json.loads(path.read_text())["worker"] for path in faults.glob("*.filed.json")}
        found = {path.name.removesuffix(".found.json") for path in faults.glob("*.found.json")}
        self.assertEqual(set(filed), found)
        self.assertEqual([path for path in faults.iterdir() if path.name.startswith(".")], [])
        crashes = self.folder / "farm/crashes/sensor"
        cases = {path.name.removesuffix(".filed.json"): json.loads(path.read_text())["worker"] for path in crashes.glob("*.filed.json")}
        self.assertEqual({path.name for path in (crashes / "new").iterdir()}, set(cases))
        triaged = {path.name.removesuffix(".triaged.json"): json.loads(path.read_text())["case"] for path in faults.glob("*.triaged.json")}
        self.assertEqual((set(triaged), set(triaged.values())), (found, set(cases)))
        self.assertEqual(len(cases), 1)  # whoever found what of it
        for worker in WORKERS:
            summary = json.loads((self.folder / f"{worker}.json").read_text())
            new = {fault["identity"] for fault in summary["faults"] if fault["state"] == "new"}
            self.assertEqual(new, {identity for identity, by in cases.items() if by == worker})
            self.assertEqual(codes[worker], FAIL if new else 0)
        code, told = self.status()
        self.assertEqual(code, 0)
        for worker in WORKERS:
            self.assertIn(f"night 1 of {worker}:", told)

    def test_two_of_one_name(self):
        self.write_farm("7.10", time="60s", slice="60s")
        first = subprocess.Popen(self.command(), cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not list(self.folder.glob("farm/state/w.turns/*.json")):
                self.assertIsNone(first.poll())
                time.sleep(0.05)
            code, told = self.status()
            self.assertRegex(told, r"night 1 of w: \d+ s, \d+ s left; 1 turns, 1 running")
            second = self.farm(expect=NO_VERDICT)
            self.assertIn("worker w runs already", second.err)
        finally:
            first.terminate()
            self.assertEqual(first.wait(timeout=farming.SECONDS), NO_VERDICT)
        # It was asked to end: what it did is written down, and the night goes on.
        [[executions, turns]] = self.rows("SELECT executions, turns FROM lanes")
        self.assertGreater(executions, 0)
        self.assertEqual(turns, 0)
        self.assertEqual(self.rows("SELECT night, code FROM nights"), [(1, -1)])


if __name__ == "__main__":
    unittest.main()
