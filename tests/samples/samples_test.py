#!/usr/bin/env python3
"""Real files, by schemas that others wrote: the verdicts are a person's, and damage is found where it is.

    samples_test.py SLUICE [--sanitized]

The schemas and most samples are the Kaitai Struct project's and lie beside the checkout, in ../shared/kaitai; without
them the exit code is 77. Four things are held:

  verdict    each sample passes, with what its schema leaves out allowed by name (SAMPLES says why)
  without    and fails if that is not allowed
  damage     a byte that makes a field violate its `contents`, `valid` or `enum` is in the bytes of a finding
  survival   every prefix, and every byte set to 00 7F 80 FF, ends with a verdict in a second; no prefix passes, but where
             the schema asks for no more

What is to be found is decided here by fields.py, from the schema and the place of the fields, not by sluice's judgement.
"""
import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

import device_tree
import fields

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "kaitai"
NOT_RUN = 77
BATCH = 256
SECONDS = 1.0  # of processor time, for one file
SETTINGS = (0x00, 0x7F, 0x80, 0xFF)


class Sample:
    def __init__(self, name, schema, order, allow=(), complete_at=(), survives=True, data=None, at_least=1):
        self.name, self.order, self.allow, self.survives, self.at_least = name, order, allow, survives, at_least
        self.complete_at = complete_at  # the lengths at which a prefix is all that the schema asks for
        self.schema = DATA / "formats" / f"{schema}.ksy"
        self.data = data if data is not None else (DATA / "samples" / name).read_bytes()

    def words(self, allow=True):
        words = ["--schema", str(self.schema), "--include", str(DATA / "formats")]
        return words + [word for name in (self.allow if allow else ()) for word in ("--allow", name)]


def samples():
    # IDAT and IEND have no case in png.ksy: their bytes are left as they are. It takes a file that ends between two
    # chunks for a whole one.
    png = ("unmatched-switch",)
    yield Sample("image/png/atch-zlib.png", "image/png", "big", png, complete_at=(48, 88, 231), at_least=100)
    yield Sample("image/png/evernote-skitch-mac-v1.2.png", "image/png", "big", png, survives=False, at_least=100)
    yield Sample("executable/elf/small.o", "executable/elf", "little", at_least=100)
    # edid.ksy ends after the standard timings; the detailed ones, and the checksum, follow.
    for name in ("edid-1.0", "edid-1.1", "edid-1.2", "vesa-edid-1.4-example1"):
        yield Sample(f"hardware/edid/{name}.bin", "hardware/edid", "little", ("trailing-bytes",),
                     complete_at=range(54, 128), at_least=50)
    # A node's end has no case in dtb.ksy.
    yield Sample("device tree", "hardware/dtb", "big", ("unmatched-switch",), data=device_tree.make(), at_least=50)


class Sluice:
    def __init__(self, path, sanitized):
        self.path = str(path)
        self.seconds = SECONDS * (20 if sanitized else 1)

    def bound_time(self):
        """Processor time: the machine may be busy. What does not end is killed by SIGXCPU."""
        resource.setrlimit(resource.RLIMIT_CPU, (int(10 * self.seconds), int(20 * self.seconds)))

    def inspect(self, sample, path):
        words = ["inspect", str(path), "--format", "json", *sample.words(allow=False)]
        return json.loads(subprocess.run([self.path, *words], stdout=subprocess.PIPE, check=True).stdout)

    def check(self, sample, paths, allow=True):
        """The report's entry for each path, and the processor time; or None and why not."""
        before = os.times()
        words = ["check", "--format", "json", *sample.words(allow), *map(str, paths)]
        done = subprocess.run([self.path, *words], capture_output=True, preexec_fn=self.bound_time)
        now = os.times()
        seconds = now.children_user + now.children_system - before.children_user - before.children_system
        if done.returncode not in (0, 1, 2) or not done.stdout:
            return None, f"exit code {done.returncode}: {done.stderr.decode(errors='replace')[-400:]}"
        entries = json.loads(done.stdout)["files"]
        if [entry["file"] for entry in entries] != list(map(str, paths)):
            return None, f"the report is about other files: {done.stderr.decode(errors='replace')[-400:]}"
        return entries, seconds


class Mutants:
    """Files that differ from a sample, judged many at a time."""

    def __init__(self, sluice, sample, folder):
        self.sluice, self.sample, self.folder = sluice, sample, folder
        self.faults = []
        self.count = 0

    def judge(self, mutants, look):
        """`mutants`: (what was done, the bytes). `look(what, entry)` says what is wrong with the verdict, or None."""
        batch = []
        for mutant in mutants:
            batch.append(mutant)
            if len(batch) == BATCH:
                self.judge_batch(batch, look)
                batch = []
        self.judge_batch(batch, look)

    def judge_batch(self, batch, look):
        if not batch:
            return
        paths = [self.folder / str(k) for k in range(len(batch))]
        for path, (_, data) in zip(paths, batch):
            path.write_bytes(data)
        for (what, _), entry in zip(batch, self.verdicts(batch, paths)):
            fault = look(what, entry) if entry else None
            if fault:
                self.faults.append(f"{self.sample.name}, {what}: {fault}")
        self.count += len(batch)

    def verdicts(self, batch, paths):
        """An entry for each, or None where there is none; a batch that is too slow or crashes is halved."""
        entries, seconds = self.sluice.check(self.sample, paths)
        if entries and seconds <= self.sluice.seconds:
            return entries
        if len(paths) == 1:
            self.faults.append(f"{self.sample.name}, {batch[0][0]}: " + (f"{seconds:.2f} s" if entries else seconds))
            return entries or [None]
        half = len(paths) // 2
        return self.verdicts(batch[:half], paths[:half]) + self.verdicts(batch[half:], paths[half:])


def summary_of(entry):
    return "; ".join(f"{f['id']} at {f.get('bytes')}" for f in entry["findings"][:3]) or "no finding"


def check_verdict(sluice, sample, path):
    entries, seconds = sluice.check(sample, [path])
    if not entries:
        yield f"{sample.name}: {seconds}"
    elif entries[0]["verdict"] != "PASS":
        yield f"{sample.name}: {entries[0]['verdict']}: {summary_of(entries[0])}"
    if sample.allow:
        entries, _ = sluice.check(sample, [path], allow=False)
        if not entries or entries[0]["verdict"] != "FAIL":
            yield f"{sample.name}: passes without --allow {', '.join(sample.allow)}"


def damages(sample, ruled):
    """Single bytes that make a field violate its rule: (where, the bytes)."""
    for field in ruled:
        for offset in range(field.begin, field.end):
            old = sample.data[offset]
            values = {*SETTINGS, *(old ^ 1 << bit for bit in range(8)), (old + 1) & 255, (old - 1) & 255} - {old}
            for value in sorted(values):
                data = sample.data[:offset] + bytes([value]) + sample.data[offset + 1:]
                if field.is_violated_in(data):
                    yield (field.path, offset, value), data


def check_damage(mutants, ruled):
    def look(what, entry):
        path, offset, value = what
        ranges = [f["bytes"] for f in entry["findings"] if "bytes" in f]
        if entry["verdict"] == "FAIL" and any(r["begin"] <= offset < r["end"] for r in ranges):
            return None
        return f"{path} at {offset:#x} set to {value:#04x} is not reported there: {summary_of(entry)}"

    mutants.judge(damages(mutants.sample, ruled), look)


def check_survival(mutants):
    sample = mutants.sample
    data = sample.data

    def must_not_pass(what, entry):
        return "passes" if entry["verdict"] == "PASS" else None

    prefixes = [(f"the first {size} bytes", data[:size]) for size in range(len(data))]
    mutants.judge([p for p in prefixes if len(p[1]) not in sample.complete_at], must_not_pass)
    mutants.judge([p for p in prefixes if len(p[1]) in sample.complete_at], lambda what, entry: None)
    settings = ((f"{k:#x} set to {value:#04x}", data[:k] + bytes([value]) + data[k + 1:])
                for k in range(len(data)) for value in SETTINGS if data[k] != value)
    mutants.judge(settings, lambda what, entry: None)


def run(sluice, sample, folder):
    """Prints a line and returns what is wrong."""
    path = folder / "sample"
    path.write_bytes(sample.data)
    faults = list(check_verdict(sluice, sample, path))
    ruled, unknown = fields.ruled_fields(sluice.inspect(sample, path), sample)
    faults += [f"{sample.name}: the rule of {name} is not understood by this test" for name in unknown]
    mutants = Mutants(sluice, sample, folder)
    check_damage(mutants, ruled)
    damaged = mutants.count
    if damaged < sample.at_least:
        faults.append(f"{sample.name}: only {damaged} damages of {len(ruled)} fields: this test lost its teeth")
    if sample.survives:
        check_survival(mutants)
    faults += mutants.faults
    print(f"{'FAILED' if faults else 'ok':6} {sample.name}: {len(ruled)} fields with a rule, {damaged} damages, "
          f"{mutants.count - damaged} other mutants")
    for fault in faults[:10]:
        print("    " + fault)
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sluice", type=lambda path: pathlib.Path(path).resolve(strict=True))
    parser.add_argument("--sanitized", action="store_true")
    arguments = parser.parse_args()
    if not (DATA / "samples").is_dir():
        print("samples: NOT RUN, the Kaitai Struct samples are not at ../shared/kaitai")
        sys.exit(NOT_RUN)
    sluice = Sluice(arguments.sluice, arguments.sanitized)
    faults = []
    for sample in samples():
        with tempfile.TemporaryDirectory() as folder:
            faults += run(sluice, sample, pathlib.Path(folder))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
