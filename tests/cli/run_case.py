#!/usr/bin/env python3
"""Runs sluice on case folders and compares what it says.

    run_case.py SLUICE [--rebase] [--sanitized] [--seconds N] [--mebibytes N] FOLDER...

A folder is named after the fault that it holds:

    case.yaml      about: one sentence; run: the words after `sluice`; exit: the exit code. In a word {programs} is the
                   folder that sluice lies in
    *.ksy          schemas
    *.hex          content (hexfile.py says how it is written); `input.hex` becomes `input.bin`
    expected.txt   standard output; standard error follows after a line `--- standard error`

The folder `schemas` is the project's own. In place of content, case.yaml may name a file that a corpus generates: with
`corpus: channel/replay_291`, corpus/channel/generate.py writes replay_291 as `input.bin`.

A case runs in a copy of its folder, with one second and 64 MiB: content that costs more is a fault of the gate. A
build with sanitizers (--sanitized) is given more, and so is what runs drivers (--seconds, --mebibytes). --rebase, or
SLUICE_REBASE=1 in the environment, rewrites expected.txt: read the difference before committing it.
"""
import argparse
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

import yaml

import hexfile

SECONDS = 1.0
MEBIBYTES = 64
ROOT = pathlib.Path(__file__).resolve().parents[2]
STANDARD_ERROR = "--- standard error\n"


def generate(file, scratch):
    """Writes a file of a corpus, `channel/replay_291`, as input.bin."""
    corpus, name = file.split("/")
    # -S: it needs the standard library only, and starts sooner.
    command = [sys.executable, "-SB", ROOT / "corpus" / corpus / "generate.py", scratch, name]
    subprocess.run(command, check=True)
    (scratch / f"{name}.bin").rename(scratch / "input.bin")


def make_inputs(folder, scratch):
    (scratch / "schemas").symlink_to(ROOT / "schemas")
    for path in sorted(folder.iterdir()):
        if path.suffix == ".hex":
            (scratch / path.stem).with_suffix(".bin").write_bytes(hexfile.parse(path.read_text()))
        elif path.name not in ("case.yaml", "expected.txt"):
            shutil.copy(path, scratch)


class Run:
    """One run of sluice: what it wrote, its exit code, its processor time and its memory."""

    def __init__(self, sluice, words, folder, seconds):
        environment = {"PATH": os.environ.get("PATH", ""), "TERM": "dumb", "LC_ALL": "C.UTF-8"}
        environment |= {key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}
        child = subprocess.Popen([sluice, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        # Processor time is what is bounded; the machine may be busy.
        timer = threading.Timer(20 * seconds, child.kill)
        timer.start()
        texts = {}
        reader = threading.Thread(target=lambda: texts.update(error=child.stderr.read()))
        reader.start()
        texts["out"] = child.stdout.read()
        reader.join()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = self.exit = os.waitstatus_to_exitcode(status)
        self.seconds = usage.ru_utime + usage.ru_stime
        self.mebibytes = usage.ru_maxrss / 1024
        self.text = texts["out"].decode("utf-8", "backslashreplace")
        if texts["error"]:
            self.text += STANDARD_ERROR + texts["error"].decode("utf-8", "backslashreplace")


def faults_of(case, run, expected, arguments):
    if run.exit != case["exit"]:
        yield f"exit code {run.exit}, expected {case['exit']}"
    if run.text != expected:
        difference = difflib.unified_diff(expected.splitlines(), run.text.splitlines(), "expected.txt", "now", lineterm="")
        yield "\n".join(difference) + "\n(run with SLUICE_REBASE=1 to rewrite expected.txt, then read the change)"
    if run.seconds > arguments.seconds * (20 if arguments.sanitized else 1):
        yield f"took {run.seconds:.2f} seconds"
    if run.mebibytes > arguments.mebibytes and not arguments.sanitized:
        yield f"took {run.mebibytes:.0f} MiB"


def run_case(folder, arguments):
    case = yaml.safe_load((folder / "case.yaml").read_text())
    assert set(case) - {"corpus"} == {"about", "run", "exit"}, f"{folder}: case.yaml has about, run and exit"
    expected_path = folder / "expected.txt"
    with tempfile.TemporaryDirectory() as scratch:
        make_inputs(folder, pathlib.Path(scratch))
        if "corpus" in case:
            generate(case["corpus"], pathlib.Path(scratch))
        words = case["run"].replace("{programs}", os.path.dirname(arguments.sluice)).split()
        run = Run(arguments.sluice, words, scratch, arguments.seconds)
    if arguments.rebase:
        expected_path.write_text(run.text)
    expected = expected_path.read_text() if expected_path.exists() else ""
    return run, list(faults_of(case, run, expected, arguments))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sluice", type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--rebase", action="store_true", default=bool(os.environ.get("SLUICE_REBASE")))
    parser.add_argument("--sanitized", action="store_true")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--mebibytes", type=float, default=MEBIBYTES)
    arguments = parser.parse_args()
    failed = 0
    for folder in arguments.folders:
        run, faults = run_case(folder, arguments)
        print(f"{'FAILED' if faults else 'ok':6} {folder.name}  ({run.seconds:.2f} s, {run.mebibytes:.0f} MiB)")
        for fault in faults:
            print("    " + fault.replace("\n", "\n    "))
        failed += bool(faults)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
