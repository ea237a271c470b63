#!/usr/bin/env python3
"""What the validator accepts for a build, that build of the sensor loads and evaluates, and nothing else happens.

    agree_test.py SLUICE SLUICE_RUN BUILD_DIR [COUNT [SEED]]

The files are the corpus, the zoo's, and COUNT that differ from good ones in a few bytes, with their checksum put right.
Printed is how many the validator accepted and of how many it and the driver said the same: neither must be all or none.
"""
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "reference"), str(ROOT / "corpus" / "channel"), str(ROOT / "fuzz" / "zoo")]
import generate  # noqa: E402
import zoo_test  # noqa: E402
from sensor_events import encode, events_for  # noqa: E402
from worker import Worker  # noqa: E402

SCHEMAS = ROOT / "schemas"
BODY = 80
ZOO = ("as_many_groups_as_wrap", "groups_in_a_circle_that_are_asked", "number_that_is_read_at_an_odd_offset",
       "operand_far_away", "operand_past_the_end", "twenty_stars", "wildcards_in_a_circle")


def mutant(chance, good):
    """A few bytes of the records are others, or a field of 16 or 32 bits is."""
    data = bytearray(good)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        size = chance.choice((1, 1, 2, 4))
        at = chance.randrange(8, len(data) - size)
        at -= at % size
        old = int.from_bytes(data[at:at + size], "little")
        new = chance.choice((0, 1, 2, 3, 20, 21, old + 1, old - 1, old ^ 0x20, 1 << (8 * size - 1), -1))
        data[at:at + size] = (new % (1 << 8 * size)).to_bytes(size, "little")
    data[BODY - 4:BODY] = struct.pack("<I", zlib.crc32(data[BODY:]))
    return bytes(data)


def files(count, seed):
    """name -> its bytes, and events for it."""
    chance = random.Random(seed)
    made = {}
    for name in [*generate.NAMES, *ZOO]:
        content, channel = zoo_test.content_of(name)
        made[name] = content, encode(events_for(channel, zoo_test.DEFINED))
    bases = ["good_mixed"] * 4 + ["wildcard_only", "definition_that_no_build_has", "template_type_newer_than_a_build"]
    for number in range(count):
        good, events = made[chance.choice(bases)]
        made[f"mutant-{number}"] = mutant(chance, good), events
    return made


def accepted(sluice, folder):
    """(file, build) that the validator accepts. Where it hits a limit of its own it does not."""
    command = [sluice, "check", *sorted(folder.glob("*.bin")), "--schema", SCHEMAS / "channel.ksy", "--rules",
               SCHEMAS / "channel.rules.yaml", "--driver", SCHEMAS / "sensor.driver.yaml", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if not done.stdout.startswith("{"):
        sys.exit(f"sluice check: exit code {done.returncode}: {done.stderr}")
    return {(pathlib.Path(f["file"]).stem, row["build"])
            for f in json.loads(done.stdout)["files"] for row in f.get("matrix", []) if row["verdict"] == "PASS"}


def complaints(answer, results):
    """What the driver did that it must not do with content that was accepted."""
    if answer is None:
        return "the worker ended"
    if answer["fault"]:
        return f"fault {answer['fault']['kind']}: {answer['fault']['text']}"
    if answer["load"]["status"] != 0:
        return f"refused, 0x{answer['load']['code']:08x}"
    for number, (status, code) in enumerate(struct.iter_unpack("<II", results)):
        # An event of a type that the build does not know is not the content's matter: 0xE0530020.
        if status != 0 and code != 0xE0530020:
            return f"event {number} refused, 0x{code:08x}"
    return answer["leaks"] or answer["disagreement"]


def main(words):
    sluice, program, build_dir = words[0], words[1], pathlib.Path(words[2])
    count, seed = (int(words[3]) if len(words) > 3 else 300), (int(words[4]) if len(words) > 4 else 1)
    made = files(count, seed)
    with tempfile.TemporaryDirectory() as folder:
        for name, (content, _) in made.items():
            pathlib.Path(folder, f"{name}.bin").write_bytes(content)
        passed = accepted(sluice, pathlib.Path(folder))
    wrong, same = [], 0
    for build in zoo_test.BUILDS.values():
        with Worker(program, build_dir / "sensor" / f"{build}.so", *zoo_test.OPTIONS) as worker:
            for name, (content, events) in made.items():
                complaint = complaints(*worker.run(content, events))
                if complaint and (name, build) in passed:
                    wrong.append(f"{name}: build {build}: accepted, and then: {complaint}")
                same += bool(complaint) != ((name, build) in passed)
    total = len(made) * len(zoo_test.BUILDS)
    print("\n".join(wrong) or f"{total} of file and build: {len(passed)} accepted, {same} judged alike by the driver")
    return 1 if wrong or not 0 < len(passed) < total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
