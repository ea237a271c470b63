"""Farms on the sensor as it ships, and the same without a farm."""
import dataclasses
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SUPPLIES = {"7.10": "1:12,2:8", "7.11": "1:12,2:8,3:20", "7.11.1": "1:12,2:8,3:20", "7.12": "1:12,2:8,3:21"}
# In place of sluice-fuzz: says what a real campaign said, with other numbers.
PRETENDER = """#!{python} -ISB
import json, sys
words = dict(word[2:].split("=", 1) for word in sys.argv[1:])
summary = json.load(open({summary!r}))
if "merge" not in words:
    seed = int(words["seed"])
    summary["executions"] = int(words["runs"])
    summary["seconds"] = 60 + seed % 1000 / 1000
    summary["blocks"]["covered"] += seed % 3
    summary["corpus"]["new"] = seed % 40
json.dump(summary, open(words["summary"], "w"))
"""


class Place:
    """A folder for what is measured, with the sensor in it: images alone."""

    def __init__(self, folder, sluice, build):
        self.folder, self.sluice, self.build = folder, sluice, build
        self.sensor = folder / "sensor"
        shutil.copytree(build / "sensor", self.sensor, ignore=shutil.ignore_patterns("*.so", "plain", "*.objects", "aarch64"))
        shutil.copy(build / "sensor/image/adapter.so", self.sensor / "image")
        self.driver = self.sensor / "sensor-images.driver.yaml"
        lines = self.driver.read_text().splitlines(True)
        self.driver.write_text("".join(line for line in lines if "replica:" not in line))


@dataclasses.dataclass
class Usage:
    """`processor` is the time of all processes that were started and have ended."""
    seconds: float
    processor: float
    executions: int = 0
    turns: float = 0  # seconds of a night in which campaigns ran

    @staticmethod
    def of(*commands, expect=(0, 1), environment=None):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        for words in commands:
            done = subprocess.run([str(word) for word in words], env={**os.environ, **(environment or {})}, check=False,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            if done.returncode not in expect:
                sys.exit(f"{words}: exit code {done.returncode}: {done.stderr.decode(errors='replace')}")
        after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        return Usage(ended - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


class Farm:
    def __init__(self, folder, place, builds, turns, runs):
        folder.mkdir()
        self.folder, self.place, self.runs = folder, place, runs
        self.document = folder / "bench.farm.yaml"
        self.kept = folder / "farm"
        self.environment = {}
        target = {"name": "sensor", "driver": str(place.driver), "builds": list(builds), "max_len": 2048}
        document = {"farm": "bench", "folder": "farm", "jobs": 1, "turns": turns, "runs": runs, "targets": [target]}
        self.document.write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in document.items()))

    def forget(self):
        shutil.rmtree(self.kept, ignore_errors=True)
        shutil.rmtree(self.folder / "hand", ignore_errors=True)

    def night(self):
        summary = self.folder / "night.json"
        usage = Usage.of([self.place.sluice, "farm", self.document, "--worker", "bench", "--summary", summary],
                         environment=self.environment)
        told = json.loads(summary.read_text())
        usage.executions = sum(lane["executions"] for lane in told["lanes"])
        usage.turns = told["night"]["milliseconds"] / 1000
        return usage

    def rows(self, sql):
        state = sqlite3.connect(f"file:{self.kept}/state/bench.sqlite?mode=ro", uri=True)
        rows = state.execute(sql).fetchall()
        state.close()
        return rows

    def campaigns(self):
        """The builds and seeds of the night's turns, in their order."""
        return self.rows("SELECT build, seed FROM turns ORDER BY night, turn")

    def by_hand(self, campaigns):
        hand = self.folder / "hand"
        summaries = [hand / f"{number}.json" for number in range(len(campaigns))]
        hand.mkdir()
        usage = Usage.of(*([self.place.sluice, "fuzz", "--driver", self.place.driver, "--build", build, "--corpus",
                            hand / "corpus", "--faults", hand / "faults", "--runs", self.runs, "--seed", seed, "--max-len",
                            2048, "--summary", summary] for (build, seed), summary in zip(campaigns, summaries)))
        usage.executions = sum(json.loads(summary.read_text())["executions"] for summary in summaries)
        return usage

    def pretend(self):
        """From now on a turn does nothing, but says what a real one has said of the first of the builds."""
        summary, program = self.folder / "real.json", self.folder / "sluice-fuzz"
        Usage.of([self.place.sluice, "fuzz", "--driver", self.place.driver, "--build", "7.11", "--corpus",
                  self.kept / "corpus/sensor", "--faults", self.kept / "faults/sensor", "--runs", 20000, "--summary", summary])
        program.write_text(PRETENDER.format(python=sys.executable, summary=str(summary)))
        program.chmod(0o755)
        self.environment = {"SLUICE_FUZZ": str(program)}

    def state_size(self):
        return sum(path.stat().st_size for path in (self.kept / "state").iterdir() if path.is_file())


def merge(place, corpus, builds):
    """What it says of it, and what it took."""
    summary = place.folder / "merge.json"
    words = [place.build / "sluice-fuzz", "--merge=1", f"--schema={place.sensor}/channel.ksy",
             f"--rules={place.sensor}/channel.rules.yaml", f"--driver={place.driver}", f"--corpus={corpus}",
             f"--faults={place.folder}/none", f"--summary={summary}"]
    for build in builds:
        words += [f"--build={build}", f"--target={place.sensor}/image/adapter.so",
                  f"--image={place.sensor}/image/x86_64/{build}.sys", f"--supplies={SUPPLIES[build]}"]
    usage = Usage.of(words, expect=(0,))
    return json.loads(summary.read_text())["merged"], usage
