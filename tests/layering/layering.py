#!/usr/bin/env python3
"""Reads every #include in validator/ and fuzz/ and fails on an arrow that points up.

    layering.py ROOT        check the checkout at ROOT
    layering.py --self-test show that each rule can fail
"""
import re
import sys
import tempfile
from pathlib import Path

# A room and the rooms that it may include, besides itself.
BASE = {"bytes", "finding", "document"}
VALIDATOR = {
    "bytes": set(),
    "finding": {"bytes"},
    "document": {"bytes", "finding"},
    "members": {"bytes"},
    "expression": BASE,
    "program": BASE | {"expression"},
    "schema": BASE | {"expression", "program"},
    "report": BASE | {"expression", "program"},
    "rules": BASE | {"expression", "program", "schema"},
    "difference": BASE | {"expression", "program", "schema"},
    "contract": BASE | {"expression", "program"},
    "run": BASE | {"members", "expression", "program", "schema", "difference", "contract"},
    "suppression": BASE,
    "attestation": {"bytes", "finding"},
    "store": BASE,
    "judge": BASE | {"program", "schema", "rules", "difference", "contract", "run", "suppression", "report"},
    "gate": BASE | {"program", "schema", "difference", "contract", "run", "suppression", "report", "attestation", "store",
                    "judge"},
    "cli": BASE | {"members", "expression", "program", "schema", "rules", "difference", "contract", "run", "suppression", "report",
                   "attestation", "judge", "gate"},
}
# What runs drivers shares nothing with what judges content, so that their agreement is evidence: only the harnesses,
# which attack the validator, the mutator, which goes by the schema, those that fuzz drivers by it and make sense of what
# comes of it (the engine, the fuzz targets for platforms, the rooms of triage), and the farm, which runs no driver, know both houses.
FUZZ = {
    "target": set(),
    "kernel_api": {"target"},
    "image": {"target", "kernel_api"},
    "worker": {"target", "kernel_api", "image"},
    "reference": {"target"},
    "example": {"target"},
    "zoo": {"target", "reference"},
    "trials": {"target"},
    "mutate": set(),
    "engine": {"target", "kernel_api", "image", "worker", "mutate"},
    "cause": {"engine"},
    "shrink": {"mutate", "engine", "cause"},
    "explain": {"image", "mutate", "engine", "cause"},
    "suggest": {"mutate", "engine", "cause", "shrink", "explain"},
    "triage": {"target", "image", "worker", "mutate", "engine", "cause", "shrink", "explain", "suggest"},
    "farm": set(),
    "aflplusplus": {"mutate"},
    "platform": {"target", "kernel_api", "image", "worker", "mutate", "engine"},
    "harness": set(),
}
ROOMS = {("validator", room): {("validator", other) for other in others} for room, others in VALIDATOR.items()}
ROOMS |= {("fuzz", room): {("fuzz", other) for other in others} for room, others in FUZZ.items()}
ROOMS["fuzz", "mutate"] = {
    ("validator", room) for room in ("bytes", "finding", "expression", "program", "schema", "rules", "contract")} | {
    ("fuzz", "image")}
ROOMS["fuzz", "engine"] |= {("validator", room) for room in ("bytes", "finding", "members", "program", "schema", "difference", "run")}
ROOMS["fuzz", "cause"] |= {("validator", room) for room in ("bytes", "members", "finding", "report")}
ROOMS["fuzz", "shrink"] |= {("validator", room) for room in ("bytes", "finding")}
ROOMS["fuzz", "explain"] |= {("validator", room) for room in ("bytes", "finding", "expression", "program", "report")}
ROOMS["fuzz", "suggest"] |= {("validator", room) for room in (*BASE, "expression", "program", "schema", "rules")}
ROOMS["fuzz", "triage"] |= {("validator", room) for room in (*BASE, "members", "expression", "program", "schema", "rules", "contract",
                                                              "run", "judge", "report")}
ROOMS["fuzz", "platform"] |= {("validator", room) for room in ("bytes", "finding", "contract", "run")}
ROOMS["fuzz", "farm"] = {("validator", room) for room in (*BASE, "members", "contract", "run", "report", "store", "judge", "gate")}
ROOMS["fuzz", "harness"] = {("validator", room) for room in VALIDATOR} | {
    ("fuzz", "image"), ("fuzz", "mutate"), ("tests", "agree"), ("tests", "image")}
# A library and the only rooms that it may enter.
DOORS = {
    "yaml-cpp/": {"document"},
    "CLI/": {"cli"},
    "nlohmann/": {"members", "report", "run", "attestation", "cli", "worker", "image", "engine", "cause", "triage", "farm", "mutate"},
    "seccomp.h": {"worker", "engine"},
    "Zydis/": {"image"},
    "capstone/": {"image"},
    "unicorn/": {"image"},
    "sanitizer/": {"worker", "kernel_api", "platform"},
    "zlib.h": {"program"},
    "openssl/": {"bytes", "attestation"},
    "iconv.h": {"program"},
    "sqlite3.h": {"store"},
    "catch2/": set(),
}
LONGEST = 500
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def faults_of(house, room, path, text):
    if (house, room) not in ROOMS:
        yield f"{path}: the room {room} is not in the drawing"
        return
    if (lines := text.count("\n")) > LONGEST:
        yield f"{path}: {lines} lines, more than {LONGEST}: two nouns?"
    for include in INCLUDE.findall(text):
        parts = tuple(include.split("/")[:2])
        is_ours = parts[0] in ("validator", "fuzz", "tests")
        if is_ours and parts != (house, room) and parts not in ROOMS[house, room]:
            yield f"{path}: {house}/{room} may not include {include}"
        for library, rooms in DOORS.items():
            if include.startswith(library) and room not in rooms:
                yield f"{path}: {include} may enter by {', '.join(sorted(rooms)) or 'no room'} only"


def check(root):
    root = root.resolve()
    kinds = (".h", ".cc", ".c", ".def", ".inc")
    files = [p for house in ("validator", "fuzz") for p in sorted((root / house).rglob("*")) if p.suffix in kinds]
    faults = []
    for path in files:
        relative = path.relative_to(root)
        faults += faults_of(*relative.parts[:2], relative, path.read_text(encoding="utf-8"))
    return len(files), faults


def self_test():
    bad = {
        "../fuzz/reference/a.c": '#include "validator/schema/schema.h"\n',
        "../fuzz/worker/b.cc": '#include "fuzz/harness/judge.h"\n',
        "../fuzz/kernel_api/c.c": "#include <nlohmann/json.hpp>\n",
        "bytes/a.cc": '#include "validator/finding/finding.h"\n',
        "expression/b.h": '#  include "validator/schema/schema.h"\n',
        "schema/c.cc": "#include <yaml-cpp/yaml.h>\n",
        "report/d.cc": '#include "CLI/CLI.hpp"\n',
        "program/e.cc": "#include <nlohmann/json.hpp>\n",
        "program/f.cc": '#include "tests/approved.h"\n',
        "document/g.cc": "\n" * (LONGEST + 1),
        "attic/h.cc": "",
    }
    good = {
        "../fuzz/harness/a.cc": '#include "validator/rules/load.h"\n#include "tests/agree/random_schema.h"\n',
        "cli/a.cc": '#include <CLI/CLI.hpp>\n#include "validator/schema/load.h"\n',
        "document/b.cc": "#include <yaml-cpp/parser.h>\n" + "\n" * (LONGEST - 1),
        "schema/d.cc": '// #include "validator/cli/options.h"\n#include "validator/program/program.h"\n',
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**bad, **good}.items():
            path = Path(folder, "validator", name).resolve()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        _, faults = check(Path(folder))
    caught = sorted(fault.split(":")[0] for fault in faults)
    expected = sorted(name[3:] if name.startswith("../") else f"validator/{name}" for name in bad)
    return [] if caught == expected else [f"self-test caught {caught}, expected {expected}"]


def main():
    if sys.argv[1:] == ["--self-test"]:
        count, faults = 1, self_test()
    else:
        count, faults = check(Path(sys.argv[1]))
    print("\n".join(faults) if faults else f"{count} files, every arrow points down")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
