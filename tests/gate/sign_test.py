#!/usr/bin/env python3
"""What `sluice gate --sign` writes, against `sluice verify`, the report, and OpenSSL's own program.

    sign_test.py SLUICE BUILD_DIR [TEST...]
"""
import base64
import hashlib
import json
import subprocess
import unittest

import gating
from gating import FAIL, NO_VERDICT, PASS

SLUICE, BUILD = gating.arguments()
BUILDS = ["7.10", "7.11", "7.11.1", "7.12"]
VERIFIED, NOT_VERIFIED = 0, 1
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
SUMMARY = "https://slsa.dev/verification_summary/v1"


def pae(kind, payload):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


class SignTest(gating.Gating):
    sluice, build = SLUICE, BUILD

    def setUp(self):
        super().setUp()
        self.key, self.public = self.new_key()

    def statements(self, bundle):
        """predicate type -> statement, each with a signature that OpenSSL agrees with."""
        found = {}
        for line in (self.folder / bundle).read_bytes().splitlines():
            envelope = json.loads(line, object_pairs_hook=gating.no_duplicates)
            payload = base64.b64decode(envelope["payload"], validate=True)
            (self.folder / "message").write_bytes(pae(envelope["payloadType"], payload))
            [signature] = envelope["signatures"]
            (self.folder / "signature").write_bytes(base64.b64decode(signature["sig"], validate=True))
            done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", self.public, "-rawin", "-in", "message",
                                   "-sigfile", "signature"], cwd=self.folder, capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            statement = json.loads(payload, object_pairs_hook=gating.no_duplicates)
            found[statement["predicateType"]] = statement
        self.assertEqual(set(found), {TEST_RESULT, SUMMARY})
        return found

    def test_a_release_that_passes(self):
        files = self.content("wildcard_only", "good_mixed")
        self.write_release(files, attestation={"verifier": "https://example.com/gate", "resource": "https://example.com/"})
        outcome = self.gate("--sign", self.key, expect=PASS)
        self.assertEqual(sorted(outcome.release["attestations"]), self.attestations())
        self.assertEqual(self.attestations(), sorted(f"{file}.intoto.jsonl" for file in files))
        for file in files:
            for build in BUILDS:
                self.assertEqual(self.verify(file, "--build", build)[0], VERIFIED)
            self.assertEqual(self.verify(file, "--build", "7.13")[0], NOT_VERIFIED)
            policy = outcome.release["policy_sha256"]
            words = ("--policy", policy, "--verifier", "https://example.com/gate", "--resource",
                     "https://example.com/" + file.split("/")[-1], "--level", "SLUICE_SCHEMA_OK", "--level",
                     "SLUICE_RUN_CLEAN", "--level", "SLUICE_FIELD_MATRIX_ALL")
            self.assertEqual(self.verify(file, *words), (VERIFIED, self.verify(file)[1]))
            self.assertEqual(self.verify(file, "--level", "SLUICE_FUZZED")[0], NOT_VERIFIED)
            self.assertEqual(self.verify(file, "--policy", "0" * 64)[0], NOT_VERIFIED)
            statements = self.statements(f"{file}.intoto.jsonl")
            digest = hashlib.sha256((self.folder / file).read_bytes()).hexdigest()
            for statement in statements.values():
                self.assertEqual(statement["subject"], [{"name": file.split("/")[-1], "digest": {"sha256": digest}}])
            [told] = [entry for entry in outcome.report["files"] if entry["file"] == file]
            self.assertEqual(told["sha256"], digest)
            self.assertEqual(statements[TEST_RESULT]["predicate"]["passedTests"], BUILDS)
            self.assertEqual(statements[SUMMARY]["predicate"]["policy"]["digest"]["sha256"], policy)

    def test_what_it_was_judged_by_is_named_by_digest(self):
        files = self.content("wildcard_only")
        self.write_release(files)
        self.gate("--sign", self.key, expect=PASS)
        predicate = self.statements(f"{files[0]}.intoto.jsonl")[TEST_RESULT]["predicate"]
        named = {(entry["name"], entry["digest"]["sha256"]) for entry in predicate["configuration"]}
        sensor = self.build / "sensor"
        for path in (self.folder / "release.yaml", sensor / "channel.ksy", sensor / "channel.rules.yaml",
                     sensor / "sensor-images.driver.yaml", sensor / "image/adapter.so", sensor / "image/x86_64/7.11.sys",
                     sensor / "7.11.so", self.build / "sluice", self.build / "sluice-run", self.build / "sluice-run-asan"):
            self.assertIn((path.name, hashlib.sha256(path.read_bytes()).hexdigest()), named)
        for name, _ in named:
            self.assertNotIn("/", name)

    def test_a_release_that_fails(self):
        good, bad, broken = self.content("wildcard_only", "replay_291", "cut_short")
        self.write_release([good, bad, broken])
        self.gate("--sign", self.key, expect=FAIL)
        self.assertEqual(len(self.attestations()), 3)
        self.assertEqual(self.verify(good)[0], VERIFIED)
        for file in (bad, broken):
            code, said = self.verify(file)
            self.assertEqual(code, NOT_VERIFIED)
            self.assertIn("the verdict is FAILED", said)
        statements = self.statements(f"{bad}.intoto.jsonl")
        self.assertEqual(statements[TEST_RESULT]["predicate"]["result"], "FAILED")
        self.assertEqual(statements[TEST_RESULT]["predicate"]["passedTests"], ["7.12"])
        self.assertEqual(statements[TEST_RESULT]["predicate"]["failedTests"], ["7.10", "7.11", "7.11.1"])
        self.assertEqual(statements[SUMMARY]["predicate"]["verificationResult"], "FAILED")
        self.assertEqual(statements[SUMMARY]["predicate"]["verifiedLevels"], ["FAILED"])
        # A content of which nothing was said in this run.
        self.assertEqual(self.verify(bad, bundle=f"{good}.intoto.jsonl")[0], NOT_VERIFIED)

    def test_without_a_verdict_nothing_is_signed(self):
        self.write_release([*self.content("wildcard_only"), "gone.bin"])
        outcome = self.gate("--sign", self.key, expect=NO_VERDICT)
        self.assertEqual((outcome.release["attestations"], self.attestations()), ([], []))

    def test_where_only_a_document_fails_nothing_is_signed(self):
        files = self.content("wildcard_only")
        self.write_release(files, policy={"fail_on": "warning", "first_use": {"sign_offs": [
            {"use": "input 3 of template type 9", "by": "a", "reason": "b"}]}})
        outcome = self.gate("--sign", self.key, expect=FAIL)
        self.assertIn("SL0702", outcome.ids())
        self.assertEqual(set(outcome.verdicts(files[0]).values()), {"PASS"})
        self.assertEqual(self.attestations(), [])

    def test_attestations_in_the_folder_of_the_content_are_no_content(self):
        self.content("wildcard_only", "good_mixed")
        self.write_release(["content"])
        for _ in range(2):
            outcome = self.gate("--sign", self.key, expect=PASS)
            self.assertEqual(outcome.report["summary"]["files"], 2)
        # Of no content in it: that is looked at.
        (self.folder / "content/other.intoto.jsonl").write_text("{}")
        self.gate(expect=FAIL)
        (self.folder / "content/other.intoto.jsonl").unlink()
        self.write_release(["content", "content/good_mixed.bin.intoto.jsonl"])
        self.gate(expect=FAIL)

    def test_in_a_folder_of_their_own(self):
        self.write_release(self.content("wildcard_only"))
        (self.folder / "out").mkdir()
        outcome = self.gate("--sign", self.key, "--attestations", "out", expect=PASS)
        self.assertEqual(outcome.release["attestations"], ["out/wildcard_only.bin.intoto.jsonl"])
        self.assertEqual(self.verify("content/wildcard_only.bin", bundle=outcome.release["attestations"][0])[0], VERIFIED)

    def test_the_policy_digest_is_of_what_decides(self):
        self.write_release(self.content("wildcard_only"), driver=self.own_sensor())
        first = self.gate(expect=PASS).release["policy_sha256"]
        self.assertEqual(self.gate("--no-cache", expect=PASS).release["policy_sha256"], first)
        self.write_release(self.content("good_mixed"), driver="sensor/sensor-images.driver.yaml")
        self.assertEqual(self.gate(expect=PASS).release["policy_sha256"], first, "the content is no part of it")
        self.write_release(self.content("good_mixed"), driver="sensor/sensor-images.driver.yaml", policy={"run": "none"})
        self.assertNotEqual(self.gate(expect=PASS).release["policy_sha256"], first)
        self.write_release(self.content("good_mixed"), driver="sensor/sensor-images.driver.yaml")
        rules = self.folder / "sensor/channel.rules.yaml"
        rules.write_text(rules.read_text() + "# changed\n")
        self.assertNotEqual(self.gate(expect=PASS).release["policy_sha256"], first)


if __name__ == "__main__":
    unittest.main()
