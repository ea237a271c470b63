#!/usr/bin/env python3
"""`sluice verify`, with bundles by two writers that share nothing, and with OpenSSL's own program as a second opinion.

    verify_test.py SLUICE MAKE_BUNDLE [TEST...]

One writer is sluice's; the other is Bundle below, in Python, which signs with `openssl pkeyutl`.
"""
import base64
import copy
import hashlib
import json
import os
import pathlib
import random
import resource
import signal
import subprocess
import sys
import tempfile
import unittest

SLUICE, MAKE_BUNDLE = (str(pathlib.Path(sys.argv.pop(1)).resolve()) for _ in range(2))
VERIFIED, NOT_VERIFIED, UNKNOWN = 0, 1, 2
TYPE = "application/vnd.in-toto+json"
CONTENT = b"content that a driver interprets"
SECONDS = 120  # the machine may be busy


def openssl(*words, given=None):
    done = subprocess.run(["openssl", *map(str, words)], input=given, capture_output=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def pae(payload_type, payload):
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def statement(predicate_type, predicate, subject=CONTENT):
    return {"_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "content.sys", "digest": {"sha256": sha256(subject)}}],
            "predicateType": predicate_type, "predicate": predicate}


def test_result(**changes):
    predicate = {"result": "PASSED", "configuration": [{"name": "channel.ksy", "digest": {"sha256": "a" * 64}}],
                 "passedTests": ["7.10", "7.12"], "warnedTests": [], "failedTests": []}
    return statement("https://in-toto.io/attestation/test-result/v0.1", predicate | changes)


def summary(**changes):
    predicate = {"verifier": {"id": "https://example.com/gate", "version": {"sluice": "0.1.0"}},
                 "timeVerified": "2026-11-26T22:00:00Z", "resourceUri": "https://example.com/content.sys",
                 "policy": {"uri": "https://example.com/policy", "digest": {"sha256": "c" * 64}},
                 "verificationResult": "PASSED", "verifiedLevels": ["SLUICE_SCHEMA_OK"]}
    return statement("https://slsa.dev/verification_summary/v1", predicate | changes)


class Verify(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        for name in ("gate", "other"):
            openssl("genpkey", "-algorithm", "ed25519", "-out", cls.folder / f"{name}.pem")
            (cls.folder / f"{name}.pem").chmod(0o600)
            openssl("pkey", "-in", cls.folder / f"{name}.pem", "-pubout", "-out", cls.folder / f"{name}.pub")
        cls.write("content.sys", CONTENT)

    @classmethod
    def write(cls, name, data):
        (cls.folder / name).write_bytes(data)

    # --- the other writer

    def sign(self, message):
        self.write("message", message)
        return openssl("pkeyutl", "-sign", "-inkey", self.folder / "gate.pem", "-rawin", "-in", self.folder / "message")

    def seal(self, payload, payload_type=TYPE, **members):
        payload = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        envelope = {"payload": base64.b64encode(payload).decode(), "payloadType": payload_type,
                    "signatures": [{"sig": base64.b64encode(self.sign(pae(payload_type, payload))).decode()}]}
        return json.dumps(envelope | members).encode()

    def sum_up(self, line, **changes):
        return self.seal(summary(inputAttestations=[{"digest": {"sha256": sha256(line)}}], **changes))

    def good_bundle(self, **changes):
        line = self.seal(test_result(**changes))
        return [line, self.sum_up(line)]

    # --- what is under test

    def run_sluice(self, *words, **options):
        done = subprocess.run([SLUICE, "verify", *words], cwd=self.folder, capture_output=True, text=True,
                              timeout=SECONDS, stdin=subprocess.DEVNULL, **options)
        return done.returncode, done.stdout, done.stderr

    def verify(self, lines, *words, key="gate.pub"):
        self.write("bundle", b"".join(line + b"\n" for line in lines))
        return self.run_sluice("bundle", "--key", key, "--content", "content.sys", *words)

    def check_refused(self, lines, *reasons, words=(), key="gate.pub"):
        """The reasons are as they are told, or as they begin if they end in `...`."""
        code, out, err = self.verify(lines, *words, key=key)
        self.assertEqual((code, err), (NOT_VERIFIED, ""), out)
        first, *told = out.splitlines()
        self.assertEqual(first, "NOT VERIFIED  content.sys")
        self.assertEqual(len(told), len(reasons), out)
        for reason, line in zip(reasons, told):
            line = line.removeprefix("  because  ")
            if reason.endswith("..."):
                self.assertEqual(line[:len(reason) - 3], reason[:-3])
            else:
                self.assertEqual(line, reason)

    def make_bundle(self, passed="7.10,7.12", failed="", *words, key="gate.pem", **options):
        done = subprocess.run([MAKE_BUNDLE, key, "content.sys", "made", passed, failed, *words], cwd=self.folder,
                              capture_output=True, text=True, timeout=SECONDS, **options)
        return done.returncode, done.stderr

    def made_bundle(self, *words):
        self.assertEqual(self.make_bundle(*words), (0, ""))
        return (self.folder / "made").read_bytes().splitlines()

    # --- what is verified

    def test_both_writers_are_believed(self):
        for lines in (self.good_bundle(), self.made_bundle()):
            self.assertEqual(self.verify(lines), (VERIFIED, "VERIFIED  content.sys  passed for 7.10, 7.12\n", ""))
            words = ("--build", "7.12", "-b", "7.10", "--level", "SLUICE_SCHEMA_OK")
            self.assertEqual(self.verify(lines, *words)[0], VERIFIED)
        told = self.verify(self.good_bundle(failedTests=["7.9"]))
        self.assertEqual(told, (VERIFIED, "VERIFIED  content.sys  passed for 7.10, 7.12; failed for 7.9\n", ""))

    def test_what_was_signed_is_told_as_json(self):
        words = ("--policy", "c" * 64, "--verifier", "https://example.com/gate", "--resource",
                 "https://example.com/content.sys", "--format", "json")
        code, out, err = self.verify(self.good_bundle(), *words)
        self.assertEqual((code, err), (VERIFIED, ""))
        told = json.loads(out)
        self.assertRegex(told.pop("key"), "^SHA256:[A-Za-z0-9+/]{43}$")
        self.assertEqual(told, {
            "format_version": "1.0", "verified": True, "content": {"file": "content.sys", "sha256": sha256(CONTENT)},
            "passed": ["7.10", "7.12"], "failed": [], "levels": ["SLUICE_SCHEMA_OK"],
            "policy": {"uri": "https://example.com/policy", "sha256": "c" * 64},
            "verifier": {"id": "https://example.com/gate", "version": "0.1.0"},
            "resource": "https://example.com/content.sys", "time": "2026-11-26T22:00:00Z",
            "configuration": [{"name": "channel.ksy", "sha256": "a" * 64}], "reasons": []})
        code, out, _ = self.verify([], "--format", "json")
        self.assertEqual(code, NOT_VERIFIED)
        told = json.loads(out)
        self.assertEqual((told["verified"], told["reasons"]), (False, ["there is no attestation in it"]))
        self.assertNotIn("passed", told)

    def test_a_policy_digest_is_what_sha256sum_prints(self):
        listing = f"{'b' * 64}  channel.rules.yaml\n{'a' * 64}  channel.ksy\n"
        done = subprocess.run("LC_ALL=C sort | sha256sum", shell=True, input=listing, capture_output=True, text=True)
        words = ("--policy", done.stdout.split()[0])
        self.assertEqual(self.verify(self.made_bundle(), *words)[0], VERIFIED)

    def test_what_is_not_signed_does_not_matter(self):
        line = self.seal(test_result(), mediaType="text/plain", more=[{"deep": [1, 2]}])
        envelope = json.loads(self.sum_up(line))
        envelope["payload"] = envelope["payload"].replace("+", "-").replace("/", "_")
        for signature in envelope["signatures"]:
            signature["sig"] = signature["sig"].replace("+", "-").replace("/", "_")
            signature["keyid"] = "no name of any key"
        envelope["signatures"].insert(0, {"sig": "", "keyid": None})
        self.assertEqual(self.verify([line, json.dumps(envelope, indent=None).encode()])[0], VERIFIED)
        more = test_result()
        more["predicate"]["added"] = more["added"] = {"later": 1}
        line = self.seal(more)
        self.assertEqual(self.verify([self.sum_up(line), b"", b"a line of others", line])[0], VERIFIED)

    # --- what is not

    def test_each_refusal_says_why(self):
        line, last = self.good_bundle()
        gone = "line 2: it sums up a test result that is not here"
        envelope = json.loads(last)

        def with_signature(**members):
            changed = copy.deepcopy(envelope)
            changed["signatures"][0] |= members
            return json.dumps(changed).encode()

        def signed(old, new):
            """A summary that has `old` replaced and is signed."""
            return self.seal(base64.b64decode(envelope["payload"]).replace(old, new))

        with self.subTest("verdict"):
            self.check_refused([line, self.sum_up(line, verificationResult="FAILED", verifiedLevels=["FAILED"])],
                               "line 2: the verdict is FAILED")
            self.check_refused(self.made_bundle("7.10", "7.11,7.12", "fail"), "line 2: the verdict is FAILED for 7.11, 7.12")
        with self.subTest("builds"):
            self.check_refused([line, last], "line 1: build 7.11 is not among those that passed",
                               words=("--build", "7.10", "--build", "7.11"))
            self.check_refused([line, last], "line 1: build  is not among those that passed", words=("--build", ""))
        with self.subTest("policy, verifier, resource, level"):
            self.check_refused([line, last], f"line 2: the policy is '{'c' * 64}', not '{'d' * 64}'",
                               "line 2: the verifier is 'https://example.com/gate', not ''",
                               "line 2: the resource is 'https://example.com/content.sys', not ''",
                               "line 2: it does not say SLUICE_FUZZED",
                               words=("--policy", "d" * 64, "--verifier", "", "--resource", "", "--level", "SLUICE_FUZZED"))
        with self.subTest("key"):
            self.check_refused([line, last], "lines 1, 2: it is not signed by this key, SHA256:...", key="other.pub")
            key = json.loads(self.verify([line, last], "-f", "json")[1])["key"]
            self.check_refused([line, with_signature(keyid=key, sig=base64.b64encode(bytes(64)).decode())],
                               f"line 2: it was changed after it was signed: its signature by {key} does not fit")
        with self.subTest("subject"):
            other = self.seal(test_result() | {"subject": statement("", {}, b"other")["subject"]})
            about = (f"it is about other content, content.sys with SHA-256 {sha256(b'other')[:16]}..; "
                     f"this has {sha256(CONTENT)[:16]}..")
            self.check_refused([other, self.sum_up(other)], f"line 1: {about}", gone)
            self.check_refused([line, signed(sha256(CONTENT).encode(), sha256(b"other").encode())], f"line 2: {about}")
        with self.subTest("inputs"):
            self.check_refused([self.seal(test_result(passedTests=["7.11"])), last], gone)
            self.check_refused([line + b" ", last], gone)
        with self.subTest("lines"):
            self.check_refused([], "there is no attestation in it")
            self.check_refused([line], "no line is a summary (https://slsa.dev/verification_summary/v1)")
            self.check_refused([last], "no line is a test result (https://in-toto.io/attestation/test-result/v0.1)",
                               "line 1: it sums up a test result that is not here")
            self.check_refused([self.seal(statement("https://slsa.dev/provenance/v1", {}))],
                               "line 1: it says nothing that sluice asks for: https://slsa.dev/provenance/v1",
                               "no line is a test result (...", "no line is a summary (...")
            self.check_refused([line, last[:-1]], f"line 2: it is not JSON at byte {len(last)}")
        with self.subTest("payload"):
            payload_type = "application/vnd.in-toto.vsa+json"
            self.check_refused([line, self.seal(base64.b64decode(envelope["payload"]), payload_type)],
                               f"line 2: its payload is of a type that is not known here: {payload_type}")
            self.check_refused([line, signed(b'"PASSED"', b'"FAILED", "verificationResult": "PASSED"')],
                               'line 2: the key "verificationResult" is there twice')
            self.check_refused([line, signed(b'"PASSED"', b'"PASSED\xff"')], "line 2: it is not UTF-8 at byte ...")
            self.check_refused([line, signed(b'"0.1.0"', b"18446744073709551616")],
                               "line 2: the integer 18446744073709551616 does not fit into 64 bits")
            self.check_refused([line, signed(b'"0.1.0"', b"[" * 40 + b"]" * 40)], "line 2: it is nested more than 32 deep")
            self.check_refused([line, signed(b"Statement/v1", b"Statement/v0.1")],
                               "line 2: it is not an in-toto statement, version 1")
        with self.subTest("envelope"):
            self.check_refused([line, last.replace(b'"payloadType"', b'"payload": "e30=", "payloadType"')],
                               'line 2: the key "payload" is there twice')
            self.check_refused([line, json.dumps(envelope | {"signatures": []}).encode()], "line 2: it has no signatures")
            self.check_refused([line, json.dumps(envelope | {"payload": "e3 0="}).encode()],
                               "line 2: `payload` is not base64")
            self.check_refused([line, with_signature(sig="AA")], "line 2: `sig` is not base64")
            self.check_refused([line, b"\0" + last], "line 2: it is not JSON at byte 0")

    def test_other_content(self):
        lines = self.good_bundle()
        self.write("changed.sys", CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))
        self.write("empty.sys", b"")
        self.assertEqual(self.verify(lines)[0], VERIFIED)
        for name in ("changed.sys", "empty.sys"):
            code, out, _ = self.run_sluice("bundle", "--key", "gate.pub", "--content", name)
            self.assertEqual(code, NOT_VERIFIED)
            self.assertIn("because  lines 1, 2: it is about other content", out)

    def test_what_a_bundle_holds_cannot_write_to_the_terminal(self):
        line = self.seal(test_result(passedTests=["\x1b[2J\n7.10"]))
        code, out, _ = self.verify([line, self.sum_up(line)])
        self.assertEqual((code, out), (VERIFIED, "VERIFIED  content.sys  passed for \\x1b[2J\\n7.10\n"))
        line = self.seal(statement("\x1b[2J\u202e", {}))
        _, out, _ = self.verify([line])
        self.assertIn("asks for: \\x1b[2J\\", out.splitlines()[1])

    def test_openssl_agrees(self):
        draw = random.Random(20261126)
        key = self.folder / "gate.pub"
        good, last = self.made_bundle()

        def openssl_verifies(line):
            envelope = json.loads(line)
            message = pae(envelope["payloadType"], base64.b64decode(envelope["payload"], validate=True))
            self.write("message", message)
            self.write("signature", base64.b64decode(envelope["signatures"][0]["sig"], validate=True))
            done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in",
                                   self.folder / "message", "-sigfile", self.folder / "signature"], capture_output=True)
            return done.returncode == 0

        self.assertTrue(openssl_verifies(good) and openssl_verifies(last))
        self.assertEqual(self.verify([good, last])[0], VERIFIED)
        for part in ("payload", "sig") * 6:
            envelope = json.loads(last)
            holder = envelope if part == "payload" else envelope["signatures"][0]
            data = bytearray(base64.b64decode(holder[part]))
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
            holder[part] = base64.b64encode(data).decode()
            tampered = json.dumps(envelope).encode()
            self.assertFalse(openssl_verifies(tampered))
            self.check_refused([good, tampered], "line 2: it was changed after it was signed: ...")
            # And back: what OpenSSL signs of it, sluice opens.
            if part == "sig":
                envelope = json.loads(self.seal(base64.b64decode(envelope["payload"])))
                self.assertTrue(openssl_verifies(json.dumps(envelope)))
                self.assertEqual(self.verify([good, json.dumps(envelope).encode()])[0], VERIFIED)

    # --- what nobody knows

    def test_what_cannot_be_read_is_no_answer(self):
        self.verify(self.good_bundle())
        os.makedirs(self.folder / "folder", exist_ok=True)
        self.write("garbage", b"\xff\x00garbage")
        openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.folder / "rsa.pem")
        openssl("pkey", "-in", self.folder / "rsa.pem", "-pubout", "-out", self.folder / "rsa.pub")
        with open(self.folder / "large", "wb") as file:
            file.truncate(100 << 20)
        good = {"bundle": "bundle", "--key": "gate.pub", "--content": "content.sys"}
        rows = [
            ({"bundle": "gone"}, "sluice: gone: No such file or directory\n"),
            ({"bundle": "folder"}, "sluice: folder: is a directory\n"),
            ({"bundle": "large"}, "sluice: large: is larger than 4 MiB\n"),
            ({"--content": "gone"}, "sluice: gone: No such file or directory\n"),
            ({"--content": "folder"}, "sluice: folder: is a directory\n"),
            ({"--key": "gone"}, "sluice: gone: cannot be read: No such file or directory\n"),
            ({"--key": "folder"}, "sluice: folder: is neither a file nor a pipe\n"),
            ({"--key": "garbage"}, "sluice: garbage: holds no PEM block\n"),
            ({"--key": "gate.pem"}, "sluice: gate.pem: is a private key; `openssl pkey -in KEY -pubout` gives its public half\n"),
            ({"--key": "rsa.pub"}, "sluice: rsa.pub: is a key for RSA, not Ed25519\n"),
            ({"--policy": ""}, "sluice: --policy takes a SHA-256: 64 hexadecimal digits, in lower case\n"),
            ({"--policy": "C" * 64}, "sluice: --policy takes a SHA-256: 64 hexadecimal digits, in lower case\n"),
            ({"--key": None}, "sluice: --key is required\n"),
            ({"--content": None}, "sluice: --content is required\n"),
            ({"bundle": None}, "sluice: ATTESTATION is required\n"),
            ({"--format": "yaml"}, "sluice: --format: 'yaml' is none of text|json\n"),
        ]
        for changes, why in rows:
            with self.subTest(changes):
                given = {name: value for name, value in (good | changes).items() if value is not None}
                words = [word for name, value in given.items() for word in ([value] if name == "bundle" else [name, value])]
                code, out, err = self.run_sluice(*words)
                self.assertEqual((code, out), (UNKNOWN, ""))
                self.assertEqual(err[:len(why)], why)
        self.assertEqual(self.run_sluice("bundle", "bundle", "--key", "gate.pub", "--content", "content.sys")[0], UNKNOWN)

    # --- signing

    def test_keys_that_do_not_sign(self):
        openssl("genpkey", "-algorithm", "ed25519", "-aes-128-cbc", "-pass", "pass:x", "-out", self.folder / "locked.pem")
        openssl("genpkey", "-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.folder / "ec.pem")
        self.write("open.pem", (self.folder / "gate.pem").read_bytes())
        self.write("made", b"of before")
        for name, mode, why in (("locked.pem", 0o600, "is encrypted, and nobody is here to give the passphrase"),
                                ("ec.pem", 0o600, "is a key for EC, not Ed25519"),
                                ("gate.pub", 0o600, "is a public key; only a private key signs"),
                                ("open.pem", 0o644, "is open to others than its owner (mode 0644): chmod 600")):
            (self.folder / name).chmod(mode)
            self.assertEqual(self.make_bundle(key=name), (2, why + "\n"))
            self.assertEqual((self.folder / "made").read_bytes(), b"of before")

    def test_a_key_may_come_through_a_pipe(self):
        read, write = os.pipe()
        os.write(write, (self.folder / "gate.pem").read_bytes())
        os.close(write)
        self.assertEqual(self.make_bundle(key=f"/dev/fd/{read}", pass_fds=[read]), (0, ""))
        os.close(read)
        self.assertEqual(self.verify((self.folder / "made").read_bytes().splitlines())[0], VERIFIED)

    def test_a_full_disk_leaves_no_part_of_a_bundle(self):
        def fill():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

        self.write("made", b"of before")
        before = sorted(os.listdir(self.folder))
        code, why = self.make_bundle(preexec_fn=fill)
        self.assertEqual((code, why), (2, "cannot write made: File too large\n"))
        self.assertEqual((self.folder / "made").read_bytes(), b"of before")
        self.assertEqual(sorted(os.listdir(self.folder)), before)


if __name__ == "__main__":
    unittest.main()
