#!/usr/bin/env python3
"""find_package(sluice) in a vendor's build: replicas are compiled, the gate is a test and a target.

    cmake_test.py BUILD [TEST...]
"""
import json
import os
import re
import unittest
import xml.etree.ElementTree

from vendor import BUILD, ROOT, Vendor

PROGRAMS = ("sluice", "sluice-run", "sluice-run-asan", "sluice-fuzz", "sluice-farm", "sluice-audit", "sluice-generate", "sluice-cc")
MORE = """
cmake_minimum_required(VERSION 3.21)
project(more LANGUAGES NONE)
enable_testing()
find_package(sluice 0.1 REQUIRED)
"""


class CMake(Vendor):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for words in (["cmake", "-B", "build"], ["cmake", "--build", "build"]):
            code, said = cls.run_here(cls, *words)
            assert code == 0, said

    def gate_test(self):
        """What ctest says, and the exit codes of its tests by name."""
        code, said = self.run_here("ctest", "--test-dir", "build", "--output-on-failure", "-T", "Test")
        results = xml.etree.ElementTree.parse(max(self.repository.glob("build/Testing/*/Test.xml"), key=os.path.getmtime))
        exits = {}
        for test in results.iterfind("Testing/Test"):
            value = test.find("Results/NamedMeasurement[@name='Exit Value']/Value")
            exits[test.find("Name").text] = test.get("Status") if value is None else int(value.text)
        return code, said, exits

    def project(self, text):
        """Configures another project: exit code and output."""
        folder = self.scratch / self.id()
        folder.mkdir()
        (folder / "CMakeLists.txt").write_text(MORE + text)
        return folder, *self.run_here("cmake", "-S", folder, "-B", folder / "build")

    def test_good_content_passes(self):
        code, said, exits = self.gate_test()
        self.assertEqual(code, 0, said)
        self.assertEqual(exits, {"gate.build": "passed", "gate": "passed"})
        report = json.loads((self.repository / "build/gate.json").read_text())
        self.assertIs(report["deployable"], True)
        self.assertEqual([build["build"] for build in report["matrix"]], ["1.0", "1.1"])
        self.assertEqual([file["file"] for file in report["files"]], ["content/good.bin"])
        suites = xml.etree.ElementTree.parse(self.repository / "build/gate.xml").getroot()
        self.assertEqual(suites.get("failures"), "0")
        self.assertIn("</html>", (self.repository / "build/gate.html").read_text())
        self.assertTrue((self.repository / "build/gate.sluice").is_dir())
        self.assertIn("\nPASS  1 of 1 file passed on 1.0, 1.1\n", self.passes("cmake", "--build", "build", "--target", "gate"))

    def test_bad_content_fails(self):
        self.add("bad.bin")
        code, said, exits = self.gate_test()
        self.assertNotEqual(code, 0)
        self.assertEqual(exits["gate"], 1)
        self.assertIn("SL0601 error  run: the driver reads outside of an object", said)
        self.assertIn("\nFAIL  1 of 2 files failed on 1.0, 1.1\n", said)
        code, said = self.run_here("cmake", "--build", "build", "--target", "gate")
        self.assertNotEqual(code, 0)
        self.assertIn("\nFAIL  1 of 2 files failed on 1.0, 1.1\n", said)

    def test_what_cannot_be_judged_fails(self):
        (self.repository / "content/good.bin").unlink()
        code, said, exits = self.gate_test()
        self.assertNotEqual(code, 0)
        self.assertEqual(exits["gate"], 2)
        self.assertIn("NO VERDICT", said)

    def test_the_driver_of_today_is_judged(self):
        replica, header = self.repository / "build/drivers/policy-1.1.so", self.repository / "driver/policy.h"
        before, text = replica.stat().st_mtime_ns, header.read_text()
        try:
            header.write_text(text + "/* another */\n")
            self.assertEqual(self.gate_test()[0], 0)
            self.assertGreater(replica.stat().st_mtime_ns, before)
            header.write_text(text + "#error half done\n")
            code, said, exits = self.gate_test()
            self.assertNotEqual(code, 0)
            self.assertIn("half done", said)
            self.assertNotEqual(exits["gate"], "passed")
        finally:
            header.write_text(text)

    def test_programs_are_targets(self):
        checks = "".join(f"if(NOT TARGET sluice::{name})\nmessage(FATAL_ERROR {name})\nendif()\n" for name in PROGRAMS)
        self.assertEqual(self.project(checks)[1], 0)

    def test_misuse(self):
        functions = "".join(f'include("{self.prefix}/lib/{file}")\n' for file in
                            ("cmake/sluice/add_gate.cmake", "sluice/fuzz/target/add_replica.cmake"))
        script = self.scratch / "misuse.cmake"
        for call, reason in {
            "sluice_add_gate(NAME gate)": "RELEASE is missing",
            "sluice_add_gate(NAME gate RELEASE r.yaml REPORT json=a)": "cannot use REPORT;json=a",
            "sluice_add_gate(NAME gate RELEASE r.yaml REPORTS gate.json)": "'gate.json' is not like json=gate.json",
            "sluice_add_gate(NAME gate RELEASE)": "cannot use RELEASE",
            "sluice_add_replica(NAME a OUTPUT a.so)": "SOURCES is missing",
            "sluice_add_replica(NAME a OUTPUT a.so LINUS SOURCES a.c)": "cannot use LINUS",
            "sluice_add_adapter(OUTPUT a.so SOURCES a.c)": "NAME is missing",
        }.items():
            with self.subTest(call):
                script.write_text(functions + call)
                code, said = self.run_here("cmake", "-P", script)
                self.assertNotEqual(code, 0, said)
                self.assertIn(reason, re.sub(r"\s+", " ", said))

    def test_another_version_is_not_found(self):
        code, said = self.project("find_package(sluice 7 REQUIRED)")[1:]
        self.assertNotEqual(code, 0)
        self.assertIn("0.1.0", said)

    def test_a_campaign_and_a_signature(self):
        """Every helper is called at its installed place."""
        release = (self.repository / "policy.release.yaml").read_text()
        folder, code, said = self.project(f"""
sluice_add_replica(NAME counting OUTPUT policy-1.1.so LINUX FUZZ DEFINES POLICY_MINOR=1 WRAP policy_match policy_test
  SOURCES "{self.repository}/driver/policy_load.c" "{self.repository}/driver/policy_match.c"
  "{self.repository}/driver/policy_test.c" "{self.repository}/driver/policy_hooks.c"
  "{self.repository}/driver/policy_adapter.c" "{self.repository}/driver/policy_watch.c")
sluice_add_gate(NAME signed RELEASE campaign.yaml SIGN key.pem ATTESTATIONS attested REPORTS markdown=gate.md
  OPTIONS --today 2026-11-26 DEPENDS counting)
""")
        self.assertEqual(code, 0, said)
        for old, new in {"content: [content]": f"content: ['{self.made}/good.bin']",
                         ": policy.": f": {self.repository}/policy.", "driver.yaml": "driver.1.1.yaml",
                         "build/drivers": str(folder / "build"), '"1.0", ': ""}.items():
            self.assertIn(old, release)
            release = release.replace(old, new)
        (folder / "campaign.yaml").write_text(release + "  fuzz: {runs: 500}\n")
        document = (self.repository / "policy.driver.yaml").read_text()
        (self.repository / "policy.driver.1.1.yaml").write_text(
            re.sub(r'  - name: "1.0"\n(    .*\n)+', "", document))
        self.passes("openssl", "genpkey", "-algorithm", "ed25519", "-out", folder / "key.pem")
        self.passes("openssl", "pkey", "-in", folder / "key.pem", "-pubout", "-out", folder / "public.pem")
        self.passes("ctest", "--test-dir", folder / "build", "--output-on-failure")
        attestation = folder / "build/attested/good.bin.intoto.jsonl"
        self.assertIn("passed for 1.1", self.passes("sluice", "verify", attestation, "--key", folder / "public.pem",
                                                    "--content", self.made / "good.bin"))
        summary = (folder / "build/gate.md").read_text()
        self.assertRegex(summary, r"\A## PASS\n")
        self.assertRegex(summary, r"\n\| 1.1 \| PASS \| [1-9][0-9,]* \|")

    @unittest.skipUnless((BUILD / "sensor/image/x86_64/7.11.sys").exists(), "no image of the sensor is built here")
    def test_an_adapter_of_an_image(self):
        folder, code, said = self.project(f"""
sluice_add_adapter(NAME adapter OUTPUT adapter.so SOURCES {ROOT}/fuzz/reference/short_image_adapter.c)
""")
        self.assertEqual(code, 0, said)
        self.passes("cmake", "--build", folder / "build")
        (folder / "driver.yaml").write_text(f"""
driver: sensor
schema: {ROOT}/schemas/channel.ksy
rules: {ROOT}/schemas/channel.rules.yaml
adapter: build/adapter.so
builds:
  - name: "7.11"
    image: {BUILD}/sensor/image/x86_64/7.11.sys
    defines: {{1: 12, 2: 8, 3: 21}}
    supplies: {{1: 12, 2: 8, 3: 20}}
    caps: {{max_instances: 256, max_criteria: 4096, max_depth: 8}}
""")
        self.passes("python3", ROOT / "corpus/channel/generate.py", folder / "channel", "replay_291")
        code, said = self.run_here("sluice", "run", folder / "channel/replay_291.bin", "--driver", folder / "driver.yaml")
        self.assertEqual(code, 1, said)
        self.assertIn("0 bytes past the end of a 160-byte array of 20 inputs", said)


if __name__ == "__main__":
    unittest.main()
