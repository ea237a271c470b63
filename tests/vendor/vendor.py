"""A vendor's repository in a scratch folder, and sluice installed beside it, out of the build that is tested."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROJECT = pathlib.Path(__file__).resolve().parent / "project"
EXAMPLE = ROOT / "fuzz/example"
BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
SECONDS = 300  # of waiting: the machine may be busy


def run(*words, folder, environment=None):
    """The exit code and all that was said."""
    done = subprocess.run([str(word) for word in words], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=SECONDS, env={**os.environ, **(environment or {})})
    return done.returncode, done.stdout.decode("utf-8", "backslashreplace")


class Vendor(unittest.TestCase):
    """One repository for all tests of a class, with good content in it when each begins. Its path has a blank in it, and
    what was installed is moved before it is used."""

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.scratch = pathlib.Path(scratch.name)
        run("cmake", "--install", BUILD, "--prefix", cls.scratch / "prefix", folder=cls.scratch)
        cls.prefix = cls.scratch / "opt of us"
        (cls.scratch / "prefix").rename(cls.prefix)
        cls.home = cls.scratch / "home"
        cls.home.mkdir()
        cls.environment = {"PATH": f"{cls.prefix}/bin:{os.environ['PATH']}", "HOME": str(cls.home)}
        cls.repository = cls.scratch / "policy driver"
        shutil.copytree(PROJECT, cls.repository)
        (cls.repository / "driver").mkdir()
        for source in EXAMPLE.glob("*.[ch]"):
            shutil.copy(source, cls.repository / "driver")
        for document in ("policy.ksy", "policy.rules.yaml", "policy.driver.yaml"):
            shutil.copy(EXAMPLE / document, cls.repository)
        cls.made = cls.scratch / "made"
        code, said = run(sys.executable, EXAMPLE / "make_policies.py", cls.made, folder=cls.scratch)
        assert code == 0, said

    def setUp(self):
        content = self.repository / "content"
        shutil.rmtree(content, ignore_errors=True)
        content.mkdir()
        self.add("good.bin")

    def add(self, name):
        shutil.copy(self.made / name, self.repository / "content")

    def run_here(self, *words):
        return run(*words, folder=self.repository, environment=self.environment)

    def passes(self, *words):
        code, said = self.run_here(*words)
        self.assertEqual(code, 0, said)
        return said
