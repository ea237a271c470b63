#!/usr/bin/env python3
"""The campaigns of a release: what check and run cannot know of, they find; and what they have not executed has names.

    campaign_test.py SLUICE BUILD_DIR [TEST...]
"""
import json
import re
import unittest
from pathlib import Path

import gating
from gating import FAIL, NO_VERDICT, PASS

SLUICE, BUILD = gating.arguments()
RULE = re.compile(r"^  - id: (\S+)\n(?:(?!  - id: ).*\n?)*", re.MULTILINE)
USES = re.compile(r"^uses:\n(?:  .*\n)*", re.MULTILINE)


class CampaignTest(gating.Gating):
    sluice, build = SLUICE, BUILD

    def setUp(self):
        super().setUp()
        self.driver = self.own_sensor(replicas=False)
        self.rules = self.folder / "sensor/channel.rules.yaml"

    def leave_out(self, rule):
        text = self.rules.read_text()
        [match] = [match for match in RULE.finditer(text) if match[1] == rule]
        self.rules.write_text(text[:match.start()] + text[match.end():])

    def release(self, *names, builds=("7.10", "7.12"), **policy):
        self.keep_builds(*builds)
        self.write_release(self.content(*names), driver=self.driver, policy=policy)

    def test_a_rule_that_is_missing(self):
        """Check and run pass, for the content is right; other content would pass and be refused."""
        self.leave_out("operand-kind")
        self.release("good_mixed")
        self.gate(expect=PASS)
        self.release("good_mixed", fuzz={"runs": 1500, "seed": 1, "max_len": 4096})
        outcome = self.gate(expect=FAIL)
        self.assertEqual(set(outcome.verdicts("good_mixed.bin").values()), {"PASS"})
        escapes = [finding for finding in outcome.findings() if finding["id"] == "SL0701"]
        self.assertEqual({escape["build"] for escape in escapes}, {"7.10", "7.12"})
        refused = [escape for escape in escapes if "0xe053000c" in escape["because"]]
        self.assertTrue(refused, [escape["because"] for escape in escapes])
        for escape in escapes:
            data = (self.folder / escape["parameters"]["input"]).read_bytes()
            self.assertGreater(len(data), 0)
            self.assertLessEqual(escape.get("bytes", {"end": 0})["end"], len(data))
        self.assertEqual([campaign["verdict"] for campaign in outcome.release["campaigns"]], ["FAIL", "FAIL"])
        self.assertEqual({row["verdict"] for row in outcome.report["matrix"]}, {"FAIL"})
        # Whoever reads of it wants the file: it is looked for again, and not remembered.
        for path in (self.folder / ".sluice/faults").iterdir():
            path.unlink()
        again = self.gate(expect=FAIL)
        self.assertEqual(again.release["remembered"], again.release["runs"])
        for escape in [finding for finding in again.findings() if finding["id"] == "SL0701"]:
            self.assertTrue((self.folder / escape["parameters"]["input"]).exists())

    def test_an_escape_is_in_what_is_signed(self):
        self.leave_out("operand-kind")
        self.release("good_mixed", fuzz={"runs": 1500, "seed": 1, "max_len": 4096})
        key, _ = self.new_key()
        self.gate("--sign", key, expect=FAIL)
        code, said = self.verify("content/good_mixed.bin")
        self.assertEqual(code, 1)
        self.assertIn("the verdict is FAILED for 7.10, 7.12", said)

    def test_what_happened(self):
        """As in July 2024: the contract says 21 of a build that supplies 20, and the content has nothing but wildcards."""
        document = self.folder / self.driver
        document.write_text(document.read_text().replace("supplies: {1: 12, 2: 8, 3: 20}", "supplies: {1: 12, 2: 8, 3: 21}"))
        self.release("wildcard_only", builds=("7.10", "7.11", "7.12"), fuzz={"runs": 1500, "seed": 1, "max_len": 4096})
        outcome = self.gate(expect=FAIL)
        self.assertEqual(set(outcome.verdicts().values()), {"PASS"})
        told = [finding for finding in outcome.findings() if finding["id"] == "SL0624"]
        self.assertEqual([finding["build"] for finding in told], ["7.11"])

    def test_a_fault_has_its_field(self):
        """Without a contract the file of that day is as good as any, and what the campaign begins with is run."""
        self.rules.write_text(USES.sub("", self.rules.read_text()))
        self.content("replay_291", folder="seeds")
        self.release("wildcard_only", builds=("7.10", "7.11", "7.12"), coverage={"content": "any"},
                     fuzz={"runs": 50, "seed": 1, "max_len": 4096, "seeds": ["seeds"]})
        outcome = self.gate(expect=FAIL)
        [told] = [finding for finding in outcome.findings() if finding["id"] == "SL0701" and "read of" in finding["because"]]
        self.assertEqual((told["build"], told["path"]), ("7.11", "instances[3].criteria[20].input"))
        self.assertTrue((self.folder / told["file"]).exists())
        self.assertEqual(told["file"], told["parameters"]["input"])

    def test_a_whole_gate_has_no_escape(self):
        self.release("good_mixed", "wildcard_only", fuzz={"runs": 300, "seed": 1, "max_len": 4096})
        outcome = self.gate(expect=PASS)
        for campaign in outcome.release["campaigns"]:
            self.assertEqual((campaign["verdict"], campaign["executions"] >= 300), ("PASS", True))
            self.assertGreater(campaign["accepted"], 0)
            self.assertGreater(campaign["blocks"]["covered"], 100)

    def test_what_is_in_the_dark_has_names(self):
        self.release("wildcard_only", fuzz={"runs": 20, "seed": 1, "max_len": 4096}, coverage={"expressible": "executed"})
        outcome = self.gate(expect=NO_VERDICT)
        told = [finding for finding in outcome.findings() if finding["id"] == "SL0792"]
        self.assertEqual([finding["build"] for finding in told], ["7.10", "7.12"])
        for finding, campaign in zip(told, outcome.release["campaigns"]):
            operators = campaign["operators"]
            self.assertEqual(finding["parameters"]["count"], str(operators["expressible"] - operators["executed"]))
            self.assertEqual(finding["parameters"]["all"], str(operators["expressible"]))
            self.assertEqual(len(operators["dark"]), operators["expressible"] - operators["executed"])
            self.assertIn(operators["dark"][0], finding["because"])
            self.assertRegex(operators["dark"][0], r"template type \d+ .*input \d+")
        self.assertEqual({row["verdict"] for row in outcome.report["matrix"]}, {"NO_VERDICT"})
        self.assertEqual(set(outcome.verdicts().values()), {"PASS"})
        # So also where the campaign is remembered.
        again = self.gate(expect=NO_VERDICT)
        self.assertEqual(again.told("SL0792"), outcome.told("SL0792"))
        self.release("wildcard_only", fuzz={"runs": 20, "seed": 1, "max_len": 4096})
        self.gate(expect=PASS)

    def test_without_uses_nothing_is_told_of_the_dark(self):
        self.rules.write_text(USES.sub("", self.rules.read_text()))
        self.release("wildcard_only", builds=("7.10", "7.12"), fuzz={"runs": 20, "max_len": 4096},
                     coverage={"content": "any", "expressible": "executed"})
        outcome = self.gate(expect=NO_VERDICT)
        self.assertTrue(outcome.told("SL0793"))
        self.assertEqual(self.gate(expect=NO_VERDICT).told("SL0793"), outcome.told("SL0793"))

    def test_campaigns_that_cannot_be_done(self):
        self.release("wildcard_only", fuzz={"runs": 20})
        summary = self.folder / "says.py"
        summary.write_text("#!/usr/bin/env python3\nimport os, sys\n"
                           "[path] = [word[10:] for word in sys.argv if word.startswith('--summary=')]\n"
                           "open(path, 'w').write(os.environ['SAYS'])\n")
        summary.chmod(0o755)
        good = {"version": 1, "verdict": "PASS", "interrupted": False, "executions": 20}
        rows = [({"SLUICE_FUZZ": "/nonexistent"}, "No such file"), ({"SLUICE_FUZZ": "/bin/false"}, "no summary"),
                ({"SLUICE_FUZZ": "/bin/true"}, "no summary")]
        for changes, reason in (({"verdict": "NO VERDICT", "problem": "the moon"}, "the moon"), ({"verdict": "FAIL"}, "names no fault"),
                                ({"interrupted": True}, "interrupted"), ({"executions": 0}, "nothing was executed"),
                                ({"executions": -5}, "nothing was executed"), ({"version": 2}, "not one that this sluice knows"),
                                ({"verdict": "FINE"}, "no verdict"), ({"executions": 19}, "19 executions by 1 jobs, and not 20 by each")):
            rows.append(({"SLUICE_FUZZ": str(summary), "SAYS": json.dumps(good | changes)}, reason))
        rows.append(({"SLUICE_FUZZ": str(summary), "SAYS": "[" * 100000}, "not one that this sluice knows"))
        for environment, reason in rows:
            with self.subTest(environment):
                outcome = self.gate(expect=NO_VERDICT, environment=environment)
                self.assertEqual(len(outcome.told("SL0793")), 2)
                self.assertIn(reason, outcome.told("SL0793")[0])
                self.assertEqual(set(outcome.verdicts().values()), {"PASS"})
        self.gate(expect=PASS, environment={"SLUICE_FUZZ": str(summary), "SAYS": json.dumps(good)})

    def test_seeds_besides(self):
        (self.folder / "seeds").mkdir()
        (self.folder / "seeds/mixed").write_bytes(gating.generate.make("good_mixed"))
        self.release("wildcard_only", fuzz={"runs": 20, "max_len": 4096})
        alone = self.gate(expect=PASS).release["campaigns"][0]["blocks"]["seeds"]
        self.release("wildcard_only", fuzz={"runs": 20, "max_len": 4096, "seeds": ["seeds"]})
        self.assertGreater(self.gate(expect=PASS).release["campaigns"][0]["blocks"]["seeds"], alone)
        self.release("wildcard_only", fuzz={"runs": 20, "max_len": 4096, "seeds": ["gone"]})
        self.gate(expect=NO_VERDICT)


if __name__ == "__main__":
    unittest.main()
