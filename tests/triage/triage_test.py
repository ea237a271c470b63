#!/usr/bin/env python3
"""`sluice triage` as it is used: on the 291 fault that a campaign finds, on folders that are damaged, and on its cases.

    triage_test.py SLUICE BUILD_DIR [TEST...]
"""
import json
import pathlib
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "fuzz"))
sys.path.insert(0, str(ROOT / "tests" / "cli"))
import fuzzing  # noqa: E402
import hexfile  # noqa: E402
from fuzzing import FAIL, NO_VERDICT, PASS  # noqa: E402

SLUICE, BUILD = fuzzing.arguments()
IDENTITY = "bad-address-instances.criteria.input-1bc9ff88"


class TriageTest(fuzzing.Campaigns):
    sluice, build = SLUICE, BUILD

    def setUp(self):
        super().setUp()
        fuzzing.channel_files(self.folder / "channel")
        (self.folder / "found").mkdir()
        self.driver = self.build / "sensor/sensor-images.driver.yaml"

    def put(self, name, data=None, **note):
        """A crash file; a name of corpus/channel where there is no data. With a note it is one of `sluice fuzz`."""
        if data is None:
            data = (self.folder / "channel" / name).read_bytes()
        (self.folder / "found" / name).write_bytes(data)
        if note:
            (self.folder / "found" / name).with_suffix(".found.json").write_text(json.dumps(note))

    def run_sluice(self, *words, expect, before=(), **environment):
        done = subprocess.run([*before, *[str(word) for word in (self.sluice, *words)]], cwd=self.folder,
                              env=self.environment() | {"SOURCE_DATE_EPOCH": "1796083200"} | environment,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
        said = done.stdout.decode() + done.stderr.decode()
        self.assertEqual(done.returncode, expect, said)
        self.assertEqual(list((self.folder / "tmp").iterdir()), [], "temporary files are left")
        return done.stdout.decode(), done.stderr.decode()

    def triage(self, *words, expect=FAIL, folder="found", **more):
        out, _ = self.run_sluice("triage", folder, "--driver", self.driver, "--crashes", "crashes", "--format", "json",
                                 *words, expect=expect, **more)
        return json.loads(out) if out else None

    def reasons(self, report):
        return {pathlib.Path(each["file"]).name: each["reason"] for each in report["not_triaged"]}

    # --- what a campaign finds

    def test_the_291_fault_is_one_criterion_and_the_suggestion_is_the_contract(self):
        text = (ROOT / "schemas/channel.rules.yaml").read_text()
        holed = "\n\n".join(part for part in text.split("\n\n") if not part.startswith("uses:"))
        (self.folder / "holed.rules.yaml").write_text(holed)
        (self.folder / "seeds").mkdir()
        shutil.copy(self.folder / "channel/wildcard_only.bin", self.folder / "seeds")
        rules = ("--rules", "holed.rules.yaml")
        self.fuzz("--seeds", "seeds", *rules, build="7.11", runs=20000, seed=3, max_faults=1, expect=FAIL)
        good = self.folder / "good"
        good.mkdir()
        for name in ("wildcard_only.bin", "good_mixed.bin"):
            shutil.copy(self.folder / "channel" / name, good)
        report = self.triage(*rules, "--good", "good", folder="faults")
        [case] = report["cases"]
        self.assertEqual((case["builds"], case["state"], case["identity"]), (["7.11"], "new", IDENTITY))
        self.assertEqual(case["fields"][0]["path"], "instances[0].criteria[0].input")
        self.assertEqual((case["fields"][0]["value"], case["fields"][0]["guilty"]), ("20", True))
        self.assertIn("20 >= 20", case["inequality"])
        out, _ = self.run_sluice("eval", case["smallest"]["file"], "instances.size", "instances[0].criteria.size",
                                 "instances[0].criteria[0].op == op::any", "--schema",
                                 self.build / "sensor/channel.ksy", expect=PASS)
        self.assertEqual(out.split(), ["1", "1", "false"])
        self.assertEqual(case["suggestion"]["kind"], "contract")
        # The suggestion is worth something: with it `check` refuses what faulted, and accepts what is good.
        patched = self.folder / "patched.rules.yaml"
        shutil.copy(self.folder / "holed.rules.yaml", patched)
        subprocess.run(["patch", "-s", str(patched), str(self.folder / "crashes/new" / IDENTITY / "suggestion.patch")],
                       check=True)
        documents = ("--schema", self.build / "sensor/channel.ksy", "--rules", patched, "--driver", self.driver,
                     "--build", "7.11")
        self.run_sluice("check", "channel/replay_291.bin", *documents, expect=FAIL)
        self.run_sluice("check", "good", *documents, expect=PASS)

    def test_the_same_files_in_another_order_make_the_same_report(self):
        self.put("replay_291.bin")
        self.put("a.bin", (self.folder / "channel/replay_291.bin").read_bytes(), build="7.11", recipe="grow")
        first = self.triage("--jobs", "1")
        [case] = first["cases"]
        self.assertEqual((case["count"], case["recipe"], case["reproduced"]), (2, "grow", {"times": 10, "runs": 10}))
        self.assertEqual({t["build"]: t["hit"] for t in case["targets"]},
                         {"7.10": False, "7.11": True, "7.11.1": False, "7.12": False})
        shutil.rmtree(self.folder / "crashes")
        self.assertEqual(self.triage("--jobs", "3"), first)

    def test_of_a_single_file_the_case_lies_beside_it(self):
        self.put("replay_291.bin")
        self.put("good_mixed.bin")
        out, _ = self.run_sluice("triage", "found/replay_291.bin", "--driver", self.driver, expect=FAIL)
        [case] = (self.folder / "found/new").iterdir()
        self.assertIn(case.name, out)

    # --- what cannot be triaged

    def test_every_file_of_which_nothing_comes_is_named_with_its_reason(self):
        self.put("replay_291.bin")
        self.put("good_mixed.bin")
        self.put("other.bin", b"no content of any schema")
        self.put("empty.bin", b"")
        with (self.folder / "found/large.bin").open("wb") as file:
            file.truncate(100 << 20)
        self.put("elsewhere.bin", b"x", build="6.0")
        self.put("drift.bin", b"x", build="7.11", drift=True)
        self.put("refused.bin", b"x", build="7.11", identity="7.11-content-refused-e0530010")
        (self.folder / "found/broken").symlink_to("nowhere")
        self.put("unreadable.bin", b"x")
        (self.folder / "found/unreadable.bin").chmod(0)
        report = self.triage(before=self.without_rights())
        reasons = self.reasons(report)
        self.assertEqual(len(report["cases"]), 1)
        self.assertEqual(report["summary"]["files"], 10)
        self.assertEqual(reasons["empty.bin"], "is empty")
        self.assertEqual(reasons["large.bin"], "is too long: an input has at most 1 MiB")
        self.assertEqual(reasons["elsewhere.bin"], "it was found on 6.0, which is not run here")
        self.assertEqual(reasons["broken"], "is no file")
        self.assertEqual(reasons["unreadable.bin"], "cannot be read")
        self.assertIn("is no fault", reasons["drift.bin"])
        self.assertIn("is no fault", reasons["refused.bin"])
        self.assertEqual(reasons["good_mixed.bin"], "does not fault on any of 4 builds, in 10 runs")
        self.assertIn("it is no content of channel: header.magic", reasons["other.bin"])

    def test_nothing_that_faults_is_no_fault_and_nothing_at_all_is_no_verdict(self):
        self.assertIsNotNone(self.triage(expect=NO_VERDICT))
        self.put("good_mixed.bin")
        self.assertEqual(self.triage(expect=PASS)["cases"], [])
        _, said = self.run_sluice("triage", "nowhere", "--driver", self.driver, expect=NO_VERDICT)
        self.assertIn("nowhere: cannot be read", said)
        _, said = self.run_sluice("triage", "found", "--driver", self.build / "sensor/sensor.driver.yaml",
                                  expect=NO_VERDICT)
        self.assertIn("was built with sanitizers", said)

    # --- cases

    def test_a_case_goes_from_new_to_open_to_regression_and_returns(self):
        self.put("replay_291.bin", build="7.11")
        crashes = self.folder / "crashes"
        words = ("--crashes", "crashes")
        builds = ("--driver", self.driver, *words)
        self.triage()
        self.assertEqual(sorted(path.name for path in (crashes / "new" / IDENTITY).iterdir())[:2],
                         ["content.bin", "expected.json"])
        expected = json.loads((crashes / "new" / IDENTITY / "expected.json").read_text())
        self.assertEqual((expected["since"], expected["builds"], expected["step"]), ("2026-12-01", ["7.11"], "evaluate"))
        _, said = self.run_sluice("triage", "replay", *builds, expect=NO_VERDICT)
        self.assertIn("has no case that is open or fixed", said)

        self.run_sluice("triage", "accept", IDENTITY, *words, expect=PASS)
        _, said = self.run_sluice("triage", "accept", IDENTITY, *words, expect=NO_VERDICT)
        self.assertIn("is in open already", said)
        _, said = self.run_sluice("triage", "accept", "other", *words, expect=NO_VERDICT)
        self.assertIn("there is no case other", said)
        [case] = self.triage(SOURCE_DATE_EPOCH="1800000000")["cases"]
        self.assertEqual((case["identity"], case["state"], case["since"]), (IDENTITY, "open", "2026-12-01"))
        self.assertEqual(list((crashes / "new").iterdir()), [])
        out, _ = self.run_sluice("triage", "replay", *builds, expect=PASS)
        self.assertIn(f"open      {IDENTITY}  faults on 7.11, since 2026-12-01", out)

        # On 7.11 alone it is not fixed; 7.12 is without it.
        _, said = self.run_sluice("triage", "fixed", IDENTITY, *builds, "--build", "7.11", expect=FAIL)
        self.assertIn("still faults on 7.11", said)
        out, _ = self.run_sluice("triage", "replay", *builds, "--build", "7.12", expect=PASS)
        self.assertIn("gone      ", out)
        self.run_sluice("triage", "fixed", IDENTITY, *builds, expect=PASS)
        out, _ = self.run_sluice("triage", "replay", *builds, expect=PASS)
        self.assertIn("fixed since 2026-12-01; still on 7.11", out)
        [case] = self.triage()["cases"]
        self.assertEqual((case["identity"], case["state"]), (IDENTITY, "regression"))

        # A build that was without it has it again.
        path = crashes / "regression" / IDENTITY / "expected.json"
        expected = json.loads(path.read_text()) | {"unfixed": []}
        path.write_text(json.dumps(expected))
        out, _ = self.run_sluice("triage", "replay", *builds, expect=FAIL)
        self.assertIn("faults again on 7.11; found 2026-12-01, fixed since 2026-12-01", out)
        [case] = self.triage()["cases"]
        self.assertEqual((case["state"], case["since"]), ("returned", "2026-12-01"))
        self.run_sluice("triage", "reopen", IDENTITY, *words, expect=PASS)
        [case] = self.triage()["cases"]
        self.assertEqual(case["state"], "open")

    def test_a_case_that_cannot_be_read_is_no_case_that_passed(self):
        (self.folder / "crashes/open/damaged").mkdir(parents=True)
        _, said = self.run_sluice("triage", "replay", "--driver", self.driver, "--crashes", "crashes", expect=NO_VERDICT)
        self.assertIn("expected.json", said)

    def test_the_cases_of_the_repository_are_as_they_were_left(self):
        cases = sorted((ROOT / "corpus/crashes").glob("*/*/expected.json"))
        self.assertEqual({case.parts[-3] for case in cases}, {"open", "regression"})
        for case in cases:
            folder = self.folder / "crashes" / case.parts[-3] / case.parts[-2]
            folder.mkdir(parents=True)
            shutil.copy(case, folder)
            for source in case.parent.glob("*.hex"):
                (folder / source.stem).with_suffix(".bin").write_bytes(hexfile.parse(source.read_text()))
        out, _ = self.run_sluice("triage", "replay", "--crashes", "crashes", "--driver", self.driver, "--format", "json",
                                 expect=PASS)
        outcomes = {each["identity"]: (each["outcome"], each["builds"]) for each in json.loads(out)["cases"]}
        for case in cases:
            expected = json.loads(case.read_text())
            outcome = ("fixed", expected["unfixed"]) if "fixed" in expected else ("open", expected["builds"])
            self.assertEqual(outcomes[expected["identity"]], outcome)
        self.assertEqual(len(outcomes), len(cases))

    def test_a_replica_and_an_image_have_one_signature(self):
        reports = []
        for driver, builds in (("sensor.driver.yaml", "7.11"), ("sensor-images.driver.yaml", "7.11")):
            out, _ = self.run_sluice("run", "channel/replay_291.bin", "--driver", self.build / "sensor" / driver,
                                     "--build", builds, "--format", "json", expect=FAIL)
            [finding] = [f for f in json.loads(out)["files"][0]["findings"] if f["name"] == "read_outside"]
            reports.append((finding["path"], [line.split("  ")[0] for line in finding["stack"][:3]],
                            finding["parameters"]["text"].split("-byte ")[1]))
        self.assertEqual(reports[0], reports[1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
