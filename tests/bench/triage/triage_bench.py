#!/usr/bin/env python3
"""What `sluice triage` is worth on the zoo's thirty faults: identities, size, the guilty field, the rule, and time.

    triage_bench.py SLUICE BUILD_DIR [--out DIR] [--only VARIANT...] [--jobs N] [--collect] [--no-large] [--no-time]
                    [--held-out-seed N] [--again] [--write]

Crash files are collected once and kept in DIR, so are triage's reports: what is there is not made again. --collect ends
after that; --held-out-seed judges by files that nobody has seen while guesses were changed; --again keeps the files
alone, for another build of triage; --write puts the table into docs/triage.md.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "fuzz" / "zoo"))
import collect  # noqa: E402
import faulting  # noqa: E402
import judge  # noqa: E402
import large  # noqa: E402
import plant  # noqa: E402
import smallest  # noqa: E402
import table  # noqa: E402

FILES = 40
HELD_OUT_SEED = 2
FRESH_FILES = 20  # held out, of another seed
TIMED_VARIANTS, TIMED_FILES = 20, 50
BARENESS = "fields", "records", "numbers"
TIMEOUT_MS = 100  # what does not come back is asked for hundreds of times


class Bench:
    def __init__(self, words):
        self.sluice, self.build_dir = pathlib.Path(words.sluice).resolve(), pathlib.Path(words.build_dir).resolve()
        self.out = pathlib.Path(words.out).resolve()
        self.jobs = words.jobs
        self.seed = words.held_out_seed
        for made in ("reports", "cases", "patched") if words.again else ():
            shutil.rmtree(self.out / made, ignore_errors=True)
        self.driver = self.build_dir / "zoo" / "zoo.driver.yaml"
        self.collector = collect.Collector(self.sluice, self.build_dir, self.out / "crashes")
        self.good = [judge.good_files(self.sluice, self.build_dir, self.out / f"good-{seed}", seed) for seed in judge.SEEDS]

    def crashes(self, variant):
        """The files that triage gets, and those that are held out."""
        for_triage = self.collector.collect(variant, "triage", 1, FILES)
        if self.seed == HELD_OUT_SEED:
            return for_triage, self.collector.collect(variant, "held_out", self.seed, FILES, for_triage)
        known = for_triage + self.collector.collect(variant, "held_out", HELD_OUT_SEED, FILES, for_triage)
        return for_triage, self.collector.collect(variant, f"held_out-{self.seed}", self.seed, FRESH_FILES, known)

    def large_file(self, variant):
        """A folder with the large crash file, or None; it shows the fault."""
        folder = self.out / "large" / variant["name"]
        data = large.bytes_of(variant)
        if data is None or folder.exists():
            return folder if data is not None else None
        with tempfile.TemporaryDirectory() as scratch:
            file = pathlib.Path(scratch) / "large.bin"
            file.write_bytes(data)
            [fault] = faulting.run(self.sluice, self.driver, variant["name"], [file])
        if fault is None or fault.name != variant["fault"]:
            raise SystemExit(f"{variant['name']}: the large file shows {fault}")
        folder.mkdir(parents=True)
        (folder / "large.bin").write_bytes(data)
        return folder

    def known_good(self, variant):
        """A folder of good files for triage: without those that show the fault of this image, which nobody has shipped."""
        folder = self.out / "known-good" / variant["name"]
        if not folder.exists():
            shown = faulting.run(self.sluice, self.driver, variant["name"], self.good[0])
            folder.mkdir(parents=True)
            for file, fault in zip(self.good[0], shown):
                if fault is None:
                    shutil.copy(file, folder)
        return folder

    def triage(self, name, folder, builds, documents=judge.SHIPPED, good=None):
        """The report, and the seconds that it took."""
        report = self.out / "reports" / f"{name}.json"
        if not report.exists():
            report.parent.mkdir(parents=True, exist_ok=True)
            cases = self.out / "cases" / name
            shutil.rmtree(cases, ignore_errors=True)
            schema, rules = documents
            words = [self.sluice, "triage", folder, "--driver", self.driver, "--schema", schema, "--rules", rules,
                     "--crashes", cases, "--format", "json", "--jobs", self.jobs, "--timeout-ms", TIMEOUT_MS, "--output", report,
                     *(["--good", good] if good else []), *(word for build in builds for word in ("--build", build))]
            begin = time.monotonic()
            ended = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
            seconds = time.monotonic() - begin
            if not report.exists():
                raise SystemExit(f"{name}: triage ended with {ended.returncode}: {ended.stderr}")
            (report.parent / f"{name}.seconds").write_text(f"{seconds:.1f}\n")
        return json.loads(report.read_text()), float((report.parent / f"{name}.seconds").read_text())

    def measure(self, variant):
        name = variant["name"]
        for_triage, held_out = self.crashes(variant)
        report, seconds = self.triage(name, for_triage[0].parent, [name])
        row = table.Row(name=name, smallest=len(smallest.bytes_of(name)), field=variant["field"], seconds=seconds,
                        files=len(for_triage), triaged=sum(case["count"] for case in report["cases"]),
                        identities=[case["identity"] for case in report["cases"]], held_out=len(held_out))
        row.places = len({line["place"] for line in self.collector.index(variant, "triage")})
        if not report["cases"]:
            return row
        case = max(report["cases"], key=lambda case: case["count"])
        row.shrunk = case["smallest"].get("size")
        guilty = [field["path"] for field in case["fields"] if field["guilty"]]
        row.guilty = re.sub(r"\[\d+\]", "", guilty[0]) if guilty else ""
        self.judge_suggestion(variant, row, for_triage, held_out)
        return row

    def measure_large(self, variant, row):
        folder = self.large_file(variant)
        if folder is not None:
            cases = self.triage(f"{variant['name']}-large", folder, [variant["name"]])[0]["cases"]
            row.of_large = cases[0]["smallest"].get("size") if cases else large.SIZE

    def judge_suggestion(self, variant, row, for_triage, held_out):
        """What is suggested to who has the bare documents; where these refuse the files already, to who has less."""
        for bareness in BARENESS:
            bare = judge.lay_bare(self.out / "bare" / bareness, bareness)
            report, _ = self.triage(f"{variant['name']}-{bareness}", for_triage[0].parent, [variant["name"]], bare,
                                    self.known_good(variant))
            if not report["cases"]:
                return
            its = max(report["cases"], key=lambda case: case["count"])["suggestion"]
            if bareness != BARENESS[0] and (its["kind"] == "none" or bareness == "numbers" and its["kind"] == "refused already"):
                break
            suggestion = its
            row.suggestion, row.bareness, row.rule = suggestion["kind"], bareness, suggestion["text"]
            if suggestion["kind"] != "refused already":
                break
        documents = self.patched(variant["name"], row.bareness, suggestion.get("patch", ""))
        if documents is None:
            return
        judging = judge.Judge(self.sluice, self.driver, variant["name"])
        refused = judging.refused(held_out, *documents)
        wrong = [judging.wrongly_refused(files, *documents) for files in self.good]
        if refused is not None and None not in wrong:
            row.refused, row.wrongly_refused = len(refused), sum(map(len, wrong))

    def patched(self, name, bareness, patch):
        """The bare documents with the suggestion in them; None: it does not fit."""
        folder = self.out / "patched" / name
        shutil.rmtree(folder, ignore_errors=True)
        documents = judge.lay_bare(folder, bareness)
        target = re.match(r"--- (?:\S*/)?([\w.]+)", patch)
        if not patch:
            return documents
        if target is None or folder / target[1] not in documents:
            return None
        ended = subprocess.run(["patch", "--silent", str(folder / target[1])], input=patch, text=True, check=False,
                               stdout=subprocess.DEVNULL)
        return documents if ended.returncode == 0 else None

    def timed(self, variants):
        """All at once: 1,000 files of 20 identities."""
        chosen = variants[:TIMED_VARIANTS]
        folder = self.out / "thousand"
        if not folder.exists():
            folder.mkdir()
            for variant in chosen:
                for number, file in enumerate(sum(self.crashes(variant), [])[:TIMED_FILES]):
                    name = variant["name"]
                    shutil.copy(file, folder / f"{name}-{number:02}.bin")
                    (folder / f"{name}-{number:02}.found.json").write_text(json.dumps({"build": name}))
        report, seconds = self.triage("thousand", folder, [variant["name"] for variant in chosen])
        return report["summary"]["files"], len(chosen), len(report["cases"]), seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sluice")
    parser.add_argument("build_dir")
    parser.add_argument("--out", default="build/triage_bench")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--held-out-seed", type=int, default=HELD_OUT_SEED)
    parser.add_argument("--collect", action="store_true")
    parser.add_argument("--no-large", action="store_true")
    parser.add_argument("--no-time", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--write", action="store_true")
    words = parser.parse_args()
    variants = [v for v in plant.images() if not words.only or v["name"] in words.only]
    bench = Bench(words)
    rows = []
    for variant in variants:
        if words.collect:
            counts = [len(files) for files in bench.crashes(variant)]
            is_large = bench.large_file(variant) is not None
            print(f"{variant['name']:28} {counts[0]} and {counts[1]} files{', and a large one' if is_large else ''}", flush=True)
            continue
        rows.append(bench.measure(variant))
        print(table.line(rows[-1]), file=sys.stderr, flush=True)
    if words.collect:
        return
    for variant, row in zip(variants, rows) if not words.no_large else ():
        bench.measure_large(variant, row)
        print(table.line(row), file=sys.stderr, flush=True)
    took = None if words.no_time or words.only else bench.timed(variants)
    text = table.text(rows, took)
    print(text)
    if words.write:
        table.write(ROOT / "docs" / "triage.md", text)


if __name__ == "__main__":
    main()
