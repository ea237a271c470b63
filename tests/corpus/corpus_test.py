#!/usr/bin/env python3
"""The corpus of the reference channel format: each file is found by what its fault deserves, and by nothing before it.

    corpus_test.py SLUICE

corpus/channel/generate.py makes the files, corpus/channel/expected.txt says what must find them. Held are:

  list     the generator, expected.txt, README.md and tests/cases have the same files; rules have files, classes rows
  same     the generator writes the same bytes twice
  layout   by the schema alone: its own faults are found, first by the id expected; all other files pass
  rules    with rules and builds: the same for all files and builds, and a file of a rule has no other finding
  needed   with one rule deleted, its file passes

What it ran is printed. A sluice without `check --rules` fails.
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus" / "channel"
SCHEMA = ROOT / "schemas" / "channel.ksy"
RULES = ROOT / "schemas" / "channel.rules.yaml"
DRIVER = ROOT / "schemas" / "sensor.driver.yaml"
CASES = ROOT / "tests" / "cases"
ANY = "-"
CLASSES = 24
RANGE_DIFFERS = "SL0306"  # whatever fails a build that the file declares itself for has this too, later


def expectations():
    """file -> build -> id; PASS is an empty dictionary."""
    expected = {}
    for line in (CORPUS / "expected.txt").read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            file, build, found = words
            builds = expected.setdefault(file, {})
            if found != "PASS":
                builds[build] = found
    return expected


def is_of_schema(builds):
    return builds.get(ANY, "").startswith(("SL01", "SL02"))


def generate(folder, seed):
    environment = dict(os.environ, PYTHONHASHSEED=seed, PYTHONDONTWRITEBYTECODE="1")
    subprocess.run([sys.executable, CORPUS / "generate.py", folder], env=environment, check=True)
    return {path.stem: path.read_bytes() for path in sorted(folder.iterdir())}


class Sluice:
    def __init__(self, path):
        self.path = path

    def check(self, paths, *words):
        """file -> its findings, in order."""
        command = [self.path, "check", "--schema", SCHEMA, "--format", "json", *words, *paths]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in (0, 1):
            sys.exit(f"exit code {done.returncode}: {done.stderr or done.stdout}")
        files = json.loads(done.stdout)["files"]
        return {pathlib.Path(f["file"]).stem: f["findings"] for f in files if pathlib.Path(f["file"]) in paths}


def ids(findings):
    return [f["id"] + (f" ({f['build']})" if "build" in f else "") for f in findings] or ["no finding"]


def check_list(expected, files):
    for file in sorted(expected.keys() ^ files.keys()):
        yield f"{file}: only in {'expected.txt' if file in expected else 'the generator'}"
    pictures = [re.search(r"^corpus: channel/(\S+)$", case.read_text(), re.M) for case in CASES.glob("*/case.yaml")]
    for file in sorted(files.keys() ^ {picture[1] for picture in pictures if picture}):
        yield f"{file}: {'has no case in tests/cases' if file in files else 'a case names it, no generator makes it'}"
    table = (CORPUS / "README.md").read_text()
    for file in files:
        if f"`{file}`" not in table:
            yield f"{file}: not in README.md"
    for file, builds in expected.items():
        for found in set(builds.values()):
            if not re.search(rf"`{file}`.*`{re.escape(found)}`", table):
                yield f"{file}: README.md does not say that {found} finds it"
    for number in range(1, CLASSES + 1):
        if not re.search(rf"^\| {number} \|", table, re.MULTILINE):
            yield f"class {number}: not in README.md"
    found = {i for builds in expected.values() for i in builds.values()}
    for rule in rules():
        if f"channel/{rule}" not in found:
            yield f"rule {rule}: no file needs it"


def check_layout(expected, found):
    for file, builds in expected.items():
        first = found[file][0]["id"] if found[file] else None
        wanted = builds[ANY] if is_of_schema(builds) else None
        if first != wanted:
            yield f"{file}, by the schema: wanted {wanted or 'no finding'}, found {', '.join(ids(found[file]))}"


def check_rules(expected, found):
    for file, builds in expected.items():
        findings = found[file]
        first = collections.OrderedDict()
        for finding in findings:
            if finding["id"] != RANGE_DIFFERS or RANGE_DIFFERS in builds.values():
                first.setdefault(finding.get("build", ANY), finding["id"])
        others = {f["id"] for f in findings} - set(builds.values()) - {RANGE_DIFFERS}
        if is_of_schema(builds):
            wrong = not findings or findings[0]["id"] != builds[ANY]
        else:
            wrong = first != builds or others or (findings and findings[0]["id"] not in builds.values())
        if wrong:
            wanted = [f"{i} ({b})" for b, i in builds.items()] or ["no finding"]
            yield f"{file}, with rules: wanted {', '.join(wanted)}; found {', '.join(ids(findings))}"


def rules():
    """name -> the rules document without it."""
    head, *parts = re.split(r"^(?=  - id: )", RULES.read_text(), flags=re.MULTILINE)
    names = [re.match(r"  - id: (\S+)", part)[1] for part in parts]
    return {name: head + "".join(parts[:k] + parts[k + 1:]) for k, name in enumerate(names)}


def check_needed(sluice, expected, folder):
    for rule, without in rules().items():
        document = folder / "without.rules.yaml"
        document.write_text(without)
        files = [file for file, builds in expected.items() if f"channel/{rule}" in builds.values()]
        found = sluice.check([folder / f"{file}.bin" for file in files], "--rules", document, "--driver", DRIVER)
        for file in files:
            others = {f["id"] for f in found[file]} - {RANGE_DIFFERS}
            if others:
                yield f"rule {rule}: without it {file} is still found, by {', '.join(sorted(others))}"


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    sluice = Sluice(pathlib.Path(sys.argv[1]).resolve(strict=True))
    expected = expectations()
    with tempfile.TemporaryDirectory() as scratch:
        first, second = pathlib.Path(scratch, "first"), pathlib.Path(scratch, "second")
        files = generate(first, "1")
        faults = list(check_list(expected, files))
        if files != generate(second, "2"):
            faults.append("the generator writes other bytes each time")
        paths = [first / f"{file}.bin" for file in files]
        if expected.keys() == files.keys():
            faults += check_layout(expected, sluice.check(paths))
            print(f"layout: {len(paths)} files by the schema")
            faults += check_rules(expected, sluice.check(paths, "--rules", RULES, "--driver", DRIVER))
            print(f"rules: {len(paths)} files by {len(rules())} rules and the driver's builds")
            faults += check_needed(sluice, expected, first)
            print(f"needed: {len(rules())} rules deleted, one at a time")
    for fault in faults:
        print(fault)
    print(f"{'FAILED' if faults else 'ok'}: {len(files)} files, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
