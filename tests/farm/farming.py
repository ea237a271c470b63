"""What the tests of `sluice farm` share: the sensor as it ships in a scratch folder, farms on it, and what they say."""
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/tools"))

PASS, FAIL, NO_VERDICT = 0, 1, 2
SECONDS = 300  # the machine may be busy


def arguments():
    """The program and the build folder; the rest is unittest's."""
    sluice, build = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    del sys.argv[1:3]
    return sluice, build


class Night:
    """How a night ended. `summary` is its JSON, where it wrote one."""

    def __init__(self, code, out, err, summary):
        self.code, self.out, self.err, self.summary = code, out, err, summary

    def states(self):
        return {fault["identity"]: fault["state"] for fault in self.summary["faults"]}

    def lane(self, build):
        [lane] = [lane for lane in self.summary["lanes"] if lane["build"] == build]
        return lane


def copy_sensor(build, folder):
    """The sensor as it ships, in `folder`/sensor; returns its driver document, which has no replicas."""
    built, images = build / "sensor", folder / "sensor/image/x86_64"
    images.mkdir(parents=True)
    for name in ("channel.ksy", "channel.rules.yaml"):
        shutil.copy(built / name, folder / "sensor")
    shutil.copy(built / "image/adapter.so", images.parent)
    for image in (built / "image/x86_64").iterdir():
        if image.suffix in (".sys", ".pdb"):
            shutil.copy(image, images)
    lines = (built / "sensor-images.driver.yaml").read_text().splitlines(True)
    document = folder / "sensor/sensor-images.driver.yaml"
    document.write_text("".join(line for line in lines if "replica:" not in line))
    return document


class Farming(unittest.TestCase):
    """Each test has a folder of its own with the sensor and `night.farm.yaml` in it."""
    sluice = build = None
    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sluice-farm-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "tmp").mkdir()
        self.driver = copy_sensor(self.build, self.folder)

    def write_farm(self, *builds, name="night.farm.yaml", target=None, **more):
        document = {"farm": "night", "folder": "farm", "jobs": 1, **more,
                    "targets": [{"name": "sensor", "driver": "sensor/sensor-images.driver.yaml", "builds": list(builds),
                                 "max_len": 2048, **(target or {})}]}
        (self.folder / name).write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in document.items()))
        return name

    def environment(self, **more):
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TMPDIR": str(self.folder / "tmp"), **more}

    def command(self, *words, document="night.farm.yaml", worker="w"):
        return [str(word) for word in (self.sluice, "farm", document, "--worker", worker,
                                       *(() if "--summary" in words else ("--summary", f"{worker}.json")), *words)]

    def farm(self, *words, expect, worker="w", document="night.farm.yaml", environment=None, **options):
        summary = self.folder / f"{worker}.json"
        summary.unlink(missing_ok=True)
        done = subprocess.run(self.command(*words, worker=worker, document=document), cwd=self.folder,
                              env=self.environment(**(environment or {})), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=SECONDS, check=False, **options)
        night = Night(done.returncode, done.stdout.decode(), done.stderr.decode(),
                      json.loads(summary.read_text()) if summary.exists() else None)
        self.assertIn(night.code, (PASS, FAIL) if expect is None else (expect,), night.err + night.out)
        return night

    def status(self, document="night.farm.yaml"):
        done = subprocess.run([str(self.sluice), "farm", "status", document], cwd=self.folder, env=self.environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False)
        return done.returncode, done.stdout + done.stderr

    def rows(self, sql, worker="w"):
        # Of a farm that was killed the reader has to undo what was half written.
        path = self.folder / f"farm/state/{worker}.sqlite"
        with sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=30) as state:
            rows = state.execute(sql).fetchall()
        state.close()
        return rows

    def corpus(self):
        """name -> bytes; each file is what its name says."""
        found = {}
        for path in (self.folder / "farm/corpus/sensor").iterdir():
            if path.name.startswith("."):
                continue
            data = path.read_bytes()
            self.assertEqual(hashlib.sha256(data).hexdigest(), path.name)
            found[path.name] = data
        return found

    def merge(self, files, *builds, images=None):
        """Makes a corpus of these files small. What is kept, and all that it comes to."""
        corpus = Path(tempfile.mkdtemp(dir=self.folder))
        for name, data in files.items():
            (corpus / name).write_bytes(data)
        summary = corpus.parent / f"{corpus.name}.json"
        words = [self.build / "sluice-fuzz", "--merge=1", f"--schema={self.folder}/sensor/channel.ksy",
                 f"--rules={self.folder}/sensor/channel.rules.yaml", f"--driver={self.driver}", f"--corpus={corpus}",
                 f"--faults={self.folder}/none", f"--summary={summary}", "--timeout-ms=200"]
        for build in builds:
            words += [f"--build={build}", f"--target={self.folder}/sensor/image/adapter.so",
                      f"--image={(images or {}).get(build, self.folder / f'sensor/image/x86_64/{build}.sys')}",
                      "--supplies=1:12,2:8" + {"7.10": "", "7.12": ",3:21"}.get(build, ",3:20")]
        done = subprocess.run([str(word) for word in words], cwd=self.folder, env=self.environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.merged = json.loads(summary.read_text())
        told = self.merged["merged"]
        kept = {path.name for path in corpus.iterdir()}
        self.assertEqual((told["files"], told["kept"]), (len(files), len(kept)))
        return kept, told["reached"]


# Campaigns that are told what to say: $FAKE has Python that changes `summary`, or ends; $SLOWEST is what a merge says.
FAKE_FUZZ = """#!/usr/bin/env python3
import json, os, sys, time
words = dict(word[2:].split("=", 1) for word in sys.argv[1:])
if "merge" in words:
    json.dump({"version": 1, "verdict": "PASS", "corpus": {"seeds": 1}, "slowest": json.loads(os.environ.get("SLOWEST", "[]"))},
              open(words["summary"], "w"))
    sys.exit(0)
os.makedirs(words["corpus"], exist_ok=True)
summary = {"version": 1, "verdict": "PASS", "interrupted": False, "executions": int(words.get("runs", 100)), "seconds": 0.5,
           "accepted": 10, "faulted": 1, "restarts": 0, "blocks": {"seeds": 5, "covered": 7, "reachable": 9, "all": 11},
           "last_new_execution": 3, "corpus": {"seeds": 2, "new": 1}, "operators": [], "progress": [], "faults": []}
exec(os.environ.get("FAKE", ""))
json.dump(summary, open(words["summary"], "w"))
"""
