#!/usr/bin/env python3
"""What sluice makes of workers that misbehave: every answer that fake_worker.py knows, as a picture.

    fake_test.py SLUICE      compares with fake.txt; SLUICE_REBASE=1 rewrites it

After each run no worker may be left, and none may have been waited for much longer than its deadline.
"""
import difflib
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

import fake_worker

HERE = pathlib.Path(__file__).resolve().parent
APPROVED = HERE / "fake.txt"
SCHEMA = """
meta: {id: pairs, endian: le}
seq: [{id: instances, type: instance, repeat: eos}]
types:
  instance: {seq: [{id: criteria, type: criterion, repeat: expr, repeat-expr: 2}]}
  criterion: {seq: [{id: type, type: u1}, {id: input, type: u1}, {id: number, type: u4}]}
"""
RULES = "format: pairs\nuses: {each: instances.criteria, type: _.type, input: _.input}\n"
# Two instances, of two criteria each.
PAIRS = b"".join(struct.pack("<BBI", 3, index, 7 * index) for index in (0, 1, 2, 1))
SECONDS = 120  # the machine may be busy


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def run(sluice, folder, name):
    (folder / f"{name}.so").touch()
    (folder / "driver.yaml").write_text(f"driver: fake\nbuilds: [{{name: b, replica: {name}.so}}]\n")
    pids = folder / "pids"
    pids.write_text("")
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "SLUICE_RUN": str(HERE / "fake_worker.py"),
                   "FAKE_WORKER_PIDS": str(pids), "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}
    content = ["content.bin"]
    if name in fake_worker.PAIRS:
        content = ["pairs.bin", *fake_worker.MORE_WORDS.get(name, []), "--schema", "pairs.ksy", "--rules", "pairs.rules.yaml"]
    begin = time.monotonic()
    done = subprocess.run([sluice, "run", *content, "--driver", "driver.yaml",
                           "--wall-ms", str(fake_worker.WALL_MS.get(name, 1))], cwd=folder,
                          env=environment, capture_output=True, text=True, errors="backslashreplace")
    faults = []
    if time.monotonic() - begin > SECONDS:
        faults.append(f"took {time.monotonic() - begin:.0f} seconds")
    started = list(map(int, pids.read_text().split()))
    if name in fake_worker.STARTED_ONCE and len(started) != 1:
        faults.append(f"was started {len(started)} times")
    faults += [f"worker {pid} is left" for pid in started if is_alive(pid)]
    return f"=== {name}\n{done.stdout}{done.stderr}[exit {done.returncode}]\n\n", faults


def main():
    sluice = str(pathlib.Path(sys.argv[1]).resolve())
    told, faults = "", []
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "content.bin").write_bytes(b"content")
        for file in ("pairs.bin", "second.bin"):
            (folder / file).write_bytes(PAIRS)
        (folder / "many.bin").write_bytes(PAIRS * 500)
        (folder / "pairs.ksy").write_text(SCHEMA)
        (folder / "pairs.rules.yaml").write_text(RULES)
        for name in fake_worker.BEHAVIOURS:
            text, wrong = run(sluice, folder, name)
            told += text
            faults += [f"{name}: {what}" for what in wrong]
    if os.environ.get("SLUICE_REBASE"):
        APPROVED.write_text(told)
    approved = APPROVED.read_text() if APPROVED.exists() else ""
    faults += difflib.unified_diff(approved.splitlines(), told.splitlines(), "fake.txt", "now", lineterm="")
    print("\n".join(faults) or f"ok, {len(fake_worker.BEHAVIOURS)} workers")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
