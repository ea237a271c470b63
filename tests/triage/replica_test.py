#!/usr/bin/env python3
"""`sluice triage` on replicas that behave badly: compiled here, each a few lines.

    replica_test.py SLUICE BUILD_DIR [TEST...]
"""
import json
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "fuzz"))
import fuzzing  # noqa: E402
from fuzzing import FAIL, PASS  # noqa: E402

SLUICE, BUILD = fuzzing.arguments()

SCHEMA = """
meta: {id: notes, endian: le}
seq:
  - {id: magic, contents: NO}
  - {id: num_notes, type: u1}
  - {id: notes, type: u1, repeat: expr, repeat-expr: num_notes}
"""

ADAPTER = """
#include "fuzz/target/target.h"
static const struct sluice_result accepted = {SLUICE_ACCEPTED, 0}, refused = {SLUICE_REFUSED, 0};
static void fault(void) { *(volatile int*)0 = 1; }
static int has_note(const unsigned char* bytes, size_t size, unsigned char note) {
  for (size_t i = 3; i < size; i++) if (bytes[i] == note) return 1;
  return 0;
}
/* Not what the driver has in its image, which is put back before each load. */
static __attribute__((tls_model("initial-exec"))) _Thread_local unsigned loads;
static struct sluice_result load(const void* content, size_t size) {
  const unsigned char* bytes = content;
  (void)fault; (void)has_note; (void)refused; (void)loads; (void)bytes; (void)size;
%s
  return accepted;
}
static struct sluice_result evaluate(const struct sluice_event* event) { (void)event; return accepted; }
static void unload(void) {}
const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {SLUICE_TARGET_VERSION, "notes", load, evaluate, unload, 0};
  return &target;
}
"""


def notes(*values):
    return bytes([*b"NO", len(values), *values])


class ReplicaTest(fuzzing.Campaigns):
    sluice, build = SLUICE, BUILD

    def target(self, load):
        """A driver whose load begins with these statements."""
        (self.folder / "adapter.c").write_text(ADAPTER % load)
        subprocess.run([BUILD / "sluice-cc", "--plain", "-o", self.folder / "notes.so", self.folder / "adapter.c"],
                       check=True)
        (self.folder / "notes.ksy").write_text(SCHEMA)
        (self.folder / "notes.driver.yaml").write_text(
            "driver: notes\nschema: notes.ksy\nbuilds:\n  - {name: \"1\", replica: notes.so}\n")
        (self.folder / "found").mkdir()

    def put(self, name, data):
        (self.folder / "found" / name).write_bytes(data)

    def triage(self, *words, expect=FAIL, form="json"):
        words = (self.sluice, "triage", "found", "--driver", "notes.driver.yaml", "--crashes", "crashes", "--format", form,
                 *words)
        done = subprocess.run([str(word) for word in words], cwd=self.folder, env=self.environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False, text=True)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        self.assertEqual(list((self.folder / "tmp").iterdir()), [], "temporary files are left")
        return json.loads(done.stdout) if form == "json" else done.stdout

    def test_a_fault_that_comes_now_and_then_is_one_and_its_rate_is_told(self):
        # The tenth load of a process, and then there is another process.
        self.target("if (++loads % 10 == 0 && has_note(bytes, size, 7)) fault();")
        self.put("seldom.bin", notes(1, 2, 7, 3))
        report = self.triage()
        [case] = report["cases"]
        self.assertEqual(report["not_triaged"], [])
        times, runs = case["reproduced"]["times"], case["reproduced"]["runs"]
        self.assertEqual(runs, 10)
        self.assertIn(times, range(1, 4))
        self.assertIn(f"faults in {times} of 10 runs", self.triage(form="text"))

    def test_a_target_that_hangs_while_a_file_is_shrunk_is_started_again(self):
        # With fewer than three notes it takes for ever, and with a first one of 0.
        self.target("if (size > 3 && (size < 6 || bytes[3] == 0)) for (volatile int i = 0;; i = 0) {}\n"
                    "  if (has_note(bytes, size, 7)) fault();")
        self.put("long.bin", notes(*range(8, 16), 7, *range(40, 44)))
        [case] = self.triage("--timeout-ms", "50")["cases"]
        self.assertTrue(case["identity"].startswith("bad-address-"), case["identity"])
        self.assertEqual(case["smallest"]["size"], 6)
        self.assertTrue(case["smallest"]["done"])
        self.assertEqual(case["reproduced"], {"times": 10, "runs": 10})

    def test_a_fault_of_a_file_of_another_schema_is_one_and_the_report_says_what_the_file_is(self):
        self.target("if (size > 4 && bytes[0] == 'Z') fault();")
        self.put("other.bin", b"Z" * 100)
        [case] = self.triage()["cases"]
        self.assertEqual(case["smallest"]["size"], 5)
        self.assertIn("it is no content of notes: magic", self.triage(form="text"))

    def test_a_fault_that_has_gone_is_named_with_its_file_and_the_others_are_triaged(self):
        self.target("if (has_note(bytes, size, 7)) fault();")
        self.put("gone.bin", notes(1, 2))
        self.assertEqual(self.triage(expect=PASS)["not_triaged"],
                         [{"file": "found/gone.bin", "reason": "does not fault on 1, in 10 runs"}])
        self.put("stays.bin", notes(7))
        report = self.triage()
        self.assertEqual([pathlib.Path(each["file"]).name for each in report["not_triaged"]], ["gone.bin"])
        self.assertEqual(len(report["cases"]), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
