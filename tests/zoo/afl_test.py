#!/usr/bin/env python3
"""AFL++ with sluice's mutator finds the incident's fault in build 7.11, from content that reads no input at all.

    afl_test.py MUTATOR.so

A fixed number of executions and a fixed seed. Without the mutator nobody has seen AFL++ find it: tests/bench/zoo.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "bench" / "zoo"), str(ROOT / "tests" / "zoo")]
import engines  # noqa: E402
import images_test  # noqa: E402
import peers  # noqa: E402

EXECUTIONS, SEED = 40_000, 1


def main(words):
    mutator = pathlib.Path(words[0]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        seeds = engines.fresh(folder / "seeds")
        (seeds / "wildcard_only.bin").write_bytes(images_test.bytes_of("wildcard_only"))
        program = peers.Peers(folder / "peers", os.environ).build("afl", None, 711)
        environment = engines.AFL | {
            "AFL_CUSTOM_MUTATOR_LIBRARY": str(mutator), "AFL_CUSTOM_MUTATOR_ONLY": "1",
            "SLUICE_SCHEMA": str(ROOT / "schemas" / "channel.ksy"),
            "SLUICE_RULES": str(ROOT / "schemas" / "channel.rules.yaml")}
        options = ["-E", str(EXECUTIONS), "-s", str(SEED)]
        found = engines.run_afl(program, seeds, options, 300, folder, environment)
        print(found)
        if not found.found:
            raise SystemExit(f"not found in {found.executions} executions")
        wrong = environment | {"SLUICE_SCHEMA": str(ROOT / "README.md")}
        words = ["afl-fuzz", "-i", str(seeds), "-o", str(folder / "wrong"), "-E", "1", "--", str(program)]
        ended = subprocess.run(words, env={**os.environ, **wrong}, capture_output=True, text=True, errors="replace",
                               check=False, timeout=60)
        if ended.returncode == 0 or "README.md" not in ended.stdout + ended.stderr:
            raise SystemExit(f"a schema that is none is not told:\n{ended.stdout[-1000:]}{ended.stderr[-1000:]}")


if __name__ == "__main__":
    main(sys.argv[1:])
