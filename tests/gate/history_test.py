#!/usr/bin/env python3
"""What was released before, and what is used for the first time: told, signed off, and known from then on.

    history_test.py SLUICE BUILD_DIR [TEST...]
"""
import re
import sqlite3
import unittest

import gating
from gating import FAIL, PASS

SLUICE, BUILD = gating.arguments()
FIRST_USES = {"SL0321", "SL0322", "SL0323", "SL0324", "SL0325"}
DEMAND = {"first_use": {"demand": "sign_off"}}


class HistoryTest(gating.Gating):
    sluice, build = SLUICE, BUILD

    def first_uses(self, outcome):
        return [finding for finding in outcome.findings() if finding["id"] in FIRST_USES]

    def record(self, name, **options):
        self.write_release(self.content(name), **options)
        return self.gate("--record", expect=PASS)

    def test_what_a_second_release_uses_first(self):
        first = self.record("wildcard_only")
        self.assertEqual((first.release["first_uses"], self.first_uses(first)), (0, []), "there is nothing to compare with")
        self.write_release(self.content("good_mixed"))
        second = self.gate(expect=PASS)
        uses = self.first_uses(second)
        self.assertGreater(len(uses), 3)
        self.assertEqual(second.release["first_uses"], len(uses))
        self.assertEqual({use["severity"] for use in uses} - {"note", "warning"}, set())
        # Not recorded, and so not known yet.
        self.assertEqual(self.gate(expect=PASS).release["first_uses"], len(uses))
        self.assertEqual(self.gate("--record", expect=PASS).release["first_uses"], len(uses))
        self.assertEqual(self.gate(expect=PASS).release["first_uses"], 0)
        # And the first one is known still.
        self.write_release(["content/wildcard_only.bin"])
        self.assertEqual(self.gate(expect=PASS).release["first_uses"], 0)

    def test_a_release_that_fails_is_not_recorded(self):
        self.record("wildcard_only")
        self.write_release(self.content("good_mixed", "replay_291"))
        uses = self.first_uses(self.gate("--record", expect=FAIL))
        self.assertTrue(uses)
        self.assertEqual(len(self.first_uses(self.gate("--record", expect=FAIL))), len(uses))

    def test_sign_offs(self):
        self.record("wildcard_only")
        file = self.content("good_mixed")
        self.write_release(file, policy=DEMAND)
        refused = self.gate("--record", expect=FAIL)
        uses = self.first_uses(refused)
        self.assertEqual({use["severity"] for use in uses}, {"error"})
        # What is suggested can be pasted.
        lines = []
        for use in uses:
            line = re.fullmatch(r"sign off in release\.yaml: (\{use: \".*\", by: \.\., reason: \.\.\})", use["suggest"])
            self.assertTrue(line, use["suggest"])
            lines.append("      - " + line[1].replace("by: ..", "by: somebody").replace("reason: ..", "reason: looked at it"))
        self.assertEqual(len(set(lines)), len(lines), "each use is told of once")
        document = (self.folder / "release.yaml").read_text()
        head = document[:document.index("policy:")]
        text = head + "policy:\n  first_use:\n    demand: sign_off\n    sign_offs:\n"
        (self.folder / "release.yaml").write_text(text + "\n".join(lines) + "\n")
        passed = self.gate(expect=PASS)
        self.assertEqual((passed.release["first_uses"], passed.release["signed_off"]), (len(uses), len(uses)))
        for use in self.first_uses(passed):
            self.assertEqual((use["severity"], use["suggest"]), ("note", "signed off by somebody: looked at it"))
        # All but one.
        (self.folder / "release.yaml").write_text(text + "\n".join(lines[1:]) + "\n")
        outcome = self.gate(expect=FAIL)
        self.assertEqual([use["suggest"] for use in self.first_uses(outcome) if use["severity"] == "error"], [uses[0]["suggest"]])
        # Recorded, they have done their work.
        (self.folder / "release.yaml").write_text(text + "\n".join(lines) + "\n")
        self.gate("--record", expect=PASS)
        stale = self.gate(expect=PASS)
        self.assertEqual(len(stale.told("SL0702")), len(lines))
        places = [finding["text"]["line"] for finding in stale.findings() if finding["id"] == "SL0702"]
        self.assertEqual(sorted(places), list(range(text.count("\n") + 1, text.count("\n") + 1 + len(lines))))

    def test_sign_offs_are_demanded_where_nothing_was_released(self):
        self.write_release(self.content("wildcard_only"), policy=DEMAND)
        outcome = self.gate(expect=FAIL)
        self.assertTrue(all(use["severity"] == "error" for use in self.first_uses(outcome)))
        self.assertGreater(outcome.release["first_uses"], 0)

    def test_of_two_files_in_one_release(self):
        """What the second has too is known only from the next release on."""
        self.record("wildcard_only")
        self.write_release(self.content("good_mixed", "prevents_everything")[:1], policy=DEMAND)
        self.assertEqual(self.gate(expect=FAIL).code, FAIL)

    def test_a_damaged_history_knows_nothing(self):
        self.record("good_mixed")
        self.write_release(["content/good_mixed.bin"], policy=DEMAND)
        self.gate(expect=PASS)
        database = self.folder / ".sluice/gate.db"
        whole = database.read_bytes()
        with sqlite3.connect(database) as rows:
            rows.execute("UPDATE uses SET time = time + 1")
        rows.close()
        outcome = self.gate(expect=FAIL)
        self.assertTrue(outcome.told("SL0703"))
        self.assertGreater(outcome.release["first_uses"], 3)
        database.write_bytes(b"garbage" * 1000)
        outcome = self.gate(expect=FAIL)
        self.assertTrue(outcome.told("SL0703"))
        database.unlink()
        self.gate(expect=FAIL)
        database.write_bytes(whole)
        self.gate(expect=PASS)
        self.gate("--no-cache", expect=PASS)  # results are not history


if __name__ == "__main__":
    unittest.main()
