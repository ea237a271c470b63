#!/usr/bin/env python3
"""What the worker tells of targets that misbehave, held by approved files.

    misbehaving_test.py SLUICE_RUN TARGETS [--rebase] [NAME...]    SLUICE_REBASE=1 does the same

Each target of tests/worker/targets is run as it comes and with sanitizers, on one content file and two events. What
depends on the machine is left out: addresses, offsets, and frames outside of the target.
"""
import difflib
import json
import os
import pathlib
import subprocess
import sys

from worker import BYTES, U32, Worker, events

HERE = pathlib.Path(__file__).resolve().parent
APPROVED = HERE / "approved"
CONTENT = b"content!"
EVENTS = events([(U32, b"\1\0\0\0"), (BYTES, b"hello")], [(3, [0, 1]), (4, [1])])
OPTIONS = ("--wall-ms", "60000", "--memory", str(160 << 20))
CPU_MS = {"memory-hog": "60000"}


def line_of(module, offset):
    """The innermost function and its line, as anyone can find them from a frame."""
    found = subprocess.run(["llvm-symbolizer-19", f"--obj={module}", "--output-style=JSON", hex(offset)],
                           capture_output=True, text=True, check=True, timeout=60)
    symbol = json.loads(found.stdout)[0]["Symbol"][0]
    return f"{symbol['FunctionName']} {pathlib.Path(symbol['FileName']).name}:{symbol['Line']}"


def normal_frames(frames, target):
    """Recursion is told once."""
    lines = [line_of(target, frame["offset"]) for frame in frames if frame["module"] == target.name]
    return [line for i, line in enumerate(lines) if i == 0 or line != lines[i - 1]]


def normal_fault(fault, target):
    if fault is None:
        return None
    out = dict(fault, address=fault["address"] and ("null" if int(fault["address"], 16) == 0 else "ADDRESS"),
               text=fault["text"].replace(str(target.parent), "FOLDER"))
    out.pop("instruction", None)  # of whatever compiler made the target
    for key in ("frames", "allocated", "freed"):
        out[key] = normal_frames(fault[key], target)
    return out


def tell(program, target):
    with Worker(program, str(target), *OPTIONS, "--cpu-ms", CPU_MS.get(target.stem, "300")) as worker:
        out = {"hello": {key: worker.hello[key] for key in worker.hello if key != "version"}}
        if "fault" in out["hello"]:
            out["hello"]["fault"] = normal_fault(out["hello"]["fault"], target)
        else:
            answer, blob = worker.run(CONTENT, EVENTS)
            answer["blob"] = blob.hex(" ", 4)
            answer["stack"] = "some" if answer["stack"] else "none"
            answer["fault"] = normal_fault(answer["fault"], target)
            out["answer"] = answer
        out["exit code"], out["error"] = worker.close()
    return out


def main():
    words = [word for word in sys.argv[1:] if word != "--rebase"]
    program, folder, *names = words
    rebase = "--rebase" in sys.argv or "SLUICE_REBASE" in os.environ
    others = ("measured", "kernel", "scribbles")  # have tests of their own
    names = names or sorted(path.stem for path in (HERE / "targets").glob("*.c") if not path.stem.startswith(others))
    failures = 0
    for name in names:
        told = {build: tell(program, pathlib.Path(folder + suffix, name + ".so").resolve())
                for build, suffix in (("plain", ""), ("sanitized", ".asan"))}
        text = json.dumps(told, indent=1) + "\n"
        path = APPROVED / (name + ".json")
        if rebase:
            path.write_text(text)
            continue
        approved = path.read_text() if path.exists() else ""
        if approved != text:
            failures += 1
            sys.stdout.writelines(difflib.unified_diff(approved.splitlines(True), text.splitlines(True),
                                                       f"{name}: approved", f"{name}: told"))
    print(f"{len(names)} targets, {failures} not as approved")
    return 1 if failures or not names else 0


if __name__ == "__main__":
    sys.exit(main())
