#!/usr/bin/env python3
"""The zoo's thirty faults, looked for by three fuzzers: executions until the first fault, from the same seeds.

    bench.py SLUICE BUILD_DIR [--seconds 60] [--seeds 5] [--only VARIANT...] [--start wildcards|nothing] [--jobs N]
             [--out DIR]

The peers are libFuzzer with value profile and AFL++ with CMPLOG, both with AddressSanitizer, on the driver's source. One
campaign a core or as many as --jobs says, as many seeds as said; results are kept in DIR/results.jsonl, and what is there
is not run again.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import statistics
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "zoo"), str(pathlib.Path(__file__).resolve().parent)]
import engines  # noqa: E402
import images_test  # noqa: E402
import peers  # noqa: E402
import plant  # noqa: E402
import plot  # noqa: E402

ENGINES = ["sluice", "libfuzzer", "afl++"]


class Bench:
    def __init__(self, words):
        self.sluice, self.build_dir = pathlib.Path(words.sluice).resolve(), pathlib.Path(words.build_dir).resolve()
        self.seconds, self.start = words.seconds, words.start
        self.out = pathlib.Path(words.out).resolve()
        self.out.mkdir(parents=True, exist_ok=True)
        self.peers = peers.Peers(self.out / "peers", os.environ)
        self.lock = threading.Lock()
        self.seeds = None
        if words.start == "wildcards":
            self.seeds = engines.fresh(self.out / "seeds")
            (self.seeds / "wildcard_only.bin").write_bytes(images_test.bytes_of("wildcard_only"))

    def campaign(self, engine, variant, seed):
        folder = self.out / "run" / engine / variant["name"] / str(seed)
        folder.mkdir(parents=True, exist_ok=True)
        if engine == "sluice":
            driver = self.build_dir / "zoo" / "zoo.driver.yaml"
            return engines.sluice(self.sluice, driver, variant["name"], self.seeds, seed, self.seconds, folder)
        with self.lock:
            program = self.peers.build("libfuzzer" if engine == "libfuzzer" else "afl", variant)
            cmplog = self.peers.build("cmplog", variant) if engine == "afl++" else None
        if engine == "libfuzzer":
            return engines.libfuzzer(program, self.seeds, seed, self.seconds, folder)
        return engines.aflplusplus(program, cmplog, self.seeds, seed, self.seconds, folder)

    def run(self, work):
        engine, variant, seed = work
        done = self.campaign(engine, variant, seed)
        row = {"engine": engine, "variant": variant["name"], "seed": seed, "start": self.start,
               "limit": self.seconds, **dataclasses.asdict(done)}
        with self.lock, (self.out / "results.jsonl").open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(f"{row['variant']:28} {engine:10} seed {seed}: "
              f"{'found' if done.found else 'not found'} after {done.executions:,}", file=sys.stderr, flush=True)
        return row


def known(file):
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def of(rows, engine, name):
    return [row for row in rows if row["engine"] == engine and row["variant"] == name]


def median_found(rows):
    """The median of executions; infinite where fewer than half found it."""
    return statistics.median(row["executions"] if row["found"] else float("inf") for row in rows) if rows else None


def shown(rows):
    if not rows:
        return "not run"
    found = [row for row in rows if row["found"]]
    middle = median_found(rows)
    share = f"{len(found)}/{len(rows)}"
    if middle == float("inf"):
        return f"{share}, not in {max(row['executions'] for row in rows):,}"
    return f"{share}, {int(middle):,}"


def table(rows, variants):
    lines = ["| variant | class | " + " | ".join(ENGINES) + " | of the better peer |", "|---" * (len(ENGINES) + 3) + "|"]
    for variant in variants:
        mine = median_found(of(rows, "sluice", variant["name"]))
        theirs = [median_found(of(rows, engine, variant["name"])) for engine in ENGINES[1:]]
        theirs = [t for t in theirs if t not in (None, float("inf"))]
        ratio = f"1/{min(theirs) / max(mine, 1):.3g}" if theirs and mine not in (None, float("inf")) else ""
        cells = [shown(of(rows, engine, variant["name"])) for engine in ENGINES]
        lines.append(f"| `{variant['name']}` | {variant['class']} | " + " | ".join(cells) + f" | {ratio} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sluice")
    parser.add_argument("build_dir")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--engines", nargs="*", default=ENGINES, choices=ENGINES)
    parser.add_argument("--start", choices=["wildcards", "nothing"], default="wildcards")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--out", default="build/zoo_bench")
    words = parser.parse_args()
    variants = [v for v in plant.images() if not words.only or v["name"] in words.only]
    bench = Bench(words)
    results = bench.out / "results.jsonl"
    done = {(r["engine"], r["variant"], r["seed"]) for r in known(results)
            if r["start"] == words.start and r["limit"] == words.seconds}
    work = [(engine, variant, seed) for variant in variants for engine in words.engines
            for seed in range(1, words.seeds + 1) if (engine, variant["name"], seed) not in done]
    with concurrent.futures.ThreadPoolExecutor(words.jobs) as pool:
        for _ in pool.map(bench.run, work):
            pass
    rows = [r for r in known(results) if r["start"] == words.start and r["limit"] == words.seconds]
    print(f"Executions until the first fault, median of {words.seeds} seeds of {words.seconds} s; start: {words.start}\n")
    print(table(rows, variants))
    picture = bench.out / f"{words.start}.svg"
    picture.write_text(plot.time_to_fault(rows, ENGINES, words.seconds))
    print(f"\n{picture}")


if __name__ == "__main__":
    main()
