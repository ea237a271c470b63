"""What the tests of `sluice fuzz` share: a scratch folder, content of the channel format, and campaigns."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASS, FAIL, NO_VERDICT = 0, 1, 2


def arguments():
    """The program and the build folder; the rest is unittest's."""
    sluice, build = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    del sys.argv[1:3]
    return sluice, build


class Campaigns(unittest.TestCase):
    sluice = build = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sluice-fuzz-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "tmp").mkdir()

    def command(self, *words, driver=None, corpus="corpus", **options):
        driver = driver or self.build / "sensor/sensor-images.driver.yaml"
        words = [self.sluice, "fuzz", "--driver", driver, "--corpus", corpus, "--faults", "faults",
                 "--summary", "summary.json", *words]
        for name, value in options.items():
            words += ["--" + name.replace("_", "-"), value]
        return [str(word) for word in words]

    def environment(self):
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TMPDIR": str(self.folder / "tmp")}

    def without_rights(self):
        """What to put before a command so that root has the rights of anybody."""
        if os.geteuid() != 0:
            return ()
        words = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
        if shutil.which("setpriv") is None or subprocess.run([*words, "true"], check=False).returncode != 0:
            self.skipTest("root has all rights here")
        return words

    def fuzz(self, *words, expect, timeout=120, before=(), **options):
        """Runs a campaign; returns its summary, and what it said on standard error."""
        done = subprocess.run([*before, *self.command(*words, **options)], cwd=self.folder, env=self.environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False)
        said = done.stderr.decode()
        self.assertEqual(done.returncode, expect, said + done.stdout.decode())
        self.assertEqual(list((self.folder / "tmp").iterdir()), [], "temporary files are left")
        summary = self.folder / "summary.json"
        return (json.loads(summary.read_text()) if summary.exists() else None), said

    def names(self, folder):
        return sorted(path.name for path in (self.folder / folder).iterdir())


def channel_files(folder):
    subprocess.run([sys.executable, "-B", ROOT / "corpus/channel/generate.py", folder], check=True,
                   stdout=subprocess.DEVNULL)
    return folder
