#!/usr/bin/env python3
"""The gate with one check taken out of it: `sluice fuzz --property escape` finds the hole.

    holes_test.py SLUICE BUILD_DIR [TEST...]

The target is the reference sensor, 7.11, as it ships. It was written without the schema and checks nearly all that the
schema and the rules do, so that most holes show as content that the gate accepts and the driver refuses.
"""
import re
import sys
import unittest

import fuzzing
from fuzzing import FAIL, PASS

SLUICE, BUILD = fuzzing.arguments()
sys.path.insert(0, str(fuzzing.ROOT / "corpus/channel"))
import channel  # noqa: E402
import content  # noqa: E402

RUNS = 60000  # that a hole is given; nearly all are found within some hundreds
RUNS_OF_NONE = 1000

# What the sensor returns (fuzz/reference/sensor.h).
TOO_MANY, BAD_GROUP, BAD_INSTANCE, BAD_CHAIN, BAD_CRITERION = 0x07, 0x09, 0x0A, 0x0B, 0x0C
TYPE_UNKNOWN, INPUT_UNDEFINED = 0x10, 0x11

# Each rule, and what shows that it is missing: what the sensor returns, or the reason why nothing can.
RULES = {
    "criteria-fit-type": [BAD_INSTANCE],
    "input-defined": [BAD_CRITERION],
    "operand-kind": [BAD_CRITERION],
    "instance-once": [BAD_INSTANCE],
    "instances-sorted": [BAD_INSTANCE],
    "instances-end": [BAD_CHAIN],
    "group-range": [BAD_GROUP],
    "groups-apart": [BAD_GROUP],
    "groups-depth": [BAD_GROUP],
    "group-not-empty": "a warning, which passes the gate; the driver survives an empty group",
    "instances-fit": [TOO_MANY],
    "criteria-fit": [TOO_MANY],
    "prevents-on-evidence": "the driver does what it is told; its users suffer",
    "no-hidden-bytes": "the driver does not look at bytes that nothing refers to",
    "uses": ["read-match_criterion-", TYPE_UNKNOWN, INPUT_UNDEFINED],
    "builds": "which builds a file is for decides who delivers it; the sensor takes what it is given",
}

# Checks of the schema that no escape can show.
UNSEEN = {
    "padding": "the driver does not look at it",
    "header.min_build": "the driver does not look at it",
    "header.max_build": "the driver does not look at it",
    "header.len_data": "takes a file of more than 16 MiB, which is longer than an input may be",
    "header.ofs_template_types": "the driver goes by the offset, and reads where the schema does",
    "header.num_inputs": "takes a file of more than 2 MiB",
    "header.num_groups": "takes a file of more than 1.2 MiB",
    "header.num_instances": "instances-fit says the same for less",
    "criterion.input": "input-defined says the same for less",
    "number_range.high": "a range from high to low is empty to the driver",
    "template_type: the name has a NUL inside": "the driver does not look at it",
    "comparand: the text has a NUL inside": "the driver compares by length",
    "regex: a regular expression has more than one star or plus": "the driver's engine does not backtrack",
}

RULE = re.compile(r"^  - id: (\S+)\n(?:(?!  - id: ).*\n?)*", re.MULTILINE)
SECTION = re.compile(r"^(uses|builds):\n(?:  .*\n)*", re.MULTILINE)
VALID = re.compile(r"^ +valid: .*\n", re.MULTILINE)
ASSERT = re.compile(r"^      - \{expr: .*, message: (.*)\}\n|^      - expr: .*\n(?:          .*\n)*        message: (.*)\n",
                    re.MULTILINE)
NO_ASSERTS = re.compile(r"^    -sluice-asserts:\n(?:      #.*\n)*(?=\n|  \w|\Z)", re.MULTILINE)


def without(text, match):
    return text[:match.start()] + text[match.end():]


def rules_with_a_hole():
    text = (fuzzing.ROOT / "schemas/channel.rules.yaml").read_text()
    return {match[1]: without(text, match) for pattern in (SECTION, RULE) for match in pattern.finditer(text)}


def schemas_with_a_hole():
    text = (fuzzing.ROOT / "schemas/channel.ksy").read_text()
    holed = {}
    for match in VALID.finditer(text):
        before = text[:match.start()]
        types = re.findall(r"^  (\w+):\n", before, re.MULTILINE)
        field = re.findall(r"^ +- id: (\w+)$", before, re.MULTILINE)[-1]
        holed[f"{types[-1]}.{field}" if types else field] = without(text, match)
    for match in ASSERT.finditer(text):
        types = re.findall(r"^  (\w+):\n", text[:match.start()], re.MULTILINE)
        holed[f"{types[-1]}: {match[1] or match[2]}"] = NO_ASSERTS.sub("", without(text, match))
    return holed


class HolesTest(fuzzing.Campaigns):
    sluice, build = SLUICE, BUILD

    def setUp(self):
        super().setUp()
        self.seeds = self.folder / "seeds"
        self.seeds.mkdir()
        (self.seeds / "mixed").write_bytes(content.mixed().to_bytes())
        small = content.wildcards()
        small.template_types = small.template_types[:1]
        small.instances = [channel.Instance(1, content.PROCESS, [channel.wildcard(0)])]
        (self.seeds / "small").write_bytes(small.to_bytes())

    def look(self, name, runs, expect, seeds="seeds", **documents):
        summary, _ = self.fuzz("--seeds", seeds, build="7.11", runs=runs, max_faults=1, property="escape",
                               corpus=f"corpus-{name}", expect=expect, **documents)
        for fault in summary["faults"]:
            self.assertTrue(fault["escape"])
        return [fault["identity"] for fault in summary["faults"]]

    def full(self, counts):
        """A seed that has all that the build has room for: instances with so many criteria each."""
        full = content.wildcards()
        full.instances = [channel.Instance(number, content.IPC, [channel.wildcard(k) for k in range(count)])
                          for number, count in enumerate(counts, 1)]
        (self.folder / "full").write_bytes(full.to_bytes())
        return "full"

    def test_every_rule_that_is_missing_shows(self):
        holed = rules_with_a_hole()
        self.assertEqual(sorted(holed), sorted(RULES), "each rule has a row")
        for name, text in holed.items():
            with self.subTest(rule=name):
                seeds, options = "seeds", {}
                if name == "instances-fit":
                    seeds = self.full(256 * [1])
                elif name == "criteria-fit":
                    options = {"max_len": 65536, "seed": 3}  # 4096 criteria are 50 KiB
                (self.folder / "holed.rules.yaml").write_text(text)
                shown = RULES[name]
                if isinstance(shown, str):
                    self.assertEqual(self.look(name, RUNS_OF_NONE, PASS, rules="holed.rules.yaml"), [])
                    continue
                words = ["7.11-escape-" + (f"content-refused-e05300{word:02x}" if isinstance(word, int) else word)
                         for word in shown]
                found = self.look(name, RUNS * 4 if options else RUNS, FAIL, seeds, rules="holed.rules.yaml", **options)
                self.assertTrue(any(identity.startswith(word) for identity in found for word in words), found)

    def test_every_check_of_the_schema_that_is_missing_shows(self):
        holed = schemas_with_a_hole()
        self.assertLessEqual(set(UNSEEN), set(holed))
        self.assertGreater(len(holed), 40)
        for name, text in holed.items():
            with self.subTest(check=name):
                (self.folder / "channel.ksy").write_text(text)
                runs, expect = (RUNS_OF_NONE, PASS) if name in UNSEEN else (RUNS, FAIL)
                self.look(re.sub(r"\W+", "-", name), runs, expect, schema="channel.ksy")

    def test_an_error_on_an_event_is_an_escape(self):
        fuzzing.channel_files(self.folder / "channel")
        (self.folder / "holed.rules.yaml").write_text(rules_with_a_hole()["uses"])
        summary, said = self.fuzz("--seeds", "channel/replay_291.bin", build="7.11.1", runs=100, property="escape",
                                  rules="holed.rules.yaml", expect=FAIL)
        [fault] = summary["faults"]
        self.assertEqual(fault["identity"], "7.11.1-escape-evaluation-refused-e0530021")
        self.assertIn("evaluating an event returns an error: 0xe0530021", said)
        report = (self.folder / (fault["file"][:-len(".bin")] + ".report.txt")).read_text()
        self.assertIn("SL0623", report)
        self.assertIn("SL0630", report)

    def test_the_whole_gate_has_no_hole(self):
        self.full(204 * [20] + [16])
        for build in ("7.10", "7.11.1", "7.12"):
            with self.subTest(build=build):
                self.fuzz("--seeds", "seeds", "--seeds", "full", build=build, runs=1000, property="escape", corpus=f"corpus-{build}",
                          expect=PASS)


if __name__ == "__main__":
    unittest.main()
