#!/usr/bin/env python3
"""Executions that a second of the processor has, of `sluice fuzz` on an image and of plain libFuzzer on its source.

    rate.py SLUICE BUILD_DIR [--only sensor VARIANT...] [--runs 20000] [--begin 4000] [--seed 1] [--out DIR]

Both begin with the file that reads no input. Two campaigns of the same seed are compared, of --begin and of --runs
executions: the longer does all that the shorter does, so what starting takes is in neither figure. Time is that of the
processor in all processes. What libFuzzer makes ends at the checksum, so it also executes the corpus that ours came to,
as it is, many times: content that the driver accepts, as most of ours is, and nothing made.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "zoo"), str(pathlib.Path(__file__).resolve().parent)]
import engines  # noqa: E402
import images_test  # noqa: E402
import peers  # noqa: E402
import plant  # noqa: E402

SENSOR = "sensor"


class Cost:
    """Of one campaign: executions, seconds of the processor, and instructions of it where perf counts them."""

    def __init__(self, executions, seconds, instructions):
        self.executions, self.seconds, self.instructions = executions, seconds, instructions

    def __sub__(self, other):
        return Cost(self.executions - other.executions, self.seconds - other.seconds,
                    self.instructions - other.instructions)

    def told(self):
        each = f"{self.instructions / self.executions:10,.0f}" if self.instructions else "not counted"
        return f"{self.executions / self.seconds:9,.0f} {self.seconds / self.executions * 1e6:8.1f} {each:>14}"


def measured(words, folder, executions):
    """`executions` finds their number in what was said."""
    counts = folder / "counts"
    counts.unlink(missing_ok=True)
    perf = ["perf", "stat", "-e", "instructions:u", "-x", ",", "-o", str(counts), "--"] if shutil.which("perf") else []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = engines.run([*perf, *words], 3600, folder, {"ASAN_OPTIONS": "detect_leaks=0"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    number = executions(ended)
    if number is None:
        raise SystemExit(f"{' '.join(words)}\n{ended.stderr[-2000:]}")
    counted = re.search(r"^(\d+),", counts.read_text(), re.MULTILINE) if counts.exists() else None
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(number, spent, int(counted[1]) if counted else 0)


def ours(words, name, folder, runs):
    build_dir, is_sensor = pathlib.Path(words.build_dir).resolve(), name == SENSOR
    driver = build_dir / ("sensor/sensor-images.driver.yaml" if is_sensor else "zoo/zoo.driver.yaml")
    summary = folder / "summary.json"
    summary.unlink(missing_ok=True)
    command = [str(pathlib.Path(words.sluice).resolve()), "fuzz", "--driver", str(driver), "--build",
               "7.12" if is_sensor else name, "--corpus", str(engines.fresh(folder / "corpus")), "--faults",
               str(engines.fresh(folder / "faults")), "--seeds", str(words.seeds), "--runs", str(runs), "--seed",
               str(words.seed), "--max-len", "4096", "--summary", str(summary)]
    told = {}

    def executions(_):
        if not summary.exists():
            return None
        told.update(json.loads(summary.read_text()))
        return told["executions"]

    cost = measured(command, folder, executions)
    return cost, told


def theirs(words, program, folder, runs, corpus):
    kept = engines.fresh(folder / "corpus")
    command = [str(program), f"-seed={words.seed}", f"-runs={runs}", "-max_len=4096", "-print_final_stats=1",
               "-rss_limit_mb=1024", "-ignore_crashes=1", f"-artifact_prefix={folder}/", str(kept), *map(str, corpus)]

    def executions(ended):
        found = re.search(r"stat::number_of_executed_units:\s+(\d+)", ended.stderr)
        return int(found[1]) if found else None

    return measured(command, folder, executions)


def content_of(file):
    """Without what docs/fuzz-input.md puts behind it."""
    data = file.read_bytes()
    if len(data) < 24 or data[-8:] != b"SLFUZZ\r\n":
        return data
    size, second, operations, _ = struct.unpack("<4I", data[-24:-8])
    return data[:size] if size + second + operations + 24 == len(data) else data


def contents_of(corpus, folder):
    folder = engines.fresh(folder)
    for number, file in enumerate(sorted(corpus.iterdir())):
        (folder / str(number)).write_bytes(content_of(file))
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sluice")
    parser.add_argument("build_dir")
    parser.add_argument("--only", nargs="*", default=[SENSOR, "unknown_action_counted"])
    parser.add_argument("--runs", type=int, default=20000)
    parser.add_argument("--begin", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-peer", action="store_true", help="ours alone")
    parser.add_argument("--out", default="build/zoo_rate")
    words = parser.parse_args()
    out = pathlib.Path(words.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    words.seeds = engines.fresh(out / "seeds")
    (words.seeds / "wildcard_only.bin").write_bytes(images_test.bytes_of("wildcard_only"))
    builder = peers.Peers(out / "peers", os.environ)
    print(f"{'':44} {'a second':>9} {'us each':>8} {'instructions:u':>14}")
    for name in words.only:
        folder = out / name
        folder.mkdir(exist_ok=True)
        (short, _), (long, told) = (ours(words, name, folder, runs) for runs in (words.begin, words.runs))
        share = told["accepted"] / told["executions"]
        print(f"{name + ', sluice fuzz':44} {(long - short).told()}  accepted {share:.0%}", flush=True)
        if words.no_peer:
            continue
        variant = next((v for v in plant.images() if v["name"] == name), None)
        program = builder.build("libfuzzer", variant)
        short, long = (theirs(words, program, folder / "peer", 20 * runs, [words.seeds])
                       for runs in (words.begin, words.runs))
        print(f"{name + ', libFuzzer from the same seed':44} {(long - short).told()}", flush=True)
        contents = contents_of(folder / "corpus", folder / "contents")
        short, long = (theirs(words, program, folder / "peer", 0, times * [contents]) for times in (1, 20))
        print(f"{name + ', libFuzzer, our corpus as it is':44} {(long - short).told()}", flush=True)


if __name__ == "__main__":
    main()
