#!/usr/bin/env python3
"""Campaigns of `sluice fuzz` on the reference sensor's images.

    campaign_test.py SLUICE BUILD_DIR [TEST...]
"""
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
import unittest

import fuzzing
from fuzzing import FAIL, NO_VERDICT, PASS

SLUICE, BUILD = fuzzing.arguments()


class CampaignTest(fuzzing.Campaigns):
    sluice, build = SLUICE, BUILD

    def setUp(self):
        super().setUp()
        fuzzing.channel_files(self.folder / "channel")

    def seed(self, *names):
        (self.folder / "seeds").mkdir(exist_ok=True)
        for name in names:
            shutil.copy(self.folder / "channel" / name, self.folder / "seeds")
        return ("--seeds", "seeds")

    # --- what is found

    def test_a_seed_that_faults_is_a_fault_with_its_files(self):
        seeds = self.seed("replay_291.bin")
        summary, said = self.fuzz(*seeds, build="7.11", runs=100, seed=3, expect=FAIL)
        [fault] = summary["faults"]
        self.assertRegex(fault["identity"], r"^7\.11-read-match_criterion-[0-9a-f]{8}$")
        self.assertIn("0 bytes past the end of a 160-byte array of 20 elements", fault["fault"])
        self.assertIn(fault["identity"], said)
        self.assertFalse(fault["escape"], "`check` refuses it")
        self.assertEqual(fault["field"], "instances[3].criteria[20].input")
        identity = fault["identity"]
        self.assertEqual(self.names("faults"), sorted(
            identity + end for end in (".bin", ".found.json", ".report.json", ".report.txt")))
        self.assertEqual((self.folder / "faults" / (identity + ".bin")).read_bytes(),
                         (self.folder / "channel/replay_291.bin").read_bytes())
        report = (self.folder / "faults" / (identity + ".report.txt")).read_text()
        self.assertIn("SL0601", report)
        self.assertIn("instances[3].criteria[20].input", report)
        self.assertTrue(json.loads((self.folder / "faults" / (identity + ".report.json")).read_text()))
        # The first execution is libFuzzer's, of nothing; the seed is the second at the latest.
        self.assertLessEqual(fault["first_execution"], 2)

    def test_a_clean_build_has_nothing(self):
        seeds = self.seed("wildcard_only.bin", "replay_291.bin")
        summary, _ = self.fuzz(*seeds, build="7.12", runs=5000, seed=1, expect=PASS)
        self.assertEqual((summary["verdict"], summary["faults"], summary["executions"]), ("PASS", [], 5000))
        blocks = summary["blocks"]
        points = summary["progress"]
        self.assertTrue(1 <= len(points) <= 200)
        self.assertEqual(points[-1], {"executions": 5000, "blocks": blocks["covered"],
                                      "corpus": summary["corpus"]["seeds"] + summary["corpus"]["new"]})
        self.assertEqual(points, sorted(points, key=lambda point: point["executions"]))
        self.assertEqual(list(blocks), ["seeds", "covered", "reachable", "all"])
        self.assertGreater(blocks["seeds"], 50)
        self.assertEqual(list(blocks.values()), sorted(blocks.values()))
        self.assertLess(blocks["covered"], blocks["reachable"])
        self.assertLess(blocks["reachable"], blocks["all"])

    def test_the_same_seed_does_the_same(self):
        seeds = self.seed("wildcard_only.bin")
        runs = []
        for corpus in ("a", "b", "c"):
            number = 9 if corpus == "c" else 7
            summary, _ = self.fuzz(*seeds, build="7.12", runs=3000, seed=number, corpus=corpus, expect=PASS)
            runs.append((self.names(corpus), summary["accepted"], summary["blocks"]["covered"]))
        self.assertEqual(runs[0], runs[1])
        self.assertNotEqual(runs[0], runs[2])

    # --- the coverage goal

    def test_what_is_tried_first_changes_nothing_of_what_comes_after(self):
        seeds = self.seed("wildcard_only.bin", "good_mixed.bin")
        chance, _ = self.fuzz(*seeds, "--skip-deterministic", build="7.12", runs=2000, corpus="chance", expect=PASS)
        first, _ = self.fuzz(*seeds, build="7.12", runs=2100, corpus="first", expect=PASS)
        steps = first["deterministic"]
        both, _ = self.fuzz(*seeds, build="7.12", runs=2000 + steps, corpus="both", expect=PASS)
        self.assertTrue(300 < steps <= 1024, steps)
        self.assertEqual((chance["deterministic"], both["deterministic"]), (0, steps))
        self.assertEqual(self.names("chance"), self.names("both"))
        self.assertEqual(both["blocks"], chance["blocks"])
        self.assertEqual(both["operators"], chance["operators"])
        self.assertEqual(both["dark_features"], chance["dark_features"])
        self.assertEqual(both["last_new_execution"] - chance["last_new_execution"], steps)

    def test_what_one_step_shows_is_found_at_once(self):
        seeds = self.seed("wildcard_only.bin")
        for variant, most in (("type_rows_counted_twice", 20), ("build_name_without_a_nul", 20), ("zeroed_header", 20),
                              ("newer_format_version", 20), ("header_not_measured", 3), ("ipc_array_too_short", 20),
                              ("absent_input_not_written", 20), ("chain_without_end", 20), ("blank_name", 100),
                              ("parents_in_a_short_table", 600)):
            with self.subTest(variant):
                summary, _ = self.fuzz(*seeds, "--max-faults", 1, driver=self.build / "zoo/zoo.driver.yaml",
                                       build=variant, runs=1600, corpus=variant, expect=FAIL)
                self.assertLessEqual(min(fault["first_execution"] for fault in summary["faults"]), most)

    def test_what_is_tried_first_goes_on_where_an_input_ended_the_process(self):
        seeds = self.seed("wildcard_only.bin", "good_mixed.bin")
        summary, _ = self.fuzz(*seeds, driver=self.build / "zoo/zoo.driver.yaml", build="chain_without_end", runs=2100,
                               timeout_ms=100, expect=FAIL)
        self.assertGreater(summary["restarts"], 1)
        clean, _ = self.fuzz(*seeds, build="7.12", runs=2100, corpus="clean", expect=PASS)
        self.assertTrue(clean["deterministic"] - 10 <= summary["deterministic"] <= 1024,
                        (clean["deterministic"], summary["deterministic"]))

    def test_what_is_tried_first_takes_half_of_the_runs_at_most_and_the_first_job(self):
        seeds = self.seed("wildcard_only.bin")
        summary, _ = self.fuzz(*seeds, build="7.12", runs=100, jobs=2, expect=PASS)
        self.assertEqual(summary["executions"], 200)
        self.assertTrue(30 < summary["deterministic"] <= 50, summary["deterministic"])

    def test_operators_that_nothing_executed_have_names(self):
        seeds = self.seed("good_mixed.bin")
        summary, _ = self.fuzz(*seeds, "--skip-deterministic", "--build", "7.11", "--build", "7.12", runs=60,
                               expect=PASS)
        self.assertEqual([build["build"] for build in summary["operators"]], ["7.11", "7.12"])
        for build, ipc in zip(summary["operators"], (20, 21)):
            # What a build defines and does not supply, `check` refuses.
            self.assertEqual(build["template_types"], [
                {"template_type": 1, "name": "process", "inputs": 12}, {"template_type": 2, "name": "file", "inputs": 8},
                {"template_type": 3, "name": "ipc", "inputs": ipc}])
            self.assertEqual(build["expressible"], 7 * (12 + 8 + ipc))
            self.assertEqual(build["executed_means"], "evaluated")
            self.assertGreater(build["executed"], 5)
            self.assertEqual((build["executed"] + len(build["dark"]), build["dark_left_out"]),
                             (build["expressible"], 0))
            texts = {dark["text"]: dark for dark in build["dark"]}
            self.assertEqual(len(texts), len(build["dark"]))
            # The file compares the image of processes; nobody compares the pipe's bytes so soon.
            self.assertNotIn('template type 1 "process", input 0, operator contains', texts)
            self.assertEqual(texts['template type 3 "ipc", input 18, operator regex'], {
                "template_type": 3, "name": "ipc", "input": 18, "operator": "regex", "accepted": False,
                "text": 'template type 3 "ipc", input 18, operator regex'})

    def test_a_short_campaign_executes_all_operators_that_a_build_supplies(self):
        summary, _ = self.fuzz(build="7.11", runs=2000, property="escape", expect=PASS)
        [operators] = summary["operators"]
        self.assertEqual((operators["executed"], operators["dark"]), (7 * (12 + 8 + 20), []))

    def test_without_uses_in_the_rules_it_says_why(self):
        (self.folder / "without.rules.yaml").write_text("format: channel\ntitle: nothing\n")
        summary, _ = self.fuzz(*self.seed("good_mixed.bin"), build="7.12", runs=10, rules="without.rules.yaml",
                               expect=PASS)
        self.assertEqual(summary["operators"],
                         [{"build": "7.12", "not_told": "the rules do not say what uses inputs (`uses`)"}])

    def test_rules_without_the_check_make_it_an_escape(self):
        text = (fuzzing.ROOT / "schemas/channel.rules.yaml").read_text()
        parts = [part for part in text.split("\n\n") if not part.startswith("uses:")]
        self.assertEqual(len(parts), text.count("\n\n"), "one paragraph is left out")
        (self.folder / "holed.rules.yaml").write_text("\n\n".join(parts))
        seeds = self.seed("replay_291.bin")
        summary, said = self.fuzz(*seeds, build="7.11", runs=100, property="escape", rules="holed.rules.yaml",
                                  expect=FAIL)
        self.assertEqual([fault["escape"] for fault in summary["faults"]], [True])
        self.assertIn("escape 7.11-escape-read-match_criterion-", said)
        whole, _ = self.fuzz(*seeds, build="7.11", runs=100, property="escape", expect=PASS)
        self.assertEqual(whole["faults"], [])
        self.assertGreater(whole["faulted"], 0)

    def test_a_replica_of_another_version_drifts(self):
        text = (self.build / "sensor/sensor-images.driver.yaml").read_text()
        self.assertEqual(text.count("replica: 7.11.so"), 1)
        (self.folder / "drifts.driver.yaml").write_text(text.replace("replica: 7.11.so", "replica: 7.10.so"))
        documents = {"builds": self.build / "sensor", "schema": fuzzing.ROOT / "schemas/channel.ksy",
                     "rules": fuzzing.ROOT / "schemas/channel.rules.yaml"}
        summary, said = self.fuzz(*self.seed("replay_291.bin"), build="7.11", runs=1000, property="drift",
                                  driver="drifts.driver.yaml", expect=FAIL, **documents)
        drift = next(fault for fault in summary["faults"] if "-load-" in fault["identity"])
        self.assertTrue(all(fault["drift"] and not fault["escape"] for fault in summary["faults"]))
        self.assertEqual(drift["identity"], "7.11-drift-load-takes-it-refuses-it-with-0xe0530010")
        self.assertIn(f"drift {drift['identity']}: of load the image takes it", said)
        report = (self.folder / (drift["file"][:-len(".bin")] + ".report.txt")).read_text()
        self.assertIn("SL0631", report)
        # Faults that both have are none.
        same, _ = self.fuzz(*self.seed("good_mixed.bin"), "--build", "7.11", "--build", "7.12", runs=1000,
                            corpus="same", property="drift", expect=PASS)
        self.assertGreater(same["faulted"], 0)
        (self.folder / "drifts.driver.yaml").write_text(text.replace("replica: 7.11.so", ""))
        _, said = self.fuzz(build="7.11", runs=10, property="drift", driver="drifts.driver.yaml", expect=NO_VERDICT,
                            **documents)
        self.assertIn("build 7.11: --property drift compares an `image` with a `replica`", said)

    # --- the corpus

    def test_what_is_found_is_kept_under_its_hash_and_taken_up_again(self):
        seeds = self.seed("wildcard_only.bin")
        first, _ = self.fuzz(*seeds, build="7.12", runs=4000, expect=PASS)
        self.assertGreater(first["corpus"]["new"], 0)
        for name in self.names("corpus"):
            content = (self.folder / "corpus" / name).read_bytes()
            self.assertEqual(name, hashlib.sha256(content).hexdigest())
        again, _ = self.fuzz(build="7.12", runs=4000, expect=PASS)
        self.assertEqual(again["corpus"]["seeds"], first["corpus"]["new"])
        self.assertGreaterEqual(again["blocks"]["covered"] + 5, first["blocks"]["covered"])

    def test_a_fault_is_written_once(self):
        seeds = self.seed("replay_291.bin")
        self.fuzz(*seeds, build="7.11", runs=100, expect=FAIL)
        before = {name: os.stat(self.folder / "faults" / name).st_mtime_ns for name in self.names("faults")}
        summary, said = self.fuzz(*seeds, build="7.11", runs=100, expect=FAIL)
        self.assertTrue(summary["faults"][0]["known_before"])
        self.assertIn("known from before", said)
        self.assertEqual(before, {name: os.stat(self.folder / "faults" / name).st_mtime_ns
                                  for name in self.names("faults")})

    def inputs_of(self, identity):
        """The input files of a fault, in their order, and what is known of each."""
        files = sorted((path for path in (self.folder / "faults").glob(identity + "*.bin")),
                       key=lambda path: (len(path.name), path.name))
        return [(path, json.loads(path.with_suffix(".found.json").read_text())) for path in files]

    def test_a_fault_has_as_many_inputs_as_are_asked_for(self):
        seeds = self.seed("replay_291.bin")
        # Ended by the number of executions: one fault of six inputs is one.
        summary, _ = self.fuzz(*seeds, build="7.11", runs=300, max_faults=2, inputs_per_fault=6, expect=FAIL)
        self.assertEqual(summary["executions"], 300)
        [fault] = summary["faults"]
        self.assertEqual(fault["inputs"], 6)
        inputs = self.inputs_of(fault["identity"])
        self.assertEqual([path.name for path, _ in inputs],
                         [f"{fault['identity']}{end}.bin" for end in ("", ".2", ".3", ".4", ".5", ".6")])
        self.assertEqual([name for name in self.names("faults") if ".report." in name],
                         [fault["identity"] + ".report" + end for end in (".json", ".txt")])
        self.assertEqual(len({path.read_bytes() for path, _ in inputs}), 6)
        self.assertEqual({about["identity"] for _, about in inputs}, {fault["identity"]})
        executions = [about["execution"] for _, about in inputs]
        self.assertEqual(executions, sorted(set(executions)), "each is made at an execution of its own")
        for path, _ in inputs:
            ran = subprocess.run([self.sluice, "run", "--driver", self.build / "sensor/sensor-images.driver.yaml",
                                  "--build", "7.11", "--format", "json", path], capture_output=True, check=False)
            names = [finding["name"] for finding in json.loads(ran.stdout)["files"][0]["findings"]]
            self.assertIn("read_outside", names, path.name)

    def test_the_same_seed_keeps_the_same_inputs(self):
        seeds = self.seed("replay_291.bin")
        runs = []
        for corpus in ("a", "b"):
            summary, _ = self.fuzz(*seeds, build="7.11", runs=800, inputs_per_fault=5, corpus=corpus, expect=FAIL)
            runs.append([path.read_bytes() for path, _ in self.inputs_of(summary["faults"][0]["identity"])])
            shutil.rmtree(self.folder / "faults")
        self.assertEqual(len(runs[0]), 5)
        self.assertEqual(runs[0], runs[1])

    def test_a_later_campaign_adds_inputs_and_leaves_those_that_are_there(self):
        seeds = self.seed("replay_291.bin")
        summary, _ = self.fuzz(*seeds, build="7.11", runs=800, inputs_per_fault=3, expect=FAIL)
        before = [path.read_bytes() for path, _ in self.inputs_of(summary["faults"][0]["identity"])]
        again, _ = self.fuzz(*seeds, build="7.11", runs=800, seed=2, inputs_per_fault=6, expect=FAIL)
        after = [path.read_bytes() for path, _ in self.inputs_of(again["faults"][0]["identity"])]
        self.assertEqual((len(before), len(after), after[:3]), (3, 6, before))
        self.assertEqual(len(set(after)), 6)
        self.assertEqual(again["faults"][0]["inputs"], 6)

    def test_bad_files_are_skipped_with_a_word(self):
        seeds = self.seed("wildcard_only.bin")
        (self.folder / "seeds/empty").write_bytes(b"")
        (self.folder / "seeds/garbage").write_bytes(os.urandom(100))
        with open(self.folder / "seeds/huge", "wb") as huge:
            huge.truncate(100 << 20)
        os.mkfifo(self.folder / "seeds/pipe")
        os.symlink("nowhere", self.folder / "seeds/dangling")
        summary, said = self.fuzz(*seeds, build="7.12", runs=500, expect=PASS)
        self.assertIn("seeds/empty: is empty: skipped", said)
        self.assertIn("seeds/huge: has 104857600 bytes, more than 1048576: skipped", said)
        self.assertEqual(summary["corpus"]["seeds"], 2)

    def test_a_corpus_with_bad_files_is_a_corpus(self):
        corpus = self.folder / "corpus"
        corpus.mkdir()
        shutil.copy(self.folder / "channel/wildcard_only.bin", corpus)
        (corpus / "empty").write_bytes(b"")
        (corpus / "garbage").write_bytes(bytes(range(256)))
        with open(corpus / "huge", "wb") as huge:
            huge.truncate(100 << 20)
        (corpus / "folder").mkdir()
        (corpus / "secret").write_bytes(b"x")
        os.chmod(corpus / "secret", 0)
        summary, said = self.fuzz(build="7.12", runs=500, expect=PASS, before=self.without_rights())
        self.assertIn("corpus/empty: is empty: skipped", said)
        self.assertIn("corpus/huge: has 104857600 bytes, more than 1048576: skipped", said)
        self.assertIn("corpus/secret: Permission denied: skipped", said)
        self.assertEqual(summary["corpus"]["seeds"], 2)
        for name in ("empty", "garbage", "huge", "secret"):
            self.assertTrue((corpus / name).exists(), "what others have put there stays")

    def test_a_folder_that_cannot_be_written_to_is_no_verdict(self):
        for name in ("corpus", "faults"):
            with self.subTest(folder=name):
                shutil.rmtree(self.folder / "corpus", ignore_errors=True)
                (self.folder / name).mkdir()
                os.chmod(self.folder / name, 0o555)
                summary, said = self.fuzz(*self.seed("wildcard_only.bin"), build="7.12", runs=10, expect=NO_VERDICT,
                                          before=self.without_rights())
                self.assertIsNone(summary)
                self.assertIn(f"{name}: cannot be written to: Permission denied", said)

    def test_folders_that_cannot_be_used_are_no_verdict(self):
        (self.folder / "file").write_bytes(b"")
        for options in ({"corpus": "file"}, {"corpus": "/proc/nowhere"}):
            summary, said = self.fuzz(build="7.12", runs=10, expect=NO_VERDICT, **options)
            self.assertIsNone(summary)
            self.assertIn(options["corpus"], said)
        self.fuzz("--seeds", "nowhere", build="7.12", runs=10, expect=NO_VERDICT)

    def test_a_full_disk_is_no_verdict(self):
        # Of the corpus, and of temporary files, where libFuzzer does not say that it could not write.
        for name, size in (("small", "16k"), ("tmp", "256k")):
            small = self.folder / name
            small.mkdir(exist_ok=True)
            mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", small],
                                     capture_output=True, check=False)
            if mounted.returncode != 0:
                self.skipTest("nothing can be mounted here")
            try:
                seeds = self.seed("wildcard_only.bin")
                _, said = self.fuzz(*seeds, build="7.12", runs=200000, corpus="small", expect=NO_VERDICT)
                self.assertIn("No space left on device", said)
                self.assertEqual(json.loads((self.folder / "summary.json").read_text())["verdict"], "NO VERDICT")
            finally:
                subprocess.run(["umount", small], check=False)

    def test_two_campaigns_share_a_folder(self):
        seeds = self.seed("wildcard_only.bin")
        processes = []
        for number in (1, 2):
            words = self.command(*seeds, build="7.12", runs=6000, seed=number)
            words[words.index("summary.json")] = f"summary-{number}.json"
            processes.append(subprocess.Popen(words, cwd=self.folder, env=self.environment(),
                                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
        for process in processes:
            said = process.communicate(timeout=120)[1].decode()
            self.assertEqual(process.returncode, PASS, said)
        self.assertGreater(len(self.names("corpus")), 50)
        for name in self.names("corpus"):
            self.assertEqual(name, hashlib.sha256((self.folder / "corpus" / name).read_bytes()).hexdigest())

    # --- how it ends

    def begin(self, *words, **options):
        process = subprocess.Popen(self.command(*words, **options), cwd=self.folder, env=self.environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        return process

    def wait_for_corpus(self, seconds=30):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if (self.folder / "corpus").exists() and any(len(name) == 64 for name in self.names("corpus")):
                return
            time.sleep(0.05)
        self.fail("nothing was kept")

    def test_an_interrupt_ends_with_the_summary(self):
        process = self.begin(*self.seed("wildcard_only.bin"), build="7.12")
        self.wait_for_corpus()
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=20)
        self.assertEqual(process.returncode, PASS, said)
        self.assertIn(b"PASS  no faults", out)
        summary = json.loads((self.folder / "summary.json").read_text())
        self.assertTrue(summary["interrupted"])
        self.assertEqual(summary["corpus"]["new"], len(self.names("corpus")))
        self.assertEqual(list((self.folder / "tmp").iterdir()), [])

    def test_what_is_killed_loses_little_and_leaves_no_process(self):
        process = self.begin(*self.seed("wildcard_only.bin"), build="7.12")
        self.wait_for_corpus()
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, check=False).stdout.split()
        self.assertTrue(children)
        process.kill()
        process.wait(timeout=20)
        kept = [name for name in self.names("corpus") if not name.startswith(".sluice-")]
        self.assertTrue(kept)
        for name in kept:
            self.assertEqual(name, hashlib.sha256((self.folder / "corpus" / name).read_bytes()).hexdigest())
        time.sleep(0.5)
        for child in children:
            self.assertFalse(os.path.exists(f"/proc/{int(child)}/exe"), "a child goes on without its supervisor")
        # The next campaign removes what this one had for itself, when it is old enough to be nobody's.
        [left] = (self.folder / "tmp").iterdir()
        os.utime(left / "lock", (time.time() - 120,) * 2)
        self.fuzz(*self.seed("wildcard_only.bin"), build="7.12", runs=100, expect=PASS)

    def test_a_report_holds_nothing_up(self):
        # What does not come back takes `sluice run` seconds too.
        process = self.begin(*self.seed("wildcard_only.bin"), driver=self.build / "zoo/zoo.driver.yaml",
                             build="chain_without_end")
        self.wait_for_corpus()
        faults = self.folder / "faults"
        while process.poll() is None and not list(faults.glob("*.bin")):
            time.sleep(0.02)
        before, has_grown = len(self.names("corpus")), False
        while process.poll() is None and not has_grown and not list(faults.glob("*.report.txt")):
            has_grown = len(self.names("corpus")) > before + 5
            time.sleep(0.02)
        self.assertTrue(has_grown, "the corpus stood still until there was a report")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, FAIL, said)

    def test_what_a_killed_campaign_was_writing_is_removed_later(self):
        corpus = self.folder / "corpus"
        corpus.mkdir()
        for name, age in (("old", 120), ("new", 0)):
            (corpus / f".sluice-{name}").write_bytes(b"half")
            os.utime(corpus / f".sluice-{name}", (time.time() - age,) * 2)
        self.fuzz(*self.seed("wildcard_only.bin"), build="7.12", runs=100, expect=PASS)
        self.assertEqual([name for name in self.names("corpus") if name.startswith(".")], [".sluice-new"])

    def test_time_ends_it(self):
        began = time.monotonic()
        self.fuzz(*self.seed("wildcard_only.bin"), build="7.12", time="1s", expect=PASS)
        self.assertLess(time.monotonic() - began, 15)

    def test_jobs_and_builds_run_beside_each_other(self):
        seeds = self.seed("replay_291.bin")
        summary, _ = self.fuzz(*seeds, "--build", "7.11", "--build", "7.12", jobs=2, runs=500, expect=FAIL)
        self.assertEqual(summary["executions"], 2000)
        self.assertEqual({fault["build"] for fault in summary["faults"]}, {"7.11"})

    # --- arguments and documents

    def test_mistakes_are_no_verdict(self):
        rows = [({"build": "9.9"}, "9.9"), ({"time": "soon"}, "--time"), ({"runs": "0"}, "--runs"),
                ({"property": "none"}, "--property"),
                ({"inputs-per-fault": "129"}, "--inputs-per-fault"), ({"schema": "nowhere.ksy"}, "nowhere.ksy")]
        for options, word in rows:
            with self.subTest(options=options):
                done = subprocess.run(self.command(**options), cwd=self.folder, env=self.environment(),
                                      capture_output=True, timeout=60, check=False)
                self.assertEqual(done.returncode, NO_VERDICT)
                self.assertIn(word, (done.stderr + done.stdout).decode())

    def test_an_image_for_another_processor_is_no_verdict(self):
        _, said = self.fuzz(driver=self.build / "sensor/sensor-arm64.driver.yaml", build="7.11", runs=10,
                            expect=NO_VERDICT)
        self.assertIn("is for another processor", said)


if __name__ == "__main__":
    unittest.main()
