#!/usr/bin/env python3
"""Scores sluice by the Kaitai Struct project's own tests, which lie beside the checkout and judge by themselves.

    conformance.py --sluice build/release/sluice [--data ../shared/kaitai]

Fails below the floors in the table. Exit code 77: the data is not there, nothing was scored.
"""
import argparse
import ast
import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_RUN = 77


class Score:
    """One line of the table: how many of how many, and how many it must be."""

    def __init__(self, what, got, of, floor):
        self.what, self.got, self.of, self.floor = what, got, of, floor

    @property
    def is_good(self):
        return self.got >= self.floor

    def __str__(self):
        verdict = "ok" if self.is_good else "BELOW THE FLOOR"
        return f"{self.what:<44} {self.got:>5} of {self.of:<5} at least {self.floor:<5} {verdict}"


def run(arguments, timeout=600):
    done = subprocess.run([sys.executable, *map(str, arguments)], stdout=subprocess.PIPE, text=True, timeout=timeout)
    return done.stdout


def run_suite(data, suite, cli):
    """The rows of one suite of run_kst.py and the verdicts by group that it prints."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        text = run([data / "run_kst.py", suite, "--cli", cli, "-v", "--out", out.name])
        rows = json.load(open(out.name, encoding="utf-8"))
    groups = {m[1].strip(): ast.literal_eval(m[2]) for m in re.finditer(r"^  (\S.*?)\s+(\{.*\})$", text, re.M)}
    return rows, groups


def show_failures(rows, good=("pass", "nospec")):
    for row in rows["rows"]:
        if row["verdict"] not in good:
            print(f"    {row['verdict']:<14} {row['id']}: {'; '.join(row.get('why', []))[:200]}")


def score_kst(data, cli):
    rows, _ = run_suite(data, "kst", cli)
    show_failures(rows)
    yield Score("kst: files parsed as specified", rows["totals"].get("pass", 0), len(rows["rows"]), 218)
    yield Score("kst: assertions", rows["asserts_ok"], rows["asserts"], 920)


def score_err(data, cli):
    rows, groups = run_suite(data, "err", cli)
    show_failures(rows)
    errors, warnings = groups.get("error expected", {}), groups.get("warning only", {})
    exact, elsewhere, of = errors.get("pass", 0), errors.get("pass-otherpath", 0), sum(errors.values())
    yield Score("err: bad schemas rejected", exact + elsewhere, of, 99)
    yield Score("err: rejected at the exact path", exact, of, 95)
    yield Score("err: schemas that deserve a warning accepted", warnings.get("pass", 0), sum(warnings.values()), 7)


def score_gallery(data, cli):
    rows, _ = run_suite(data, "gallery", cli)
    show_failures(rows)
    yield Score("gallery: schemas that compile", rows["totals"].get("pass", 0), len(rows["rows"]), 134)


def score_samples(data, cli):
    text = run([data / "run_samples.py", "run", "--cli", cli])
    for line in text.splitlines():
        if line.startswith("FAIL"):
            print("    " + line[:240])
    last = re.search(r"^(\d+) files, (\d+) ok", text, re.M)
    files, good = (int(last[1]), int(last[2])) if last else (0, 0)
    yield Score("samples: trees equal to the official ones", good, files, 18)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sluice", type=Path)
    parser.add_argument("--cli", help="another tool that speaks the protocol")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "kaitai")
    options = parser.parse_args()
    if not (options.data / "run_kst.py").is_file():
        print("conformance: NOT RUN, the Kaitai Struct test data is not at ../shared/kaitai")
        return NOT_RUN
    if not options.cli and not (options.sluice and options.sluice.is_file()):
        print(f"conformance: there is no sluice at {options.sluice}\n0 passed, 1 failed")
        return 1
    cli = options.cli or f"{shlex.quote(str(options.sluice.resolve()))} eval --server"
    data = options.data.resolve()

    scores = []
    for suite in (score_kst, score_err, score_gallery, score_samples):
        try:
            scores += suite(data, cli)
        except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
            print(f"    {suite.__name__}: {type(error).__name__}: {error}")
            scores.append(Score(suite.__name__, 0, 0, 1))
    print("\n".join(map(str, scores)))
    failed = sum(not score.is_good for score in scores)
    print(f"{len(scores) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
