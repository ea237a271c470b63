#!/usr/bin/env python3
"""Every oracle of the worker catches a variant of the sensor that no other oracle catches, and none cries at the sensor.

    zoo_test.py SLUICE_RUN BUILD_DIR [VARIANT...]

For each variant of fuzz/zoo/zoo.toml the content that shows its fault is run, and what is told must be the variant's
oracle and nothing else. The same on the sensor itself must tell nothing, but for the incident.
"""
import importlib.util
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "reference"), str(ROOT / "corpus" / "channel"), str(ROOT / "fuzz" / "zoo")]
import faults  # noqa: E402
import generate  # noqa: E402
import plant  # noqa: E402
from sensor_events import encode, events_for, something  # noqa: E402
from worker import Worker  # noqa: E402

DEFINED = {t.id: t.inputs for t in generate.content.template_types()}
BUILDS = {710: "7.10", 711: "7.11", 7111: "7.11.1", 712: "7.12"}
# What the validator accepts: if a driver refuses it, one of the two is wrong.
ACCEPTED = {"good_mixed", "wildcard_only", "as_many_groups_as_wrap"}
# The sensor's own fault.
INCIDENT = ("replay_291", 711)
OPTIONS = ("--wall-ms", "60000", "--cpu-ms", "3000", "--memory", str(1 << 28))


def kinds_of_faults():
    """docs/worker-protocol.md: the kinds that a replica can show."""
    rows = re.findall(r"^\| (`[^|]*) \| ", (ROOT / "docs" / "worker-protocol.md").read_text().split("| kind |")[1]
                      .split("\n\n")[0], re.M)
    return {kind for row in rows for kind in re.findall(r"`([a-z-]+)`", row)} - {"import"}


def zoo_content():
    """fuzz/zoo/content.py: corpus/channel has a module of the same name."""
    spec = importlib.util.spec_from_file_location("zoo_content", ROOT / "fuzz" / "zoo" / "content.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ZOO = zoo_content()


def content_of(name):
    """Its bytes, and a channel to make events from."""
    if hasattr(ZOO, name):
        channel = getattr(ZOO, name)()
        return channel.to_bytes(), channel
    channel = generate.GOOD[name]() if name in generate.GOOD else generate.content.mixed()
    if name in faults.FAULTS:
        faults.FAULTS[name](channel)
    return generate.make(name), channel


def claimed(type_id, build):
    """schemas/sensor.driver.yaml"""
    return 20 if type_id == 3 and build != 712 else len(DEFINED[type_id])


def measured(worker, content, build, found):
    """template type -> inputs supplied; a difference from the claim is found."""
    supplies = {}
    for type_id in DEFINED:
        told = worker.measure(type_id, content, encode([something(type_id, DEFINED)]))
        count, claim = told["count"], claimed(type_id, build)
        if count is not None:
            # A figure that is an upper bound only says nothing against a claim below it.
            supplies[str(type_id)] = count if told["certain"] else min(count, claim)
            if count < claim or (told["certain"] and count != claim):
                found.add("contract")
    return supplies


def told(program, target, variant):
    """Which oracles speak of a target, given what the variant needs."""
    content, channel = content_of(variant["content"])
    found = set()
    with Worker(program, target, *OPTIONS) as worker:
        if worker.hello is None:
            return {"nothing: is it there?"}
        if worker.hello.get("fault"):
            return {worker.hello["fault"]["kind"]}
        supplies = measured(worker, content, variant.get("build", 712), found)
        answer, _ = worker.run(content, encode(events_for(channel, DEFINED)), supplies=supplies,
                               **variant.get("needs", {}))
    if answer is None:
        return found | {"the end of the worker"}
    if answer["fault"]:
        found.add(answer["fault"]["kind"])
    found |= {"leak"} if answer["leaks"] else set()
    found |= {"disagreement"} if answer["disagreement"] else set()
    refused = answer["load"] and answer["load"]["status"] == 1
    if refused and variant["content"] in ACCEPTED and "needs" not in variant:
        found.add("refused")
    return found


def main(words):
    program, build_dir, only = words[0], pathlib.Path(words[1]), words[2:]
    wrong = []
    variants = [v for v in plant.variants() if not only or v["name"] in only]
    for variant in variants:
        name, build = variant["name"], variant.get("build", 712)
        sensor = build_dir / "sensor" / ("plain" if variant.get("plain") else "") / f"{BUILDS[build]}.so"
        found = told(program, build_dir / "zoo" / f"{name}.so", variant)
        of_sensor = told(program, sensor, variant)
        print(f"{name:30}  {', '.join(sorted(found)) or 'nothing'}", flush=True)
        if found != {variant["oracle"]}:
            wrong.append(f"{name}: wanted {variant['oracle']}, was told {', '.join(sorted(found)) or 'nothing'}")
        if of_sensor != ({"out-of-bounds"} if (variant["content"], build) == INCIDENT else set()):
            wrong.append(f"{name}: of the sensor itself was told {', '.join(sorted(of_sensor)) or 'nothing'}")
    if not only:
        kinds = kinds_of_faults()
        wrong += [f"no variant shows {kind}" for kind in sorted(kinds - {v["oracle"] for v in variants})]
        wrong += ["the kinds of faults are not found"] if len(kinds) < 15 else []
    print("\n".join(wrong) or f"{len(variants)} variants, each caught by its oracle alone")
    return 1 if wrong or not variants else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
