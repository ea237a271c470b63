#!/usr/bin/env python3
"""Three nights of a farm over drivers with planted faults: the first finds each fault once and files it once, the second
tells nothing new, the third, in which one driver is replaced by its clean twin, tells that one as fixed.

    planted.py SLUICE BUILD_DIR                     a few, for CI
    planted.py SLUICE BUILD_DIR --all [--out DIR]   all: the reference sensor, the thirty images of the zoo, both trials

The nights have fixed runs and seeds: the same drivers and version of sluice give the same nights, however busy the machine
is. Exit code 0: all of it holds.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("zoo", "trials", "worker", "cli")] + [str(ROOT / "fuzz" / "zoo")]
import farming  # noqa: E402
import images_test  # noqa: E402
import plant  # noqa: E402

PASS, FAIL = 0, 1
INCIDENT = "7.11"
VARIANTS = {variant["name"]: variant for variant in plant.images()}
# Where the fault lies deeper than others do.
RUNS = {"build_name_without_a_nul": 30_000, "group_table_size_in_a_byte": 60_000, "newer_format_version": 80_000,
        "parents_in_a_short_table": 40_000, "regex_backtracks": 60_000, "text_in_a_set": 60_000, "alignment_raises": 40_000,
        "half_a_member": 40_000, "regex_class_without_end": 40_000, "operand_end_wraps": 40_000, "cfg80211": 80_000}
# .. and where each execution that faults takes long.
RUNS |= {"chain_without_end": 5_000, "content_freed_early": 5_000, "absent_input_not_written": 5_000}
# And where other content leads there sooner than files that use much.
SEEDS = {"build_name_without_a_nul": "good/wildcard_only.bin", "group_table_size_in_a_byte": "good/wildcard_only.bin",
         "text_in_a_set": "set_of_numbers.bin", "half_a_member": "set_of_numbers.bin"}
# What takes too long takes this long each time that triage tries it.
MILLISECONDS = {"regex_backtracks": 200, "chain_without_end": 200}
OF_CI = ("channel_in_a_table", "unknown_operator_jumps", "ring_of_matches", "header_not_measured", "ipc_array_too_short",
         "absent_input_not_written")


class Planted:
    def __init__(self, sluice, build, folder, variants, jobs, runs):
        self.sluice, self.build, self.folder = sluice, build, folder
        self.variants, self.jobs, self.runs = variants, jobs, runs
        self.targets = []
        self.faulty = {}  # target -> the build with the fault
        self.broken = []

    # --- The drivers --------------------------------------------------------------------------------------------------

    def prepare(self):
        good = self.folder / "good"
        good.mkdir(parents=True)
        sets = images_test.ZOO.with_instance(images_test.ZOO.numbers(5, images_test.ZOO.Op.IN_SET, 2, 3, 7))
        (self.folder / "set_of_numbers.bin").write_bytes(sets.to_bytes())
        for name in images_test.generate.GOOD:
            (good / f"{name}.bin").write_bytes(images_test.bytes_of(name))
        self.add_sensor()
        self.add_zoo()

    def add_sensor(self):
        document = str(farming.copy_sensor(self.build, self.folder).relative_to(self.folder))
        self.targets.append({"name": "sensor", "driver": document, "builds": ["7.10", INCIDENT, "7.12"], "seeds": ["good"]})
        self.faulty["sensor"] = INCIDENT

    def add_zoo(self):
        (self.folder / "zoo/image").mkdir(parents=True)
        shutil.copy(self.build / "zoo/zoo.driver.yaml", self.folder / "zoo")
        for name in self.variants:
            for image in (self.build / "zoo/image").glob(f"{name}.[sp]*"):
                shutil.copy(image, self.folder / "zoo/image")
            target = {"name": name, "driver": "zoo/zoo.driver.yaml", "builds": [name], "seeds": [SEEDS.get(name, "good")],
                      "timeout_ms": MILLISECONDS.get(name, 1000)}
            self.targets.append(target | ({"runs": RUNS[name]} if name in RUNS else {}))
            self.faulty[name] = name

    def add_trials(self, packages):
        """Drivers that others ship. They have faults of their own, and nobody has counted these."""
        import trials
        try:
            kernel = trials.kernel_package()
            cfg80211 = trials.Trial("cfg80211", "cfg80211.ko", self.build, self.folder / "trials")
            trials.unpack(trials.package(kernel, packages), "/net/wireless/cfg80211.ko", cfg80211.folder / cfg80211.image)
            content = trials.unpack(trials.package("wireless-regdb", packages), "/regulatory.db-debian",
                                    cfg80211.folder / "regulatory.db")
            (cfg80211.folder / "good").mkdir()
            (cfg80211.folder / "good/one_country.db").write_bytes(trials.Database(content).alone(b"JP"))
            document = cfg80211.driver(kernel.removeprefix("linux-image-"), {1: 1, 2: 2, 3: 0})
            self.add_trial("cfg80211", document, "regulatory_db", cfg80211.folder / "good")
            hidparse = trials.Trial("hidparse", "hidparse.sys", self.build, self.folder / "trials")
            wine = trials.package("libwine", packages)
            trials.unpack(wine, "/x86_64-windows/hidparse.sys", hidparse.folder / hidparse.image)
            (hidparse.folder / "good").mkdir()
            for source in sorted((ROOT / "corpus/hid").glob("*.hex")):
                (hidparse.folder / f"good/{source.stem}.bin").write_bytes(trials.hexfile.parse(source.read_text()))
            document = hidparse.driver(wine.name.split("_")[1], {1: 1})
            self.add_trial("hidparse", document, "hid_report_descriptor", hidparse.folder / "good")
        except trials.NotTried as problem:
            print(f"the trials are left out: {problem}", flush=True)

    def add_trial(self, name, document, schema, good):
        rules = ROOT / f"schemas/{schema}.rules.yaml"
        self.targets.append({"name": name, "driver": str(document.relative_to(self.folder)), "seeds": [str(good)],
                             "schema": str(ROOT / f"schemas/{schema}.ksy"),
                             **({"rules": str(rules)} if rules.is_file() else {}),
                             **({"runs": RUNS[name]} if name in RUNS else {})})
        self.faulty[name] = None

    # --- The nights ---------------------------------------------------------------------------------------------------

    def hold(self, what, is_so):
        if not is_so:
            self.broken.append(what)
            print(f"does not hold: {what}", flush=True)

    def night(self, number, expect):
        farm = {"farm": "planted", "jobs": self.jobs, "turns": 1, "runs": self.runs, "seed": 1, "targets": self.targets}
        document = self.folder / "planted.farm.yaml"
        document.write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in farm.items()))
        summary = self.folder / f"night-{number}.json"
        begin = time.monotonic()
        done = subprocess.run([self.sluice, "farm", document.name, "--worker", "w", "--summary", summary.name],
                              cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        (self.folder / f"night-{number}.txt").write_text(done.stdout + done.stderr)
        if done.returncode not in (PASS, FAIL) or not summary.exists():
            raise SystemExit(f"night {number} ends with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        told = json.loads(summary.read_text())
        print(f"night {number}: {time.monotonic() - begin:.0f} s, {sum(lane['executions'] for lane in told['lanes']):,} "
              f"executions; {done.stdout.splitlines()[-1]}", flush=True)
        for sentence in told["told"]:
            print(f"  told: {sentence}")
        self.hold(f"night {number} ends with {expect}", done.returncode == expect)
        return told

    def first(self):
        told = self.night(1, FAIL)
        for target in self.targets:
            faults = [fault for fault in told["faults"] if fault["target"] == target["name"]]
            for fault in faults:
                print(f"  {target['name']}: {fault['identity']} ({len(fault['found'])}): {fault.get('cause', fault['fault'])}")
            names = [(fault["build"], fault["state"]) for fault in faults]
            build = self.faulty[target["name"]]
            self.hold(f"{target['name']}: there is one fault, of {build}: {names}",
                      names and all(state == "new" for _, state in names) if build is None else names == [(build, "new")])
            self.hold(f"{target['name']}: all are cases", all("cause" in fault for fault in faults))
            self.look_at_cases(target["name"], faults)
        return told

    def look_at_cases(self, target, faults):
        cases = self.folder / "planted/crashes" / target / "new"
        there = sorted(path.name for path in cases.iterdir()) if cases.exists() else []
        self.hold(f"{target}: what is told is filed: {there}", there == sorted(fault["identity"] for fault in faults))
        if target not in VARIANTS:
            return
        for fault in faults:
            reports = [json.loads((self.folder / f"planted/faults/{target}/{name}.report.json").read_text())
                       for name in fault["found"]]
            names = {finding["name"] for report in reports for file in report["files"] for finding in file["findings"]}
            self.hold(f"{target}: it is the planted one: {names}", kinds(names) & kinds({VARIANTS[target]["fault"]}))

    def second(self, before):
        told = self.night(2, PASS)
        self.hold("the second night tells nothing new", states(told, "open") == sorted(name for name, _ in names_of(before)))

    def third(self, variant, before):
        for kind in ("sys", "pdb"):
            shutil.copy(self.folder / f"sensor/image/x86_64/7.12.{kind}", self.folder / f"zoo/image/{variant}.{kind}")
        told = self.night(3, PASS)
        [fixed] = [identity for identity, target in names_of(before) if target == variant]
        self.hold(f"{fixed} is told as fixed, and nothing else", states(told, "fixed") == [fixed])
        self.hold("it is a regression", (self.folder / "planted/crashes" / variant / "regression" / fixed).exists())
        self.hold("the others are open", len(states(told, "open")) == len(before["faults"]) - 1)


BAD_ADDRESS = ("read_outside", "write_outside", "wild_access", "null_followed", "uninitialised_followed")


def kinds(names):
    """Where memory falls, one bad index shows as each of these."""
    return {"bad address" if name in BAD_ADDRESS else name for name in names}


def names_of(told):
    return [(fault["identity"], fault["target"]) for fault in told["faults"]]


def states(told, state):
    return sorted(fault["identity"] for fault in told["faults"] if fault["state"] == state)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sluice", type=pathlib.Path)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", nargs="*", default=[], metavar="VARIANT")
    parser.add_argument("--out", type=pathlib.Path, help="is emptied first, and stays")
    parser.add_argument("--packages", type=pathlib.Path, default=ROOT / "build/trials/packages")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--fixed", default="channel_in_a_table", metavar="VARIANT")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sluice-planted-") as scratch:
        folder = words.out.resolve() if words.out else pathlib.Path(scratch) / "farm"
        shutil.rmtree(folder, ignore_errors=True)
        variants = words.only or (VARIANTS if words.all else OF_CI)
        planted = Planted(words.sluice.resolve(), words.build.resolve(), folder, list(variants), words.jobs,
                          words.runs or (20_000 if words.all else 2_000))
        planted.prepare()
        if words.all:
            planted.add_trials(words.packages.resolve())
        first = planted.first()
        planted.second(first)
        planted.third(words.fixed, first)
    print(f"{len(planted.targets)} targets, {len(planted.broken)} things do not hold")
    return 1 if planted.broken else 0


if __name__ == "__main__":
    sys.exit(main())
