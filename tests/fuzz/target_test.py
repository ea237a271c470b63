#!/usr/bin/env python3
"""`sluice fuzz` on replicas that behave badly: compiled here, each a few lines.

    target_test.py SLUICE BUILD_DIR [TEST...]
"""
import shutil
import signal
import subprocess
import textwrap
import time
import unittest

import fuzzing
from fuzzing import FAIL, NO_VERDICT, PASS

SLUICE, BUILD = fuzzing.arguments()

SCHEMA = """
meta: {id: tiny, endian: le}
seq:
  - {id: magic, contents: [0x54, 0x49]}
  - {id: kind, type: u1}
  - {id: value, type: u4}
"""

ADAPTER = """
#include "fuzz/target/target.h"
%s
static struct sluice_result load(const void* content, size_t size) {
  const unsigned char* bytes = content;
  (void)bytes;
  (void)size;
%s
}
static struct sluice_result evaluate(const struct sluice_event* event) { (void)event; %s }
static void unload(void) { %s }
static const struct sluice_description* describe(void) {
  static const uint32_t kinds[] = {SLUICE_U32, SLUICE_BYTES};
  static const struct sluice_template_type types[] = {{1, "one", 2, kinds}};
  static const struct sluice_description description = {1, types};
  return &description;
}
const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {SLUICE_TARGET_VERSION, "tiny", load, evaluate, unload, describe};
  return &target;
}
"""
ACCEPT = "return (struct sluice_result){SLUICE_ACCEPTED, 0};"


class TargetTest(fuzzing.Campaigns):
    sluice, build = SLUICE, BUILD

    def target(self, load=ACCEPT, evaluate=ACCEPT, unload="", globals_="", options=("--fuzz",)):
        (self.folder / "adapter.c").write_text(ADAPTER % (globals_, textwrap.indent(load, "  "), evaluate, unload))
        subprocess.run([BUILD / "sluice-cc", *options, "-o", self.folder / "tiny.so", self.folder / "adapter.c"],
                       check=True)
        (self.folder / "tiny.ksy").write_text(SCHEMA)
        driver = self.folder / "tiny.driver.yaml"
        driver.write_text("driver: tiny\nschema: tiny.ksy\nbuilds:\n  - {name: \"1\", replica: tiny.so}\n")
        (self.folder / "seeds").mkdir(exist_ok=True)
        (self.folder / "seeds/one").write_bytes(b"TI\x00\x00\x00\x00\x00")
        return driver

    def run_on(self, driver, *words, expect, **options):
        return self.fuzz("--seeds", "seeds", *words, driver=driver, expect=expect, **options)

    def test_a_branch_is_found_by_coverage(self):
        driver = self.target("if (size >= 3 && bytes[2] == 0x7F) *(volatile int*)0 = 1;\n" + ACCEPT)
        summary, _ = self.run_on(driver, runs=50000, expect=FAIL)
        # Of content that is refused, and of content that `check` accepts, which is another thing.
        self.assertLessEqual({fault["identity"].split("-")[-3] for fault in summary["faults"]}, {"write"})
        self.assertGreater(summary["blocks"]["covered"], 3)

    def test_of_a_driver_that_tells_nothing_accepted_content_counts(self):
        driver = self.target("return (struct sluice_result){size != 0 && bytes[0] == 1 ? SLUICE_REFUSED : "
                             "SLUICE_ACCEPTED, 0};")
        (self.folder / "tiny.ksy").write_text(textwrap.dedent("""
            meta: {id: tiny}
            seq: [{id: items, type: item, repeat: eos}]
            types: {item: {seq: [{id: type, type: u1}, {id: input, type: u1}]}}
        """))
        (self.folder / "tiny.rules.yaml").write_text(
            "format: tiny\nuses: {each: items, type: _.type, input: _.input}\n")
        driver.write_text(driver.read_text().replace(
            'name: "1"', 'name: "1", supplies: {1: 1, 2: 2}, defines: {1: 1, 2: 2}') + "rules: tiny.rules.yaml\n")
        (self.folder / "seeds/one").write_bytes(bytes([2, 0]))
        summary, _ = self.run_on(driver, runs=2, expect=PASS)
        [operators] = summary["operators"]
        self.assertEqual(operators["executed_means"], "accepted")
        self.assertEqual((operators["expressible"], operators["executed"]), (3, 1))
        # The target calls type 1 `one`, and has no name for type 2.
        self.assertEqual([dark["text"] for dark in operators["dark"]],
                         ['template type 1 "one", input 0', "template type 2, input 1"])

    def test_a_schema_with_nothing_to_repair_is_fuzzed_all_the_same(self):
        driver = self.target("if (size >= 2 && bytes[1] == 0x7F) *(volatile int*)0 = 1;\n" + ACCEPT)
        (self.folder / "tiny.ksy").write_text("meta: {id: tiny}\nseq:\n  - {id: all, size-eos: true}\n")
        for seeds in (("--seeds", "seeds"), ()):
            with self.subTest(seeds=seeds):
                shutil.rmtree(self.folder / "corpus", ignore_errors=True)
                summary, _ = self.fuzz(*seeds, driver=driver, runs=100000, expect=FAIL)
                self.assertEqual(summary["executions"], 100000)
                self.assertTrue(all("-escape-write-" in fault["identity"] for fault in summary["faults"]))

    def test_content_ends_at_a_guard(self):
        driver = self.target("volatile unsigned char last = bytes[size];\n(void)last;\n" + ACCEPT)
        summary, _ = self.run_on(driver, runs=100, expect=FAIL)
        self.assertEqual(summary["faulted"], 100)

    def test_what_faults_on_an_empty_file_alone_is_found_and_fuzzed(self):
        driver = self.target("if (size == 0) { volatile unsigned char first = bytes[0]; (void)first; }\n" + ACCEPT)
        summary, _ = self.run_on(driver, runs=500, expect=FAIL)
        # A second content that is empty is no more what the gate accepts.
        self.assertEqual([(f["first_execution"], f["escape"]) for f in summary["faults"]], [(1, False)])
        self.assertEqual((self.folder / summary["faults"][0]["file"]).read_bytes(), b"")
        self.assertEqual(summary["executions"], 500)

    def test_every_input_faults(self):
        driver = self.target("if (size == 0) " + ACCEPT + "\nvolatile unsigned char last = bytes[size];\n(void)last;\n"
                             + ACCEPT)
        summary, _ = self.run_on(driver, runs=2000, expect=FAIL)
        self.assertEqual(sorted(fault["escape"] for fault in summary["faults"]), [False, True])
        self.assertGreater(summary["faulted"], 1900)
        self.assertEqual(summary["restarts"], 0)

    def test_state_is_taken_back_after_each_input(self):
        driver = self.target("if (size != 0 && ++loads > 100) __builtin_trap();\n" + ACCEPT, globals_="static int loads;")
        summary, _ = self.run_on(driver, runs=2000, expect=PASS)
        self.assertEqual(summary["executions"], 2000)

    def test_what_spins_is_a_timeout_and_the_campaign_goes_on(self):
        driver = self.target("if (size > 2 && bytes[2] == 1) for (volatile int i = 0;; i = i + 1) {}\n" + ACCEPT)
        (self.folder / "seeds/spins").write_bytes(b"TI\x01\x00\x00\x00\x00")
        summary, _ = self.run_on(driver, runs=300, timeout_ms=200, expect=FAIL)
        self.assertIn("1-escape-timeout", [fault["identity"] for fault in summary["faults"]])
        self.assertGreaterEqual(summary["restarts"], 1)
        self.assertEqual(summary["executions"], 300)

    def test_a_report_that_was_interrupted_is_made_by_the_next_campaign(self):
        driver = self.target("if (size > 2 && bytes[2] == 1) for (volatile int i = 0;; i = i + 1) {}\n" + ACCEPT)
        (self.folder / "seeds/spins").write_bytes(b"TI\x01\x00\x00\x00\x00")
        words = self.command("--seeds", "seeds", driver=driver, timeout_ms=200, time=120)
        process = subprocess.Popen(words, cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        until = time.monotonic() + 60
        while time.monotonic() < until and not list(self.folder.glob("faults/*.bin")):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, FAIL, said)
        self.assertIn(b"FAIL", out)
        reports = [self.folder / "faults" / name.replace(".bin", ".report.txt") for name in self.names("faults")
                   if name.endswith(".bin")]
        self.assertTrue(reports)
        self.assertTrue(b"not made" in said or all(report.exists() for report in reports), said)
        self.run_on(driver, runs=300, timeout_ms=200, expect=FAIL)
        for report in reports:
            self.assertIn("SL0612" if "timeout" in report.name else "SL06", report.read_text())

    def test_what_ends_the_process_has_further_inputs_too(self):
        driver = self.target("if (size > 2 && bytes[2] == 1) for (volatile int i = 0;; i = i + 1) {}\n"
                             "if (size > 2 && bytes[2] == 2) __builtin_trap();\n" + ACCEPT)
        for value in range(3):
            (self.folder / f"seeds/spins{value}").write_bytes(b"TI\x01%c\x00\x00\x00" % value)
            (self.folder / f"seeds/traps{value}").write_bytes(b"TI\x02%c\x00\x00\x00" % value)
        self.run_on(driver, "--inputs-per-fault", "2", runs=20, timeout_ms=100, expect=FAIL)
        # What traps is run again by each process, after the one before has spun: it is known then.
        for kind in ("timeout", "illegal"):
            inputs = [path.read_bytes() for path in (self.folder / "faults").glob(f"1-escape-{kind}*.bin")]
            self.assertEqual((len(inputs), len(set(inputs))), (2, 2))

    def test_what_asks_the_system_is_ended(self):
        driver = self.target(
            "if (size > 2 && bytes[2] == 1) {\n"
            "  long result;\n"
            "  __asm__ volatile(\"syscall\" : \"=a\"(result) : \"a\"(41L), \"D\"(2L), \"S\"(1L), \"d\"(0L)\n"
            "                   : \"rcx\", \"r11\", \"memory\");\n"
            "}\n" + ACCEPT)
        (self.folder / "seeds/asks").write_bytes(b"TI\x01\x00\x00\x00\x00")
        summary, _ = self.run_on(driver, runs=300, expect=FAIL)
        self.assertIn("1-escape-forbidden-system-call", [fault["identity"] for fault in summary["faults"]])

    def test_files_of_others_cannot_be_opened(self):
        (self.folder / "secret").write_bytes(b"x")
        driver = self.target(
            "static const char path[] = \"%s\";\n"
            "long result;\n"
            "__asm__ volatile(\"syscall\" : \"=a\"(result) : \"a\"(2L), \"D\"(path), \"S\"(0L), \"d\"(0L)\n"
            "                 : \"rcx\", \"r11\", \"memory\");\n"
            "if (result >= 0) __builtin_trap();\n" % (self.folder / "secret") + ACCEPT)
        self.run_on(driver, runs=50, expect=PASS)

    def test_a_stack_that_is_full_is_a_fault(self):
        driver = self.target("if (size > 2) deep(size);\n" + ACCEPT, globals_=(
            "static int deep(size_t n) { volatile char frame[256]; frame[0] = (char)n;"
            " return n ? deep(n + 1) + frame[0] : 0; }"))
        summary, _ = self.run_on(driver, runs=50, expect=FAIL)
        self.assertTrue(any("stack-exhausted" in fault["identity"] for fault in summary["faults"]))

    def test_an_adapter_that_cannot_be_used_is_no_verdict(self):
        driver = self.target("return (struct sluice_result){7, 0};")
        _, said = self.run_on(driver, runs=50, expect=NO_VERDICT)
        self.assertIn("unknown status", said)
        (self.folder / "tiny.so").write_bytes(b"not a shared object")
        _, said = self.run_on(driver, runs=50, expect=NO_VERDICT)
        self.assertIn("tiny.so", said)

    def test_events_in_sequence_reach_state(self):
        driver = self.target(
            "loaded = 1;\n" + ACCEPT, globals_="static int loaded, evaluated;",
            evaluate="if (loaded && ++evaluated > 4) __builtin_trap(); " + ACCEPT)
        summary, _ = self.run_on(driver, runs=20000, expect=FAIL)
        fault = summary["faults"][0]
        self.assertIn("illegal", fault["identity"])
        base = fault["file"][:-len(".bin")]
        self.assertTrue((self.folder / (base + ".content.bin")).exists(), "the content part lies beside the container")


if __name__ == "__main__":
    unittest.main()
