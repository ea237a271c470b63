"""What the tests of `sluice gate` share: releases of channel files in a scratch folder, and what the gate says of them."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "corpus/channel"), str(ROOT / "tests/tools")]
import generate  # noqa: E402

PASS, FAIL, NO_VERDICT = 0, 1, 2
SECONDS = 120  # the machine may be busy
DRIVER = "sensor/sensor-images.driver.yaml"


def arguments():
    """The program and the build folder; the rest is unittest's."""
    sluice, build = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    del sys.argv[1:3]
    return sluice, build


def yaml(value):
    """JSON is YAML, but for what the strict reader does not take: no text here needs an escape."""
    return json.dumps(value, ensure_ascii=False)


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"duplicate keys in {keys}"
    return dict(pairs)


class Outcome:
    """How a gate ended. `report` is its JSON, where it wrote one."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err
        self.report = json.loads(out, object_pairs_hook=no_duplicates) if out.startswith("{") else None

    def findings(self, of=""):
        """(id, rule) -> of all files whose name ends with `of`."""
        return [finding for file in self.report["files"] if file["file"].endswith(of) for finding in file["findings"]]

    def ids(self, of=""):
        return sorted({finding["id"] for finding in self.findings(of)})

    def told(self, identity):
        """The sentences of the findings with this id."""
        return [finding["because"] for finding in self.findings() if finding["id"] == identity]

    def verdicts(self, of=""):
        """build -> verdict, of the content whose name ends with `of`."""
        [file] = [file for file in self.report["files"] if file["kind"] == "content" and file["file"].endswith(of)]
        return {row["build"]: row["verdict"] for row in file["matrix"]}

    @property
    def release(self):
        return self.report["release"]


class Gating(unittest.TestCase):
    """Each test has a folder of its own; `release.yaml` is in it."""
    sluice = build = None
    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sluice-gate-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def content(self, *names, folder="content"):
        """Files of corpus/channel; the paths as a release document has them."""
        (self.folder / folder).mkdir(exist_ok=True)
        for name in names:
            (self.folder / folder / f"{name}.bin").write_bytes(generate.make(name))
        return [f"{folder}/{name}.bin" for name in names]

    def own_sensor(self, replicas=True):
        """The driver, its documents and images in this folder, where a test may change them. Its driver document."""
        here = self.folder / "sensor"
        shutil.copytree(self.build / "sensor", here, ignore=lambda folder, names: [
            name for name in names if name in ("aarch64", "plain") or (name.endswith(".so") and folder == str(
                self.build / "sensor") and not replicas) or name.endswith((".obj", ".objects"))], copy_function=shutil.copy, dirs_exist_ok=True)
        driver = here / "sensor-images.driver.yaml"
        if not replicas:
            lines = [line for line in driver.read_text().splitlines(True) if "replica:" not in line]
            driver.write_text("".join(lines))
        return "sensor/sensor-images.driver.yaml"

    def keep_builds(self, *names):
        """Of the own sensor."""
        driver = self.folder / "sensor/sensor-images.driver.yaml"
        head, *builds = driver.read_text().split("  - name: ")
        driver.write_text(head + "".join(f"  - name: {build}" for build in builds if build.split('"')[1] in names))

    def write_release(self, content, driver=None, policy=None, name="release.yaml", **more):
        document = {"release": "test", "content": content, "driver": str(driver or self.build / DRIVER), **more}
        if policy is not None:
            document["policy"] = policy
        (self.folder / name).write_text("".join(f"{key}: {yaml(value)}\n" for key, value in document.items()))
        return name

    def environment(self, **more):
        keep = {key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **keep, **more}

    def command(self, *words, release="release.yaml", form="json"):
        return [str(word) for word in (self.sluice, "gate", release, "--format", form, *words)]

    def gate(self, *words, expect=None, release="release.yaml", form="json", environment=None, **options):
        done = subprocess.run(self.command(*words, release=release, form=form), cwd=self.folder,
                              env=self.environment(**(environment or {})), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=SECONDS, check=False, **options)
        outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
        if expect is not None:
            self.assertEqual(outcome.code, expect, outcome.err + outcome.out)
        return outcome

    def new_key(self, name="gate"):
        """An Ed25519 key in this folder; its private and its public half."""
        private, public = f"{name}.pem", f"{name}.pub"
        run = lambda *words: subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)  # noqa: E731
        run("genpkey", "-algorithm", "ed25519", "-out", private)
        (self.folder / private).chmod(0o600)
        run("pkey", "-in", private, "-pubout", "-out", public)
        return private, public

    def verify(self, content, *words, public="gate.pub", bundle=None):
        bundle = bundle or f"{content}.intoto.jsonl"
        done = subprocess.run([str(self.sluice), "verify", bundle, "--key", public, "--content", content, *words],
                              cwd=self.folder, capture_output=True, text=True, timeout=SECONDS, check=False)
        return done.returncode, done.stdout + done.stderr

    def attestations(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*.intoto.jsonl*"))

    def left_over(self):
        """What only a run that was killed may leave."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*")
                      if path.name.startswith("run.") or path.name.endswith((".tmp", "-journal")))
