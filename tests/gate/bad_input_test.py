#!/usr/bin/env python3
"""What the gate cannot judge has no verdict: exit code 2, the reason, and no attestation of that run on the disk.

    bad_input_test.py SLUICE BUILD_DIR [TEST...]
"""
import os
import resource
import shutil
import signal
import subprocess
import unittest
from pathlib import Path

import gating
from gating import FAIL, NO_VERDICT, PASS

SLUICE, BUILD = gating.arguments()
HERE = Path(__file__).resolve().parent
FAKE_WORKER = HERE.parent / "run/fake_worker.py"


class BadInputTest(gating.Gating):
    sluice, build = SLUICE, BUILD

    def setUp(self):
        super().setUp()
        self.key, _ = self.new_key()

    def refused(self, *reasons, words=(), environment=None, **options):
        """No verdict, each reason is told, and nothing is signed."""
        outcome = self.gate("--sign", self.key, *words, expect=NO_VERDICT, environment=environment, **options)
        said = outcome.err + outcome.out
        for reason in reasons:
            self.assertIn(reason, said)
        self.assertEqual(self.attestations(), [])
        self.assertEqual(self.left_over(), [])
        self.assertNotIn('"deployable": true', said)
        return outcome

    def text(self, document, *reasons):
        (self.folder / "release.yaml").write_text(document)
        return self.refused(*reasons)

    # --- the release document

    def test_documents_that_are_none(self):
        self.refused("No such file or directory", release="gone.yaml")
        self.refused("directory", release=".")
        self.text("", "release.yaml")
        self.text("\x7fELF\x02\x01", "release.yaml")
        self.text("- a\n- b\n", "expected a mapping")
        self.text("release: [", "release.yaml")
        with open(self.folder / "release.yaml", "wb") as file:
            file.truncate(100 << 20)
        self.refused("release.yaml")
        os.unlink(self.folder / "release.yaml")
        os.symlink("release.yaml", self.folder / "release.yaml")
        self.refused("symbolic links")
        self.assertEqual(self.gate("other.yaml").code, NO_VERDICT)

    def test_mistakes_in_it_have_a_place(self):
        [file] = self.content("wildcard_only")
        good = f'release: r\ncontent: ["{file}"]\ndriver: "{self.build / gating.DRIVER}"\n'
        rows = [
            ("", "content: []", "no content: there is nothing to judge", 2),
            ("policy: {fail_onn: error}\n", None, "fail_on", 4),
            ("policy:\n  fuzz: {run: 10}\n", None, "runs", 5),
            ("polcy: {}\n", None, "policy", 4),
            ("policy:\n  run: none\n  fuzz: {runs: 10}\n", None, "`fuzz` and `run: none`", 6),
            ("policy:\n  fuzz: {jobs: 2}\n", None, "neither `runs` nor `time`", 5),
            ("policy:\n  fuzz: {runs: 0}\n", None, "from 1 to", 5),
            ("policy:\n  fuzz: {runs: -1}\n", None, "/policy/fuzz/runs", 5),
            ("policy:\n  fuzz: {time: soon}\n", None, "as 90s, 10m or 8h", 5),
            ("policy:\n  fuzz: {time: 0s}\n", None, "as 90s, 10m or 8h", 5),
            ("policy:\n  coverage: {expressible: executed}\n", None, "needs `fuzz`", 5),
            ("policy: {fail_on: fatal}\n", None, "error or warning or note", 4),
            ("policy: {fail_on: error, fail_on: note}\n", None, "fail_on", 4),
            ("policy: {first_use: {sign_offs: [{use: x}]}}\n", None, "`by` is missing", 4),
            ("policy: {first_use: {sign_offs: {use: x}}}\n", None, "expected a sequence", 4),
        ]
        for more, content, reason, line in rows:
            with self.subTest(more + (content or "")):
                document = good.replace(f'content: ["{file}"]', content) if content else good
                (self.folder / "release.yaml").write_text(document + more)
                outcome = self.refused(reason)
                places = [finding["text"] for finding in outcome.findings() if "text" in finding]
                self.assertEqual({place["line"] for place in places}, {line}, outcome.out)
                self.assertTrue(all(place["column"] > 0 for place in places))
        (self.folder / "release.yaml").write_text(good + "policy: {fail_onn: error}\n")
        [finding] = self.gate().findings()
        self.assertEqual(finding["text"], {"line": 4, "column": 10})
        self.assertIn("fail_on", finding["because"] + finding.get("suggest", ""))

    def test_builds_that_are_required_and_not_there(self):
        self.write_release(self.content("wildcard_only"), policy={"require": ["7.12", "7.13"]})
        self.refused("7.13")
        self.write_release(self.content("wildcard_only"), policy={"require": ["7.12"]})
        self.gate(expect=PASS)

    def test_documents_beside_it_that_are_not_there(self):
        for key in ("driver", "schema", "rules", "suppressions"):
            with self.subTest(key):
                self.write_release(self.content("wildcard_only"), **{key: "gone.yaml"})
                self.refused("gone.yaml")
        driver = self.own_sensor(replicas=False)
        self.write_release(self.content("wildcard_only"), driver=driver)
        os.unlink(self.folder / "sensor/image/x86_64/7.11.sys")
        outcome = self.refused("7.11.sys")
        self.assertEqual(outcome.verdicts()["7.10"], "PASS")
        self.assertEqual(outcome.verdicts()["7.11"], "NO_VERDICT")

    # --- the content

    def test_content_that_is_not_there(self):
        good = self.content("wildcard_only")
        (self.folder / "empty").mkdir()
        os.symlink("loop", self.folder / "loop")
        (self.folder / "folder").mkdir()
        os.symlink("..", self.folder / "folder/up")
        shutil.copy(self.folder / good[0], self.folder / "folder/good.bin")
        os.mkfifo(self.folder / "pipe")
        rows = [("gone.bin", "No such file or directory"), ("empty", "no file in this directory"),
                ("loop", "symbolic links"), ("folder", "a link to a directory is not followed"),
                ("pipe", "pipe")]
        for name, reason in rows:
            with self.subTest(name):
                self.write_release([*good, name])
                outcome = self.refused(reason)
                self.assertEqual(set(outcome.verdicts(good[0]).values()), {"PASS"})

    def test_content_that_is_replaced(self):
        for swapped in ("replay_291", "good_mixed"):
            with self.subTest(swapped):
                [file, other] = self.content("wildcard_only", swapped)
                self.write_release([file])
                self.refused("replaced while the gate ran", environment=self.swap(other, file))
                self.gate(expect=FAIL if swapped == "replay_291" else PASS)  # for it is the other one now

    def test_content_with_other_rights_is_the_same(self):
        [file] = self.content("wildcard_only")
        self.write_release([file])
        os.link(self.folder / file, self.folder / "link")
        self.gate(expect=PASS, environment=self.swap("link", "renamed"))

    # --- what changes while the gate runs

    def swap(self, source, target):
        return {"SLUICE_RUN": str(HERE / "swapping_worker.py"), "SWAP_WORKER": str(self.build / "sluice-run"),
                "SWAP_FROM": str(self.folder / source), "SWAP_TO": str(self.folder / target)}

    def test_what_it_judges_by_is_replaced(self):
        """And what is learnt then is not remembered of what was there before."""
        driver = self.own_sensor(replicas=False)
        bad = self.content("replay_291")
        rows = [("channel.ksy", lambda text: text + b"\n# changed\n"), ("channel.rules.yaml", lambda text: text + b"\n# changed\n"),
                ("sensor-images.driver.yaml", lambda text: text + b"\n# changed\n"),
                ("image/x86_64/7.11.sys", lambda _: (self.folder / "sensor/image/x86_64/7.12.sys").read_bytes())]
        for name, change in rows:
            with self.subTest(name):
                target = self.folder / "sensor" / name
                before = target.read_bytes()
                (self.folder / "new").write_bytes(change(before))
                self.write_release(bad, driver=driver)
                outcome = self.refused("replaced while the gate ran", environment=self.swap("new", target))
                self.assertIn("SL0002", outcome.ids())
                target.write_bytes(before)
                outcome = self.gate(expect=FAIL)
                self.assertEqual(outcome.verdicts(), {"7.10": "FAIL", "7.11": "FAIL", "7.11.1": "FAIL", "7.12": "PASS"})

    def test_an_image_that_was_other_for_a_moment_is_not_remembered(self):
        driver = self.own_sensor(replicas=False)
        self.write_release(self.content("replay_291"), driver=driver)
        right = self.ran_on("7.11", self.gate("--no-cache", expect=FAIL))
        target = self.folder / "sensor/image/x86_64/7.11.sys"
        before = target.read_bytes()
        (self.folder / "new").write_bytes((self.folder / "sensor/image/x86_64/7.12.sys").read_bytes())
        environment = self.swap("new", target)
        other = self.gate(expect=NO_VERDICT, environment=environment)
        self.assertNotEqual(self.ran_on("7.11", other), right, "the other image does otherwise")
        target.write_bytes(before)
        # With the same worker, so that what was kept would be found.
        self.assertEqual(self.ran_on("7.11", self.gate(expect=FAIL, environment=environment)), right)

    @staticmethod
    def ran_on(build, outcome):
        return sorted(f["id"] for f in outcome.findings() if f.get("build") == build and f["id"].startswith("SL06"))

    # --- workers

    def test_workers_that_die(self):
        self.write_release(self.content("wildcard_only", "good_mixed"))
        for worker in ("/bin/false", "/nonexistent"):
            outcome = self.refused("SL0693", environment={"SLUICE_RUN": worker})
            self.assertEqual(set(outcome.verdicts("wildcard_only.bin").values()), {"NO_VERDICT"})
        for name in ("ends-when-asked", "killed-when-asked", "garbage", "half-an-answer"):
            (self.folder / f"{name}.so").touch()
            (self.folder / "fake.yaml").write_text(f"driver: fake\nbuilds: [{{name: b, replica: {name}.so}}]\n")
            self.write_release(["content/wildcard_only.bin"], driver="fake.yaml", schema=str(self.build / "sensor/channel.ksy"))
            pids = self.folder / "pids"
            pids.write_text("")
            self.refused("SL0693", environment={"SLUICE_RUN": str(FAKE_WORKER), "FAKE_WORKER_PIDS": str(pids)})

    # --- the disk

    def test_a_full_disk_leaves_no_attestation(self):
        files = self.content("wildcard_only", "good_mixed")
        self.write_release(files)
        self.gate(expect=PASS)  # so that all is remembered, and little is left to write
        disk = self.folder / "disk"
        disk.mkdir()
        if os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", disk],
                                                capture_output=True, check=False).returncode == 0:
            self.addCleanup(subprocess.run, ["umount", disk], check=True)
            (disk / "other").write_bytes(bytes(4096))
            outcome = self.refused("SL0794", "No space left on device", words=("--attestations", "disk"))
            self.assertEqual(outcome.release["attestations"], [])

        def fill():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

        self.refused("SL0794", "File too large", preexec_fn=fill)

    def test_what_was_attested_before_is_not_taken_for_this_run(self):
        """An attestation of before is of other bytes, or says what it said; it is not touched by a run without a verdict."""
        self.write_release(self.content("wildcard_only"))
        self.gate("--sign", self.key, expect=PASS)
        before = (self.folder / "content/wildcard_only.bin.intoto.jsonl").read_bytes()
        self.gate("--sign", self.key, "--no-cache", expect=NO_VERDICT, environment={"SLUICE_RUN": "/bin/false"})
        self.assertEqual((self.folder / "content/wildcard_only.bin.intoto.jsonl").read_bytes(), before)

    def test_a_report_that_cannot_be_written(self):
        self.write_release(self.content("wildcard_only"))
        self.refused("No such file or directory", words=("--report", "junit=gone/junit.xml"))
        self.refused("No such file or directory", words=("-o", "gone/report.json"))

    def test_a_report_that_does_not_fit_is_no_verdict(self):
        self.write_release(self.content("wildcard_only", "good_mixed"))
        with open("/dev/full", "wb") as full:
            done = subprocess.run(self.command("--sign", self.key), cwd=self.folder, env=self.environment(), stdout=full,
                                  stderr=subprocess.PIPE, timeout=gating.SECONDS, check=False)
        self.assertEqual(done.returncode, NO_VERDICT)
        self.assertIn(b"No space left on device", done.stderr)
        self.assertEqual(self.attestations(), [])

    def test_without_a_work_folder_it_goes_on(self):
        self.write_release(self.content("wildcard_only", "replay_291"))
        (self.folder / "file").write_text("")
        for work in ("file/below", "/proc/nothing"):
            with self.subTest(work):
                outcome = self.gate("--work", work, expect=FAIL)
                self.assertIn("SL0703", outcome.ids())
                self.assertEqual(set(outcome.verdicts("wildcard_only.bin").values()), {"PASS"})
                self.assertEqual(outcome.release["remembered"], 0)
        self.write_release(["content/wildcard_only.bin"], policy={"fuzz": {"runs": 10}})
        self.refused("SL0793", words=("--work", "file/below"))

    # --- signing

    def test_two_files_of_one_name_with_one_folder(self):
        self.write_release(self.content("wildcard_only", folder="one") + self.content("wildcard_only", folder="two"))
        (self.folder / "out").mkdir()
        self.refused("SL0794", "two content files", words=("--attestations", "out"))
        outcome = self.gate("--sign", self.key, expect=PASS)
        self.assertEqual(len(outcome.release["attestations"]), 2)

    def test_a_folder_for_attestations_that_is_not_there(self):
        self.write_release(self.content("wildcard_only"))
        self.refused("SL0794", "No such file or directory", words=("--attestations", "gone"))
        self.assertEqual(self.gate("--attestations", "out").code, NO_VERDICT)  # without a key

    def test_keys_that_do_not_sign(self):
        self.write_release(self.content("wildcard_only"))

        def openssl(*words):
            subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

        openssl("genpkey", "-algorithm", "ed25519", "-aes-128-cbc", "-pass", "pass:x", "-out", "locked.pem")
        openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa.pem")
        shutil.copy(self.folder / self.key, self.folder / "open.pem")
        for name, mode, reason in (("locked.pem", 0o600, "is encrypted"), ("rsa.pem", 0o600, "not Ed25519"),
                                   ("open.pem", 0o644, "open to others"), ("gate.pub", 0o600, "public key"),
                                   ("gone.pem", None, "No such file")):
            with self.subTest(name):
                if mode is not None:
                    (self.folder / name).chmod(mode)
                self.key = name
                self.refused(reason)


if __name__ == "__main__":
    unittest.main()
