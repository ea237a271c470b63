#!/usr/bin/env python3
"""A second run with nothing changed computes nothing; what changed is computed again, and nothing else is.

    incremental_test.py SLUICE BUILD_DIR [TEST...]
"""
import shutil
import sqlite3
import time
import unittest

import gating
from gating import FAIL, NO_VERDICT, PASS

SLUICE, BUILD = gating.arguments()
BUILDS = 4
FILES = ["wildcard_only", "good_mixed", "replay_291", "groups_that_overlap"]
RUNS = BUILDS * len(FILES)


def without_memory(report):
    """A report without what tells where its results are from."""
    return report | {"release": {**report["release"], "remembered": None}}


class IncrementalTest(gating.Gating):
    sluice, build = SLUICE, BUILD

    driver = "sensor/sensor-images.driver.yaml"
    files = [f"content/{name}.bin" for name in FILES]
    base = None

    def setUp(self):
        """Each test goes on where a first run has ended, in a copy of its folder."""
        super().setUp()
        if self.base is None:
            made = gating.Gating()
            made.sluice, made.build = self.sluice, self.build
            made.setUp()
            self.addClassCleanup(made.doCleanups)
            made.own_sensor(replicas=False)
            made.content(*FILES)
            made.write_release(self.files, driver=self.driver)
            IncrementalTest.base = made.folder
            begin = time.monotonic()
            IncrementalTest.first = made.gate("-j", "2", expect=FAIL)
            IncrementalTest.seconds = time.monotonic() - begin
            self.assertEqual((self.first.release["remembered"], self.first.release["runs"]), (0, RUNS))
        self.folder.rmdir()
        shutil.copytree(self.base, self.folder)
        self.database = self.folder / ".sluice/gate.db"

    def remembered(self, number, *words, of=RUNS, expect=FAIL, **options):
        outcome = self.gate(*words, expect=expect, **options)
        self.assertEqual((outcome.release["remembered"], outcome.release["runs"]), (number, of))
        return outcome

    def change(self, name, old, new):
        path = self.folder / "sensor" / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))

    def test_nothing_changed(self):
        begin = time.monotonic()
        second = self.remembered(RUNS)
        seconds = time.monotonic() - begin
        print(f"\nsecond run: {seconds:.2f} s of {self.seconds:.2f} s, {100 * seconds / self.seconds:.0f}%")
        self.assertEqual(without_memory(self.first.report), without_memory(second.report))
        self.remembered(RUNS, "--jobs", "1")
        anew = self.remembered(0, "--no-cache")
        self.assertEqual(without_memory(anew.report), without_memory(second.report))

    def test_the_same_content_by_another_name(self):
        shutil.copy(self.folder / self.files[2], self.folder / "content/other.bin")
        self.write_release(["content/other.bin"], driver=self.driver)
        outcome = self.remembered(BUILDS, of=BUILDS)
        self.assertEqual({f["file"] for f in outcome.findings() if "file" in f and f["file"].endswith(".bin")},
                         {"content/other.bin"})

    def test_a_byte_of_content(self):
        path = self.folder / self.files[3]
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        self.remembered(RUNS - BUILDS)

    def test_a_rule(self):
        rules = self.folder / "sensor/channel.rules.yaml"
        rules.write_text(rules.read_text() + "# changed\n")
        self.remembered(0)
        self.remembered(RUNS)

    def test_the_schema(self):
        schema = self.folder / "sensor/channel.ksy"
        schema.write_text(schema.read_text() + "# changed\n")
        self.remembered(0)

    def test_what_a_build_supplies(self):
        self.change("sensor-images.driver.yaml", "supplies: {1: 12, 2: 8, 3: 21}", "supplies: {1: 12, 2: 8, 3: 20}")
        self.remembered(RUNS - len(FILES))

    def test_words_of_the_driver_document_that_no_build_sees(self):
        self.change("sensor-images.driver.yaml", "driver:", "# changed\ndriver:")
        self.remembered(RUNS)

    def test_the_image_of_one_build(self):
        with open(self.folder / "sensor/image/x86_64/7.11.sys", "ab") as image:
            image.write(b"\0")
        self.remembered(RUNS - len(FILES))

    def test_the_replica_of_one_build(self):
        self.own_sensor()
        self.remembered(0)
        with open(self.folder / "sensor/7.12.so", "ab") as replica:
            replica.write(b"\0")
        self.remembered(RUNS - len(FILES))

    def test_the_adapter_of_all(self):
        with open(self.folder / "sensor/image/adapter.so", "ab") as adapter:
            adapter.write(b"\0")
        self.remembered(0)

    def test_the_worker(self):
        for name in ("sluice-run", "sluice-run-asan"):
            shutil.copy(self.build / name, self.folder / name)
        environment = {"SLUICE_RUN": str(self.folder / "sluice-run")}
        self.remembered(RUNS, environment=environment)  # the same bytes
        for name in ("sluice-run", "sluice-run-asan"):
            with open(self.folder / name, "ab") as worker:
                worker.write(b"\0")
            self.remembered(0, environment=environment)

    def test_limits(self):
        self.remembered(0, "--limit-elements", "100000")
        self.remembered(RUNS, "--limit-elements", "100000")

    def test_policy(self):
        """What is made of the findings is no part of them."""
        self.write_release(self.files, driver=self.driver, policy={"coverage": {"content": "any"}, "require": ["7.12"]})
        self.remembered(RUNS)

    def test_campaigns(self):
        files, runs = self.files[:2], 2 * BUILDS
        counter = self.folder / "sluice-fuzz"  # counts the campaigns that are begun
        counter.write_text(f'#!/bin/sh\necho begun >> "{self.folder}/begun"\nexec "{self.build}/sluice-fuzz" "$@"\n')
        counter.chmod(0o755)

        def fuzzed(begun, **fuzz):
            self.write_release(files, driver=self.driver, policy={"fuzz": fuzz})
            (self.folder / "begun").write_text("")
            outcome = self.remembered(runs, of=runs, expect=PASS, environment={"SLUICE_FUZZ": str(counter)})
            self.assertEqual((self.folder / "begun").read_text().count("begun"), begun)
            self.assertTrue(all(campaign["executions"] >= fuzz["runs"] for campaign in outcome.release["campaigns"]))
            return outcome

        first = fuzzed(BUILDS, runs=60, seed=3)
        self.assertEqual(without_memory(first.report), without_memory(fuzzed(0, runs=60, seed=3).report))
        fuzzed(BUILDS, runs=70, seed=3)
        with open(self.folder / "sensor/image/x86_64/7.11.sys", "ab") as image:
            image.write(b"\0")
        runs_before, runs = runs, runs - 2
        self.write_release(files, driver=self.driver, policy={"fuzz": {"runs": 70, "seed": 3}})
        (self.folder / "begun").write_text("")
        self.remembered(runs, of=runs_before, expect=PASS, environment={"SLUICE_FUZZ": str(counter)})
        self.assertEqual((self.folder / "begun").read_text().count("begun"), 1)

    # --- the database

    def test_one_that_cannot_be_used(self):
        whole = self.database.read_bytes()
        middle = bytearray(whole)
        middle[4096:4096 + 200] = bytes(200)
        with sqlite3.connect(self.database) as database:
            database.execute("PRAGMA user_version = 77")
        other = self.database.read_bytes()
        rows = {"cut short": whole[:len(whole) // 2 - 100], "garbage": b"garbage" * 1000, "spoilt": bytes(middle),
                "another version": other}
        for name, data in rows.items():
            with self.subTest(name):
                self.database.write_bytes(data)
                outcome = self.remembered(0)
                self.assertTrue(outcome.told("SL0703"))
                self.assertIn("gate.db", outcome.told("SL0703")[0])
                self.assertEqual(outcome.report["verdict"], "FAIL")
                self.assertEqual([file["verdict"] for file in outcome.report["files"] if file["kind"] == "content"],
                                 [file["verdict"] for file in self.first.report["files"] if file["kind"] == "content"])
                self.assertEqual(self.database.read_bytes(), data, "it is left as it is")

    def test_a_database_that_cannot_be_used_does_not_change_a_pass(self):
        self.write_release(self.files[:2], driver=self.driver)
        self.database.write_bytes(b"garbage" * 1000)
        outcome = self.gate(expect=PASS)
        self.assertEqual(len(outcome.told("SL0703")), 1)
        self.assertIs(outcome.report["deployable"], True)

    def test_a_flipped_bit_is_a_miss(self):
        with sqlite3.connect(self.database) as database:
            [[count]] = database.execute("SELECT count(*) FROM entries WHERE kind LIKE 'run/%'")
            self.assertEqual(count, RUNS)
            [[digest, value]] = database.execute(
                "SELECT digest, value FROM entries WHERE kind LIKE 'run/%' ORDER BY length(value) DESC, digest LIMIT 1")
            value = bytearray(value)
            value[len(value) // 2] ^= 4
            database.execute("UPDATE entries SET value = ? WHERE digest = ? AND kind LIKE 'run/%'", (bytes(value), digest))
        outcome = self.remembered(RUNS - 1)
        self.assertTrue(outcome.told("SL0703"))
        self.assertEqual(outcome.report["matrix"], self.first.report["matrix"])
        self.remembered(RUNS)

    def test_a_result_under_the_key_of_another_is_a_miss(self):
        with sqlite3.connect(self.database) as database:
            rows = database.execute("SELECT rowid, seal, value FROM entries WHERE kind LIKE 'run/%' ORDER BY size").fetchall()
            small, large = rows[0], rows[-1]
            self.assertNotEqual(small[2], large[2])
            for (row, _, _), (_, seal, value) in ((small, large), (large, small)):
                database.execute("UPDATE entries SET seal = ?, value = ? WHERE rowid = ?", (seal, value, row))
        self.remembered(RUNS - 2)

    def test_no_verdict_is_not_remembered(self):
        outcome = self.gate(expect=NO_VERDICT, environment={"SLUICE_RUN": "/bin/false"})
        self.assertEqual(outcome.release["remembered"], 0)
        outcome = self.gate(expect=NO_VERDICT, environment={"SLUICE_RUN": "/bin/false"})
        self.assertEqual(outcome.release["remembered"], 0)


if __name__ == "__main__":
    unittest.main()
