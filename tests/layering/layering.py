#!/usr/bin/env python3
"""Reads every #include in validator/ and fails on an arrow that points up.

    layering.py ROOT        check the checkout at ROOT
    layering.py --self-test show that each rule can fail
"""
import re
import sys
import tempfile
from pathlib import Path

# A room and the rooms that it may include, besides itself.
BASE = {"bytes", "finding", "document"}
ROOMS = {
    "bytes": set(),
    "finding": {"bytes"},
    "document": {"bytes", "finding"},
    "expression": BASE,
    "program": BASE | {"expression"},
    "schema": BASE | {"expression", "program"},
    "report": BASE | {"expression", "program"},
    "rules": BASE | {"expression", "program", "schema"},
    "difference": BASE | {"expression", "program", "schema"},
    "contract": BASE | {"expression", "program"},
    "run": BASE | {"expression", "program", "schema", "difference", "contract"},
    "suppression": BASE,
    "cli": BASE | {"expression", "program", "schema", "rules", "difference", "contract", "run", "suppression", "report"},
}
# A library and the only rooms that it may enter.
DOORS = {
    "yaml-cpp/": {"document"},
    "CLI/": {"cli"},
    "nlohmann/": {"report", "run", "cli"},
    "zlib.h": {"program"},
    "openssl/": {"program"},
    "iconv.h": {"program"},
    "catch2/": set(),
}
LONGEST = 500
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def faults_of(room, path, text):
    if room not in ROOMS:
        yield f"{path}: the room {room} is not in the drawing"
        return
    if (lines := text.count("\n")) > LONGEST:
        yield f"{path}: {lines} lines, more than {LONGEST}: two nouns?"
    for include in INCLUDE.findall(text):
        parts = include.split("/")
        if parts[0] == "validator":
            if parts[1] != room and parts[1] not in ROOMS[room]:
                yield f"{path}: {room} may not include {include}"
        elif parts[0] in ("tests", "fuzz"):
            yield f"{path}: validator may not include {include}"
        for library, rooms in DOORS.items():
            if include.startswith(library) and room not in rooms:
                yield f"{path}: {include} may enter by {', '.join(sorted(rooms)) or 'no room'} only"


def check(root):
    files = [p for p in sorted((root / "validator").rglob("*")) if p.suffix in (".h", ".cc", ".def", ".inc")]
    faults = []
    for path in files:
        relative = path.relative_to(root)
        faults += faults_of(relative.parts[1], relative, path.read_text(encoding="utf-8"))
    return len(files), faults


def self_test():
    bad = {
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
        "cli/a.cc": '#include <CLI/CLI.hpp>\n#include "validator/schema/load.h"\n',
        "document/b.cc": "#include <yaml-cpp/parser.h>\n" + "\n" * (LONGEST - 1),
        "schema/d.cc": '// #include "validator/cli/options.h"\n#include "validator/program/program.h"\n',
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**bad, **good}.items():
            path = Path(folder, "validator", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        _, faults = check(Path(folder))
    caught = sorted(fault.split(":")[0].removeprefix("validator/") for fault in faults)
    return [] if caught == sorted(bad) else [f"self-test caught {caught}, expected {sorted(bad)}"]


def main():
    if sys.argv[1:] == ["--self-test"]:
        count, faults = 1, self_test()
    else:
        count, faults = check(Path(sys.argv[1]))
    print("\n".join(faults) if faults else f"{count} files, every arrow points down")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
