#!/usr/bin/env python3
"""The jobs of a vendor's repository, for GitHub and for GitLab: what they run is run, and what is taken from them is read.

    ci_test.py BUILD [TEST...]

sluice is not built anew for it: the commands that would are checked and answered by a stand-in, and the build that is
tested lies where they would have put it. All others are run as they are written.
"""
import json
import pathlib
import re
import shutil
import unittest
import xml.etree.ElementTree

import yaml
from vendor import BUILD, ROOT, Vendor, run

CONFIGURE, COMPILE = "-S sluice --preset release", "--build sluice/build/release"
CMAKE = f"""\
#!/bin/sh
echo "cmake $*" >> "$COMMANDS"
case "$*" in "{CONFIGURE}" | "{COMPILE}") exit 0 ;; esac
exec {shutil.which("cmake")} "$@"
"""
DEV = """\
#!/bin/sh
echo "dev $*" >> "$COMMANDS"
"""
BUILDING = ["dev install-deps", f"cmake {CONFIGURE}", f"cmake {COMPILE}"]
ANNOTATION = re.compile(r"::(error|warning|notice) (?:file=([^,:]*),line=1,col=1,)?title=[^,:]*::.+")


class Jobs(Vendor):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shutil.rmtree(cls.prefix)  # the job installs it
        shims = cls.scratch / "shims"
        shims.mkdir()
        sluice = cls.repository / "sluice"
        (sluice / "build").mkdir(parents=True)
        (sluice / "build/release").symlink_to(BUILD)
        for path, text in {shims / "cmake": CMAKE, sluice / "dev": DEV}.items():
            path.write_text(text)
            path.chmod(0o755)
        cls.commands = cls.scratch / "commands"
        cls.environment["COMMANDS"] = str(cls.commands)
        cls.environment["PATH"] = f"{shims}:{cls.environment['PATH']}"

    def setUp(self):
        super().setUp()
        self.commands.write_text("")
        for file in self.repository.glob("gate.*"):
            file.unlink()

    def shell(self, *words, environment):
        return run(*words, folder=self.repository, environment={**self.environment, **environment})

    def check_building(self):
        self.assertEqual(self.commands.read_text().splitlines()[:3], BUILDING)
        presets = json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]
        self.assertIn("release", [preset["name"] for preset in presets])
        self.assertRegex((ROOT / "dev").read_text(), r"(?m)^    install-deps\) ")

    # --- GitHub

    def github(self):
        """Whether the job succeeds, what its gate printed, the summary, and the names of the actions that ran."""
        workflow = yaml.safe_load((self.repository / ".github/workflows/gate.yml").read_text())
        job, = workflow["jobs"].values()
        self.assertEqual(workflow["permissions"]["security-events"], "write")
        good, printed, summaries, actions, environment = True, {}, [], {}, dict(self.environment)
        for number, step in enumerate(job["steps"]):
            self.assertLessEqual(set(step), {"name", "uses", "with", "run", "if"})
            self.assertIn(step.get("if"), (None, "always()"))
            if not good and "if" not in step:
                continue
            if "uses" in step:
                self.assertRegex(step["uses"], r"\A[a-z-]+(/[a-z-]+)+@v\d+\Z")
                actions[step["uses"].split("@")[0]] = step["with"]
                continue
            files = {name: self.scratch / f"{name}.{number}" for name in ("GITHUB_STEP_SUMMARY", "GITHUB_PATH", "script")}
            for file in files.values():
                file.write_text("")
            files["script"].write_text(step["run"])
            code, printed[step["name"]] = self.shell(
                "bash", "-e", files.pop("script"),
                environment={**environment, **{name: str(file) for name, file in files.items()}})
            good = good and code == 0
            summaries.append(files["GITHUB_STEP_SUMMARY"].read_text())
            environment["PATH"] = ":".join([*files["GITHUB_PATH"].read_text().split("\n")[:-1], environment["PATH"]])
        self.check_building()
        return good, printed, "".join(summaries), actions

    def sarif_results(self, actions):
        self.assertIn("</html>", (self.repository / actions["actions/upload-artifact"]["path"]).read_text())
        path = self.repository / actions["github/codeql-action/upload-sarif"]["sarif_file"]
        run, = json.loads(path.read_text())["runs"]
        return run["results"]

    def test_github_good(self):
        good, printed, summary, actions = self.github()
        self.assertTrue(good, printed)
        self.assertEqual(printed["Gate"], "")
        self.assertRegex(summary, r"\A## PASS\n\nrelease policy 2026-11: 1 file on 2 builds; check, run\n")
        self.assertIn("\n| 1.1 | fielded | PASS | 1 of 1 | - |\n", summary)
        self.assertEqual(self.sarif_results(actions), [])
        self.assertTrue((self.repository / actions["actions/cache"]["path"]).is_dir())

    def test_github_bad(self):
        self.add("bad.bin")
        good, printed, summary, actions = self.github()
        self.assertFalse(good)
        lines = printed["Gate"].splitlines()
        self.assertGreater(len(lines), 2)
        for line in lines:
            self.assertRegex(line, ANNOTATION)
            self.assertTrue((self.repository / ANNOTATION.fullmatch(line)[2]).is_file(), line)
        self.assertRegex(summary, r"\A## FAIL\n")
        self.assertIn("\n| 1.0 | fielded | FAIL | 1 of 2 | `SL0206 ", summary)
        self.assertIn("\nSL0601 error  run: the driver reads outside of an object\n", summary)
        results = self.sarif_results(actions)
        self.assertEqual({result["ruleId"] for result in results}, {"SL0206", "SL0601", "SL0622"})
        for result in results:
            place = result["locations"][0]["physicalLocation"]
            self.assertEqual(place["artifactLocation"]["uri"], "content/bad.bin")
            self.assertEqual(place["region"]["startLine"], 1)
            self.assertIn("primaryLocationLineHash", result["partialFingerprints"])

    def test_github_no_verdict(self):
        (self.repository / "content/good.bin").unlink()
        good, printed, summary, actions = self.github()
        self.assertFalse(good)
        self.assertRegex(printed["Gate"], "::error file=content,")
        self.assertRegex(summary, r"\A## NO VERDICT\n")
        self.assertEqual(len(self.sarif_results(actions)), 1)

    # --- GitLab

    def gitlab(self):
        """Whether the job succeeds, and the reports that GitLab takes from it."""
        job = yaml.safe_load((self.repository / ".gitlab-ci.yml").read_text())["gate"]
        script = self.scratch / "script"
        script.write_text("\n".join(job["before_script"] + job["script"]))
        code, said = self.shell("bash", "-eo", "pipefail", script, environment={})
        self.check_building()
        self.assertEqual(job["artifacts"]["when"], "always")
        for folder in job["cache"]["paths"]:
            self.assertTrue((self.repository / folder).is_dir())
        for file in job["artifacts"]["paths"]:
            self.assertIn("</html>", (self.repository / file).read_text())
        reports = {name: self.repository / file for name, file in job["artifacts"]["reports"].items()}
        quality = json.loads(reports["codequality"].read_text())
        for item in quality:
            self.assertLessEqual({"description", "check_name", "fingerprint", "severity", "location"}, set(item))
            self.assertTrue((self.repository / item["location"]["path"]).is_file())
        suites = xml.etree.ElementTree.parse(reports["junit"]).getroot()
        return code, said, quality, suites

    def test_gitlab_good(self):
        code, said, quality, suites = self.gitlab()
        self.assertEqual(code, 0, said)
        self.assertEqual(quality, [])
        self.assertEqual((suites.get("failures"), suites.get("errors")), ("0", "0"))
        self.assertGreater(int(suites.get("tests")), 0)

    def test_gitlab_bad(self):
        self.add("bad.bin")
        code, said, quality, suites = self.gitlab()
        self.assertEqual(code, 1, said)
        self.assertIn("FAIL  1 of 2 files failed on 1.0, 1.1", said)
        self.assertEqual({item["check_name"] for item in quality}, {"SL0206", "SL0601", "SL0622"})
        self.assertNotEqual(suites.get("failures"), "0")


if __name__ == "__main__":
    unittest.main()
