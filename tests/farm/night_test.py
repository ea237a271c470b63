#!/usr/bin/env python3
"""Nights of the incident's build: its fault is found, filed once as the case that triage makes of it, open the next night,
fixed by a new image, and told when it is back.

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


INCIDENT = "bad-address-instances.criteria.input-1bc9ff88"


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
        self.assertEqual(states, {INCIDENT: "new"})
        self.assertIn(f"NEW       sensor {INCIDENT}: instances[0].criteria[0].input is 20", first.out)
        self.look_at_case(first)
        lane = first.lane("7.11")
        self.assertEqual((lane["turns"], lane["failed_turns"]), (2, 0))
        self.assertGreaterEqual(lane["executions"], 6000)
        self.assertGreater(lane["blocks"]["covered"], 150)
        self.assertEqual(self.rows("SELECT sum(executions) FROM turns"), [(lane["executions"],)])
        self.look_at_metrics(lane, len(states))
        code, told = self.status()
        self.assertEqual(code, 0, told)
        self.assertRegex(told, r"farm night, night 1 of w: \d+ s, ended with exit code 1; 2 turns, 0 running")
        self.assertRegex(told, rf"NEW +sensor {re.escape(INCIDENT)}")

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
        self.assertEqual(third.states()[INCIDENT], "fixed")
        self.assertIn(f"FIXED     sensor {INCIDENT}", third.out)
        self.assertFalse(self.case("new").exists())
        self.assertTrue(self.case("regression").exists())
        fourth = self.farm(expect=PASS)
        self.assertEqual([fault["since_night"] for fault in fourth.summary["faults"] if fault["identity"] == INCIDENT], [3])
        self.assertNotIn("FIXED", fourth.out)

        # And it comes back.
        self.replace("old", "7.11")
        self.driver.write_text(contract)
        fifth = self.farm(expect=FAIL)
        self.assertEqual(fifth.states()[INCIDENT], "returned")
        self.assertRegex(fifth.out, rf"RETURNED  sensor {re.escape(INCIDENT)}: .*; it was fixed in night 3, and is back since night 5")
        self.assertEqual(self.farm(expect=PASS).states()[INCIDENT], "returned")

    def look_at_case(self, night):
        """What campaigns found are files by their names, and one case by its cause."""
        [fault] = night.summary["faults"]
        faults = self.folder / "farm/faults/sensor"
        self.assertEqual({path.name.removesuffix(".found.json") for path in faults.glob("*.found.json")}, set(fault["found"]))
        for identity in fault["found"]:
            self.assertTrue(identity.startswith("7.11-"))
            self.assertEqual(json.loads((faults / f"{identity}.filed.json").read_text()), {"version": 1, "worker": "w", "night": 1})
            triaged = json.loads((faults / f"{identity}.triaged.json").read_text())
            self.assertEqual((triaged["case"], triaged["cause"]), (INCIDENT, fault["cause"]))
        self.assertEqual((fault["build"], fault["filed_by"], fault["replays"]), ("7.11", "w", False))
        self.assertEqual(fault["field"], "instances[0].criteria[0].input")
        self.assertIn(INCIDENT, (self.folder / "farm" / fault["page"]).read_text())
        self.assertLess((self.case("new") / "content.bin").stat().st_size, 2048)
        self.assertEqual(json.loads((self.case("new") / "expected.json").read_text())["builds"], ["7.11"])

    def case(self, state):
        return self.folder / "farm/crashes/sensor" / state / INCIDENT

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
