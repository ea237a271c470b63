#!/usr/bin/env python3
"""Nights of the incident's build: its fault is found, filed once, open the next night, fixed by a new image, and told when
it is back.

    night_test.py SLUICE BUILD_DIR [TEST...]
"""
import json
import re
import shutil
import sys
import unittest

import farming
from farming import FAIL, NO_VERDICT, PASS

SLUICE, BUILD = farming.arguments()
sys.path.insert(0, str(farming.ROOT / "corpus/channel"))
import generate  # noqa: E402


class NightTest(farming.Farming):
    sluice, build = SLUICE, BUILD

    def replace(self, old, new):
        for kind in (".sys", ".pdb"):
            image = self.folder / f"sensor/image/x86_64/{old}{kind}"
            if image.exists():
                shutil.copy(image, image.with_name(new + kind))

    def test_the_life_of_a_fault(self):
        self.write_farm("7.11", turns=2, runs=3000)
        first = self.farm("--metrics", "farm.prom", expect=FAIL)
        states = first.states()
        [incident] = [identity for identity in states if identity.startswith("7.11-read-match_criterion-")]
        self.assertEqual(set(states.values()), {"new"})
        self.assertIn(f"NEW       sensor {incident}: read of ", first.out)
        faults = self.folder / "farm/faults/sensor"
        self.assertEqual(json.loads((faults / f"{incident}.filed.json").read_text()), {"version": 1, "worker": "w", "night": 1})
        self.assertEqual(sorted(path.name.removesuffix(".found.json") for path in faults.glob("*.found.json")), sorted(states))
        lane = first.lane("7.11")
        self.assertEqual((lane["turns"], lane["failed_turns"]), (2, 0))
        self.assertGreaterEqual(lane["executions"], 6000)
        self.assertGreater(lane["blocks"]["covered"], 150)
        self.assertEqual(self.rows("SELECT sum(executions) FROM turns"), [(lane["executions"],)])
        self.look_at_metrics(lane, len(states))
        code, told = self.status()
        self.assertEqual(code, 0, told)
        self.assertRegex(told, r"farm night, night 1 of w: \d+ s, ended with exit code 1; 2 turns, 0 running")
        self.assertRegex(told, rf"NEW +sensor {re.escape(incident)}")

        # The same faults again: none is new, and each is there once.
        second = self.farm(expect=PASS)
        self.assertEqual(set(second.states().values()), {"open"})
        self.assertEqual(set(second.states()), set(states))
        self.assertEqual({fault["first_night"] for fault in second.summary["faults"]}, {1})
        self.assertNotEqual(self.rows("SELECT seed FROM turns WHERE night = 1"), self.rows("SELECT seed FROM turns WHERE night = 2"))

        # The build is replaced by one that is right, and its contract with it.
        self.replace("7.11", "old")
        contract = self.driver.read_text()
        self.replace("7.12", "7.11")
        self.driver.write_text(contract.replace("supplies: {1: 12, 2: 8, 3: 20}", "supplies: {1: 12, 2: 8, 3: 21}"))
        third = self.farm(expect=PASS)
        self.assertEqual(third.states()[incident], "fixed")
        self.assertIn(f"FIXED     sensor {incident}", third.out)
        fourth = self.farm(expect=PASS)
        self.assertEqual([fault["since_night"] for fault in fourth.summary["faults"] if fault["identity"] == incident], [3])
        self.assertNotIn("FIXED", fourth.out)

        # And it comes back.
        self.replace("old", "7.11")
        self.driver.write_text(contract)
        fifth = self.farm(expect=FAIL)
        self.assertEqual(fifth.states()[incident], "returned")
        self.assertIn(f"RETURNED  sensor {incident}", fifth.out)
        self.assertEqual(self.farm(expect=PASS).states()[incident], "returned")

    def look_at_metrics(self, lane, num_faults):
        text = (self.folder / "farm.prom").read_text()
        labels = r'\{farm="night",worker="w",target="sensor",build="7.11"'
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) \w+ .+|sluice_farm_\w+\{(\w+="[^"]*",?)+\} [0-9.e+]+)$')
        self.assertRegex(text, rf"sluice_farm_executions_total{labels}\}} {lane['executions']}\n")
        self.assertRegex(text, rf'sluice_farm_faults{labels},state="new"\}} {num_faults}\n')
        self.assertRegex(text, rf"sluice_farm_last_new_timestamp_seconds{labels}\}} \d{{9,}}")

    def test_the_same_night_twice_is_the_same(self):
        self.write_farm("7.10", "7.12", turns=2, runs=400)
        nights = []
        for _ in range(2):
            shutil.rmtree(self.folder / "farm", ignore_errors=True)
            night = self.farm(expect=PASS)
            nights.append([[lane[key] for key in ("build", "turns", "executions", "accepted", "blocks", "corpus")]
                           for lane in night.summary["lanes"]] + [self.rows("SELECT turn, build, seed FROM turns")])
        self.assertEqual(nights[0], nights[1])

    def test_time_ends_a_night_and_every_lane_has_had_a_turn(self):
        self.write_farm("7.10", "7.12", time="4s", slice="60s")
        night = self.farm(expect=PASS)
        self.assertTrue(all(lane["turns"] >= 1 for lane in night.summary["lanes"]))
        self.assertTrue(night.summary["night"]["ended"])

    def test_a_release_is_a_target(self):
        (self.folder / "content").mkdir()
        (self.folder / "content/good.bin").write_bytes(generate.make("good_mixed"))
        (self.folder / "r.release.yaml").write_text(
            "release: r\ncontent: [content]\ndriver: sensor/sensor-images.driver.yaml\n")
        (self.folder / "r.farm.yaml").write_text(
            'farm: r\nfolder: farm\njobs: 1\nturns: 1\nruns: 50\n'
            'targets: [{name: sensor, release: r.release.yaml, builds: "7.10"}]\n')
        night = self.farm(document="r.farm.yaml", expect=PASS)
        self.assertEqual([lane["build"] for lane in night.summary["lanes"]], ["7.10"])
        # One seed, and not those that are made where there is none.
        self.assertGreater(night.lane("7.10")["blocks"]["seeds"], 0)
        self.assertLess(night.lane("7.10")["corpus"], 16)

    def test_documents_that_are_wrong(self):
        (self.folder / "bad.farm.yaml").write_text("farm: x\ntime: 1h\ntargets: [{name: t, drver: d.yaml}]\n")
        night = self.farm(document="bad.farm.yaml", expect=NO_VERDICT)
        self.assertIn("bad.farm.yaml:3:", night.err)
        self.assertIn("SL0510", night.err)
        self.assertFalse((self.folder / "x").exists())


if __name__ == "__main__":
    unittest.main()
