#!/usr/bin/env python3
"""The hooks of .pre-commit-hooks.yaml, run by pre-commit in a vendor's repository.

    pre_commit_test.py BUILD [TEST...]
"""
import shutil
import sys
import unittest

from vendor import BUILD, ROOT, Vendor, run

HOOKS = ROOT / ".pre-commit-hooks.yaml"
HOOK_NAMES = ("sluice schema check", "sluice check", "sluice gate")
PLACE = "repo: https://example.com/OWNER/sluice"


class PreCommit(Vendor):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.environment |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1",
                            **{f"GIT_{who}_{what}": "vendor@example.com" for who in ("AUTHOR", "COMMITTER")
                               for what in ("NAME", "EMAIL")}}
        # pre-commit clones the repository of the hooks: here one with nothing but them, of this very moment.
        hooks = cls.scratch / "hooks"
        hooks.mkdir()
        shutil.copy(HOOKS, hooks)
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "Add hooks"], ["tag", "v0.1.0"]):
            code, said = run("git", *words, folder=hooks, environment=cls.environment)
            assert code == 0, said
        config = cls.repository / ".pre-commit-config.yaml"
        assert PLACE in config.read_text()
        config.write_text(config.read_text().replace(PLACE, f"repo: {hooks}"))
        drivers = cls.repository / "build/drivers"
        drivers.mkdir(parents=True)
        for replica in (BUILD / "example").glob("*.so"):
            shutil.copy(replica, drivers)
        shutil.copy(cls.made / "good.bin", cls.repository / "driver/not_content.bin")
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "Begin"]):
            code, said = run("git", *words, folder=cls.repository, environment=cls.environment)
            assert code == 0, said

    def setUp(self):
        super().setUp()
        self.passes("git", "add", "--all")
        self.addCleanup(self.run_here, "git", "reset", "-q", "--hard", "HEAD")

    def hooks(self):
        """What pre-commit says of each hook, by name: Passed, Failed, Skipped; its exit code, and all that it said."""
        code, said = self.run_here("pre-commit", "run", "--verbose")
        states = {name: line.rstrip().rsplit(".", 1)[-1].replace("(no files to check)", "")
                  for line in said.splitlines() for name in HOOK_NAMES if line.startswith(name + ".")}
        self.assertEqual(tuple(states), HOOK_NAMES, said)
        return states, code, said

    def test_manifest(self):
        self.assertEqual(self.passes("pre-commit", "validate-manifest", HOOKS), "")

    def test_all_files(self):
        said = self.passes("pre-commit", "run", "--all-files", "--verbose")
        self.assertEqual(said.count("Passed"), 3, said)
        self.assertIn("PASS  content/good.bin", said)
        self.assertIn("PASS  policy.ksy", said)
        self.assertIn("PASS  1 of 1 file passed on 1.0, 1.1", said)
        self.assertNotIn("not_content.bin", said)

    def test_bad_content(self):
        self.add("bad.bin")
        self.passes("git", "add", "content")
        states, code, said = self.hooks()
        self.assertEqual(code, 1)
        self.assertEqual(states, {"sluice schema check": "Skipped", "sluice check": "Failed", "sluice gate": "Failed"})
        self.assertEqual(said.count("- exit code: 1\n"), 2, said)
        self.assertIn("SL0206 error", said)

    def test_bad_schema(self):
        with (self.repository / "policy.ksy").open("a") as schema:
            schema.write("nonsense: 1\n")
        self.passes("git", "add", "policy.ksy")
        states, code, said = self.hooks()
        self.assertEqual(code, 1)
        self.assertEqual(states["sluice schema check"], "Failed")
        self.assertIn("- exit code: 2\n", said)  # the gate cannot judge by it

    def test_a_driver_that_is_not_built(self):
        replica = self.repository / "build/drivers/policy-1.1.so"
        replica.rename(replica.with_suffix(".away"))
        self.addCleanup(replica.with_suffix(".away").rename, replica)
        states, code, said = self.hooks()
        self.assertEqual(code, 1)
        self.assertEqual(states["sluice gate"], "Failed")
        self.assertIn("- exit code: 2\n", said)

    def test_a_commit_is_refused(self):
        self.passes("pre-commit", "install")
        before = self.passes("git", "rev-parse", "HEAD")
        self.add("bad.bin")
        self.passes("git", "add", "content")
        code, said = self.run_here("git", "commit", "-m", "Add a policy")
        self.assertNotEqual(code, 0, said)
        self.assertIn("SL0206 error", said)
        self.assertEqual(self.passes("git", "rev-parse", "HEAD"), before)
        self.passes("git", "rm", "-qf", "content/bad.bin")
        self.passes("git", "commit", "--allow-empty", "-m", "Add nothing")
        self.passes("pre-commit", "uninstall")


if __name__ == "__main__":
    if not shutil.which("pre-commit"):
        print("pre-commit is not installed")
        sys.exit(77)
    unittest.main()
