#!/usr/bin/env python3
"""Linux's regulatory.db, a format that others made: the packaged file passes, and damage is judged soberly.

    regulatory_test.py SLUICE [--file REGULATORY_DB]

Without the file (Debian package wireless-regdb) the exit code is 77. Held are:

  packaged   the file passes
  small      small files with one thing wrong are judged as a person says, by the kernel's model and by sluice: at least
             one for each condition of the schema and each rule
  mutants    1,000 files with one byte changed, by a fixed seed: two runs give the same report, byte for byte; none ends
             without a verdict, but at a limit
  prefixes   the file cut short, at each STEP bytes: the same, and none passes
  gate       what sluice passes the kernel's model accepts, and reads nothing outside of; with rules (schemas/
             regulatory_db.rules.yaml, once `sluice check` has --rules) it also takes the rules of each country

The kernel's model is kernel_model.py.
"""
import argparse
import collections
import functools
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from kernel_model import Kernel
from small_files import ACCEPTED, OUTSIDE, REFUSED, SMALL_FILES, UNUSABLE

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "schemas" / "regulatory_db.ksy"
RULES = ROOT / "schemas" / "regulatory_db.rules.yaml"
PLACES = [pathlib.Path(folder) / ("regulatory.db" + suffix)
          for folder in ("/lib/firmware", "/usr/lib/firmware") for suffix in ("-debian", "-upstream", "")]
NOT_RUN = 77
SEED = 20240719
MUTANTS = 1000
STEP = 7
AT_LEAST_REFUSED = 50  # mutants that the kernel refuses; fewer, and nothing was compared


kernel_of = functools.cache(Kernel)  # of the bytes: they are judged without and with rules


class Sluice:
    def __init__(self, path):
        self.path = str(path)
        usage = subprocess.run([self.path, "check", "--help"], capture_output=True, text=True, check=True)
        self.has_rules = "--rules" in usage.stdout

    def check(self, path, jobs, rules):
        """The exit code and the report, as bytes."""
        words = [self.path, "check", str(path), "--schema", str(SCHEMA), "--format", "json", "--jobs", str(jobs)]
        if rules:
            words += ["--rules", str(RULES)]
        done = subprocess.run(words, capture_output=True)
        if done.returncode not in (0, 1, 2) or not done.stdout:
            raise SystemExit(f"regulatory: exit code {done.returncode}: {done.stderr.decode(errors='replace')[-800:]}")
        return done.returncode, done.stdout


class Judged:
    """Files, and for each what sluice and the kernel's model say."""

    def __init__(self, sluice, contents, rules):
        self.faults = []
        self.rules = rules
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for k, data in enumerate(contents.values()):
                (folder / f"{k:05}").write_bytes(data)
            first, again = (sluice.check(folder, jobs, rules) for jobs in (1, 3))
        if first != again:
            self.faults.append("two runs differ")
        entries = json.loads(first[1])["files"]
        if len(entries) != len(contents):
            self.faults.append(f"{len(contents)} files, {len(entries)} verdicts")
        self.entries = dict(zip(contents, entries))
        self.kernels = {what: kernel_of(data) for what, data in contents.items()}
        for what in self.entries:
            self.faults += [f"{what}: {fault}" for fault in self.compare(self.entries[what], self.kernels[what])]

    def compare(self, entry, kernel):
        ids = [f["id"] for f in entry["findings"]]
        if entry["verdict"] == "NO_VERDICT" and not any(i.startswith("SL04") for i in ids):
            yield f"no verdict, and no limit is named: {ids}"
        if entry["verdict"] != "PASS":
            return
        if not kernel.accepted:
            yield "passes, and the kernel refuses it"
        if kernel.outside:
            yield f"passes, and the kernel reads outside: {kernel.outside}"
        if self.rules and kernel.unusable:
            yield f"passes, and the kernel takes the rules of {kernel.unusable} for invalid"

    def passed(self):
        return [what for what, entry in self.entries.items() if entry["verdict"] == "PASS"]

    def report(self, name):
        verdicts = collections.Counter(entry["verdict"] for entry in self.entries.values())
        kernels = collections.Counter(map(opinion, self.kernels.values()))
        print(f"{name}: {len(self.entries)} files, {verdicts['FAIL']} rejected, {verdicts['PASS']} passed, "
              f"{verdicts['NO_VERDICT']} at a limit")
        print("    the kernel's model: " + ", ".join(f"{n} {what}" for what, n in sorted(kernels.items())))
        first = collections.Counter(id_of(e["findings"][0]) for e in self.entries.values() if e["findings"])
        print("    first findings: " + (", ".join(f"{i} {n}" for i, n in first.most_common()) or "none"))


def mutants(data):
    """One byte changed, each in its own way. Only `random()` is promised to stay the same from Python to Python."""
    source = random.Random(SEED)
    out = {}
    while len(out) < MUTANTS:
        at, value = int(source.random() * len(data)), int(source.random() * 256)
        if data[at] != value:
            out[f"{at:#06x} set to {value:#04x}"] = data[:at] + bytes([value]) + data[at + 1:]
    return out


def id_of(finding):
    return finding.get("rule", finding["id"])


def opinion(kernel):
    if not kernel.accepted:
        return REFUSED
    return OUTSIDE if kernel.outside else UNUSABLE if kernel.unusable else ACCEPTED


def is_as_owed(small, entry, rules):
    """A finding of the schema comes first; one of the rules is among those of the file, and only with rules."""
    ids = [id_of(finding) for finding in entry["findings"]]
    by_rule = small.finding is not None and not small.finding.startswith("SL")
    if small.finding is None or by_rule and not rules:
        return entry["verdict"] == "PASS" and not ids
    if entry["verdict"] != ("PASS" if small.warns else "FAIL"):
        return False
    return small.finding in ids if by_rule else ids[0] == small.finding


def check_small(sluice, rules):
    judged = Judged(sluice, {name: small.data for name, small in SMALL_FILES.items()}, rules)
    for name, small in SMALL_FILES.items():
        kernel, entry = opinion(judged.kernels[name]), judged.entries[name]
        if kernel != small.kernel:
            judged.faults.append(f"{name}: the model says {kernel}, a person {small.kernel}")
        if not is_as_owed(small, entry, rules):
            judged.faults.append(f"{name}: {entry['verdict']}, {[id_of(f) for f in entry['findings']]}, "
                                 f"where {small.finding} is owed")
    return judged


def check_mutants(sluice, data, rules):
    judged = Judged(sluice, mutants(data), rules)
    refused = sum(not kernel.accepted for kernel in judged.kernels.values())
    if refused < AT_LEAST_REFUSED:
        judged.faults.append(f"the kernel refuses only {refused}: this test lost its teeth")
    return judged


def check_prefixes(sluice, data, rules):
    judged = Judged(sluice, {f"the first {size} bytes": data[:size] for size in range(0, len(data), STEP)}, rules)
    judged.faults += [f"{what}: passes" for what in judged.passed()]
    return judged


def check_packaged(sluice, data, rules):
    judged = Judged(sluice, {"the file": data}, rules)
    entry, kernel = judged.entries["the file"], judged.kernels["the file"]
    if entry["verdict"] != "PASS" or entry["findings"]:
        judged.faults.append(f"{entry['verdict']}: {entry['findings'][:3]}")
    if opinion(kernel) != ACCEPTED:
        judged.faults.append(f"the model says {opinion(kernel)}: {kernel.outside or kernel.unusable}")
    return judged


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sluice", type=lambda path: pathlib.Path(path).resolve(strict=True))
    parser.add_argument("--file", type=pathlib.Path)
    arguments = parser.parse_args()
    path = arguments.file or next((place for place in PLACES if place.is_file()), None)
    if path is None:
        print("regulatory: NOT RUN, the Debian package wireless-regdb is not installed")
        sys.exit(NOT_RUN)
    data = path.read_bytes()
    sluice = Sluice(arguments.sluice)
    print(f"{path}: {len(data)} bytes, seed {SEED}, {'with and without' if sluice.has_rules else 'without'} rules")
    faults = []
    for rules in (False, True) if sluice.has_rules else (False,):
        for name, judged in (("packaged", check_packaged(sluice, data, rules)),
                             ("small", check_small(sluice, rules)),
                             ("mutants", check_mutants(sluice, data, rules)),
                             ("prefixes", check_prefixes(sluice, data, rules))):
            judged.report(name + (", rules" if rules else ""))
            faults += [f"{name}, {fault}" for fault in judged.faults]
    for fault in faults[:20]:
        print("FAILED " + fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
