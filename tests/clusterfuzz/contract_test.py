#!/usr/bin/env python3
"""What a platform asks of fuzz targets, asked without its containers: builds all by .clusterfuzzlite/build.sh as the base
image would, then holds each program to the platform's build check and to what running there takes.

    contract_test.py FOLDER [--sanitizer address|undefined] [--engine libfuzzer|afl] [--root ROOT] [--keep] [TEST...]
    contract_test.py FOLDER --from BUILD_DIR [TEST...]

The build lies in FOLDER, which is made anew; --keep takes the one that is there. --root builds in a bare Debian in the
folder ROOT, which is made if it is not there (root.py). --from takes the few targets that are
made with all others: what is instrumented and how is not looked at then.
"""
import argparse
import configparser
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import runner
from building import ROOT, Build
from reports import Report
from root import Root

HARNESSES = ("attestation_verifies_or_explains", "image_explains_itself", "mutation_stays_inside",
             "rules_judge_or_explain", "schema_compiles_or_explains", "walk_stays_inside")
SENSORS = [f"sensor_{build}_{kind}" for build in ("7_10", "7_11", "7_11_1", "7_12") for kind in ("image", "replica")]
TARGETS = sorted(f"{name}_fuzzer" for name in [*HARNESSES, *SENSORS, "policy_1_0_replica", "policy_1_1_replica"])

FEW = sorted(f"{name}_fuzzer" for name in ("sensor_7_11_image", "sensor_7_11_replica", "sensor_7_12_image",
                                           "sensor_7_12_replica", "policy_1_0_replica", "policy_1_1_replica"))

# The thresholds of the platform's build check.
EDGES, ASAN_CALLS, UBSAN_CALLS, UBSAN_CALLS_OF_OTHERS, MSAN_CALLS_OF_OTHERS = 100, 1000, 169, 200, 3

options = None


class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = Path(tempfile.mkdtemp(prefix="sluice-platform-"))
        cls.addClassCleanup(shutil.rmtree, cls.scratch, ignore_errors=True)
        cls.out = options.folder / "out"
        if options.from_build:
            shutil.rmtree(options.folder, ignore_errors=True)
            subprocess.run(["cmake", "--install", options.from_build, "--component", "fuzz_targets", "--prefix", cls.out],
                           check=True, stdout=subprocess.DEVNULL)
        elif not options.keep:
            Build(options.folder, options.sanitizer, options.engine, options.root and Root(options.root)).make()
        cls.all = FEW if options.from_build else TARGETS
        cls.runner = runner.Runner(cls.out, cls.scratch)
        cls.inputs = cls.scratch / "inputs"
        for make, folder in (("corpus/channel/generate.py", "channel"), ("fuzz/example/make_policies.py", "policy")):
            subprocess.run([sys.executable, "-B", ROOT / make, cls.inputs / folder], check=True,
                           stdout=subprocess.DEVNULL)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir=self.scratch))

    def targets(self):
        """As a platform finds them: programs without an extension that have an entry for an engine."""
        return sorted(path.name for path in self.out.iterdir()
                      if path.is_file() and "." not in path.name and os.access(path, os.X_OK)
                      and b"LLVMFuzzerTestOneInput" in path.read_bytes())

    def each(self, names=None):
        there = sorted(set(names or self.all) & set(self.all))
        if not there:
            self.skipTest("not among these targets")
        return there

    def options_of(self, name, folder):
        """Of its options file, for libFuzzer. `folder`: where $OUT is for it."""
        parser = configparser.ConfigParser()
        parser.read(self.out / f"{name}.options")
        return [f"-{key}={value if key != 'dict' else folder / value}" for key, value in parser["libfuzzer"].items()]

    def symbolized(self, target, *words, **more):
        return self.runner.run(target, *words, ASAN_SYMBOLIZER_PATH=runner.symbolizer(),
                               UBSAN_SYMBOLIZER_PATH=runner.symbolizer(), **more)

    def needs(self, engine):
        if options.engine != engine:
            self.skipTest(f"of {engine}")

    # --- What lies in $OUT ---------------------------------------------------------------------------------------------

    def test_all_targets_are_there(self):
        self.assertEqual(self.targets(), self.all)

    def test_each_has_a_corpus_and_options_that_are_read(self):
        for name in self.each():
            with self.subTest(target=name):
                with zipfile.ZipFile(self.out / f"{name}_seed_corpus.zip") as corpus:
                    self.assertIsNone(corpus.testzip())
                    self.assertGreaterEqual(sum(not entry.is_dir() for entry in corpus.infolist()), 5)
                parser = configparser.ConfigParser()
                parser.read(self.out / f"{name}.options")
                self.assertEqual(parser.sections(), ["libfuzzer"])
                self.assertGreater(parser.getint("libfuzzer", "max_len"), 0)
                dictionary = parser.get("libfuzzer", "dict", fallback=None)
                self.assertEqual(dictionary, f"{name}.dict" if (self.out / f"{name}.dict").exists() else None)
                self.assertTrue(dictionary or name in ("mutation_stays_inside_fuzzer", "walk_stays_inside_fuzzer"))

    def test_libraries_are_the_runners_or_travel(self):
        programs = [self.out / name for name in self.all] + [p for p in self.out.rglob("*") if ".so" in p.name]
        travelling = {path.name for path in (self.out / "lib").iterdir()}
        for path in programs:
            with self.subTest(path=path.name):
                self.assertLessEqual(set(runner.needed(path)), travelling | set(runner.LIBRARIES))

    def test_each_is_made_with_its_sanitizer_and_no_other(self):
        if options.from_build or (options.engine != "libfuzzer" and options.sanitizer == "undefined"):
            self.skipTest("the platform does not count there")
        for name in self.each():
            with self.subTest(target=name):
                calls = runner.calls_of(self.out / name, ("__asan", "__ubsan", "__msan", "__dfsan"))
                self.assertLessEqual(calls["__msan"], MSAN_CALLS_OF_OTHERS)
                self.assertEqual(calls["__dfsan"], 0)
                if options.sanitizer == "address":
                    self.assertGreaterEqual(calls["__asan"], ASAN_CALLS)
                    self.assertLessEqual(calls["__ubsan"], UBSAN_CALLS_OF_OTHERS)
                else:
                    self.assertEqual(calls["__asan"], 0)
                    self.assertGreaterEqual(calls["__ubsan"], UBSAN_CALLS)

    # --- How they run --------------------------------------------------------------------------------------------------

    def test_each_starts_in_the_runners_file_system(self):
        self.needs("libfuzzer")
        if not self.runner.isolation:
            self.skipTest("namespaces are not allowed here")
        for name in self.each():
            with self.subTest(target=name):
                code, said = self.runner.run(name, *runner.ARGUMENTS, "-seed=1337", "-runs=4",
                                             *self.options_of(name, Path("/out")), in_root=True)
                self.assertEqual(code, 0, said)
                self.assertIn("Done 4 runs", said)
                edges = re.search(r"INFO: Loaded \d+ modules? .*counters\): (\d+)", said)
                self.assertGreaterEqual(int(edges[1]), EDGES)

    def test_no_seed_is_a_crash_and_options_are_taken(self):
        self.needs("libfuzzer")
        for name in self.each():
            with self.subTest(target=name):
                with zipfile.ZipFile(self.out / f"{name}_seed_corpus.zip") as corpus:
                    corpus.extractall(self.folder / name)
                code, said = self.runner.run(name, *runner.ARGUMENTS, *self.options_of(name, self.out), "-runs=0",
                                             self.folder / name)
                self.assertEqual(code, 0, said[-4000:])

    def test_fixed_runs_with_a_seed_end_well(self):
        self.needs("libfuzzer")
        for name in self.each(f"{name}_fuzzer" for name in (*HARNESSES, "sensor_7_12_image", "policy_1_1_replica")):
            with self.subTest(target=name):
                with zipfile.ZipFile(self.out / f"{name}_seed_corpus.zip") as corpus:
                    corpus.extractall(self.folder / name)
                code, said = self.runner.run(name, "-seed=1", "-runs=500", "-max_len=512", self.folder / name)
                self.assertEqual(code, 0, said[-4000:])

    def test_an_empty_input_is_no_end(self):
        empty = self.folder / "empty"
        empty.write_bytes(b"")
        for name in self.each():
            with self.subTest(target=name):
                code, said = self.runner.run(name, empty)
                self.assertEqual(code, 0, said)

    # --- How they crash ------------------------------------------------------------------------------------------------

    def crash(self, name, path):
        code, said = self.symbolized(name, path)
        self.assertNotEqual(code, 0, said)
        report = Report(said)
        self.assertTrue(report.is_recognised, said)
        return report, said

    def test_a_replica_crashes_as_its_sanitizer_says(self):
        report, said = self.crash("sensor_7_11_replica_fuzzer", self.inputs / "channel/replay_291.bin")
        self.assertEqual(report.stack[:3], ["match_criterion", "match_instance", "follow_chain"], said)
        self.assertIn("sensor_interpret.c:91", said)
        if options.sanitizer == "address":
            self.assertIn("ERROR: AddressSanitizer: ", said)
            self.assertIn("0 bytes past the end of a 160-byte array of 20 elements", said)
        else:
            self.assertIn("ERROR: UndefinedBehaviorSanitizer: SEGV", said)

    def test_an_image_crashes_with_the_drivers_stack(self):
        report, said = self.crash("sensor_7_11_image_fuzzer", self.inputs / "channel/replay_291.bin")
        self.assertEqual(report.type, "deadly signal")
        # Functions that the compiler has inlined are not told apart in a driver that ships.
        self.assertEqual(report.stack[:3], ["match_criterion", "sensor_interpret", "sensor_evaluate"], said)
        self.assertIn("0 bytes past the end of a 160-byte array of 20 elements", said)
        self.assertEqual(said.count("ERROR: "), 1, said)

    def test_the_allocation_of_the_example_is_told(self):
        report, said = self.crash("policy_1_0_replica_fuzzer", self.inputs / "policy/bad.bin")
        self.assertEqual(report.stack[0], "policy_test", said)
        if options.sanitizer == "address":
            self.assertEqual(report.type, "heap-buffer-overflow")
            self.assertRegex(said, r"after 48-byte region")

    def test_builds_without_the_fault_take_the_same_content(self):
        for name in self.each(f"sensor_{build}_{kind}_fuzzer" for build in ("7_10", "7_11_1", "7_12")
                              for kind in ("image", "replica")):
            with self.subTest(target=name):
                code, said = self.runner.run(name, self.inputs / "channel/replay_291.bin")
                self.assertEqual(code, 0, said)
        code, said = self.runner.run("policy_1_1_replica_fuzzer", self.inputs / "policy/bad.bin")
        self.assertEqual(code, 0, said)

    def test_a_crash_is_found_kept_and_happens_again(self):
        self.needs("libfuzzer")
        seeds = self.folder / "seeds"
        seeds.mkdir()
        shutil.copy(self.inputs / "channel/good_mixed.bin", seeds)  # what a vendor has released is what it begins with
        for kind in ("image", "replica"):
            with self.subTest(kind=kind):
                name = f"sensor_7_11_{kind}_fuzzer"
                # Without a mutator that knows the format nothing would get past the checksum.
                code, said = self.runner.run(name, "-seed=1", "-runs=20000", f"-artifact_prefix={self.folder}/{kind}-",
                                             seeds)
                self.assertNotEqual(code, 0, said[-2000:])
                [kept] = self.folder.glob(f"{kind}-crash-*")
                self.crash(name, kept)

    def test_a_harness_that_dies_is_reported(self):
        self.needs("libfuzzer")
        for name in self.each(f"{name}_fuzzer" for name in HARNESSES):
            with self.subTest(target=name):
                command = f'"$0" -runs=-1 -artifact_prefix="$1/" & pid=$!; sleep 1; kill -ABRT $pid; wait $pid'
                done = subprocess.run(["bash", "-c", command, self.out / name, self.folder], cwd=self.folder, check=False,
                                      env=self.runner.environment(ASAN_SYMBOLIZER_PATH=runner.symbolizer()),
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
                report = Report(done.stdout.decode(errors="replace"))
                self.assertNotEqual(done.returncode, 0)
                self.assertTrue(report.is_recognised and report.type in ("ABRT", "deadly signal"), done.stdout)

    # --- AFL++ ---------------------------------------------------------------------------------------------------------

    def test_afl_fuzz_takes_each(self):
        """With and without CMPLOG: the platform throws dice over it."""
        self.needs("afl")
        for name in self.each():
            seeds = self.folder / name / "in"
            with zipfile.ZipFile(self.out / f"{name}_seed_corpus.zip") as corpus:
                corpus.extractall(seeds)
            (seeds / "input").write_text("input\n")
            for way, words in (("plain", []), ("cmplog", ["-c", self.out / name])):
                with self.subTest(target=name, way=way):
                    said = self.runner.run_afl(name, seeds, self.folder / name / way, *words)
                    self.assertIn("Persistent mode binary detected", said)
                    self.assertIn("All set and ready to roll", said)
                    self.assertNotRegex(said, "target binary (crashed|terminated)")

    def test_afl_fuzz_sees_a_crash(self):
        self.needs("afl")
        seeds = self.folder / "in"
        seeds.mkdir()
        shutil.copy(self.inputs / "channel/good_mixed.bin", seeds)
        shutil.copy(self.inputs / "channel/replay_291.bin", seeds)
        for kind in ("image", "replica"):
            with self.subTest(kind=kind):
                said = self.runner.run_afl(f"sensor_7_11_{kind}_fuzzer", seeds, self.folder / kind)
                self.assertIn("All set and ready to roll", said)
                self.assertEqual(re.findall(r"Test case 'id:\d+,time:0,execs:0,orig:(\S+)' results in a crash", said),
                                 ["replay_291.bin"], said)


def main():
    global options
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=lambda path: Path(path).resolve())
    parser.add_argument("--sanitizer", default="address")
    parser.add_argument("--engine", default="libfuzzer")
    parser.add_argument("--root", type=lambda path: Path(path).resolve())
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--from", dest="from_build", type=lambda path: Path(path).resolve())
    options, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest, verbosity=2)


if __name__ == "__main__":
    main()
