#!/usr/bin/env python3
"""Drivers that others built and ship, run as they are: downloaded, unpacked, loaded, judged.

    trials.py --build BUILD [--folder FOLDER] [TRIAL...]

  cfg80211   Linux's module of Debian's linux-image package, on regulatory.db of Debian's wireless-regdb package: what it
             answers for every country is what the file says; and where it reads past the end of files that valid_regdb
             accepts
  hidparse   Wine's driver of Debian's libwine package, on the report descriptors of corpus/hid: what it finds in them is
             what they say; and where it reads past those that were cut short

Each tells how many evaluations a second there were, and how many of the image's blocks ran.

BUILD has sluice, sluice-run and trials/*.so (target `trials`). Packages are kept in FOLDER (build/trials). Exit code 0:
all held; 1: something did not; 2: nothing could be tried.
"""
import argparse
import json
import lzma
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "worker"), str(ROOT / "tests" / "cli")]
import hexfile  # noqa: E402
from worker import BYTES, U32, Worker, events  # noqa: E402

from hid_model import Descriptor, lacks_one_byte  # noqa: E402
from regdb_model import Database  # noqa: E402

SECONDS = 2.0  # that speed is measured for
ACCEPTED = 0
NO_DATA = 61
REGDB_RUNS = 10_000
HID_RUNS = 3_000
GATE_RUNS = 2_000


class NotTried(Exception):
    pass


# --- Packages ------------------------------------------------------------------------------------------------------------


def said(*words, cwd=None):
    try:
        done = subprocess.run(words, cwd=cwd, capture_output=True, text=True)
    except OSError as problem:
        raise NotTried(f"{words[0]}: {problem.strerror}") from problem
    if done.returncode != 0:
        raise NotTried(f"{' '.join(words)}: {done.stderr.strip()[-400:]}")
    return done.stdout


def kernel_package():
    """The package that linux-image-amd64 leads to."""
    def found():
        return re.findall(r"Depends: (linux-image-\d\S*)", said("apt-cache", "depends", "linux-image-amd64"))
    try:
        names = found()
    except NotTried:
        names = []
    if not names:
        said("apt-get", "update")
        names = found()
    if not names:
        raise NotTried("linux-image-amd64 depends on no package of an image")
    return names[0]


def package(name, folder):
    """The package's file, downloaded unless it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in range(2):
        there = sorted(folder.glob(f"{name}_*.deb"))
        if there:
            return there[-1]
        try:
            said("apt-get", "download", name, cwd=folder)
        except NotTried:
            if attempt:
                raise
            said("apt-get", "update")
    raise NotTried(f"apt-get download {name} left no package")


def unpack(deb, wanted, to):
    """The one file of the package whose path ends as `wanted`, perhaps with .xz. Kept for the next time."""
    stamp = to.with_name(to.name + ".from")
    if to.is_file() and stamp.is_file() and stamp.read_text() == deb.name:
        return to.read_bytes()
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as process:
        data = None
        with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
            for member in archive:
                if data is None and member.isfile() and member.name.removesuffix(".xz").endswith(wanted):
                    data = archive.extractfile(member).read()
                    data = lzma.decompress(data) if member.name.endswith(".xz") else data
        if process.wait() != 0:
            raise NotTried(f"{deb} cannot be unpacked")
    if data is None:
        raise NotTried(f"{deb} has no file {wanted}")
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(data)
    stamp.write_text(deb.name)
    return data


# --- What is held --------------------------------------------------------------------------------------------------------


class Trial:
    """A folder with the image and its adapter, and what did not hold."""

    def __init__(self, name, image, build, folder):
        self.name, self.image, self.build = name, image, build
        self.folder = folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(build / "trials" / f"{name}.so", self.folder / "adapter.so")
        self.held = self.broken = 0

    def hold(self, what, good):
        self.held += bool(good)
        self.broken += not good
        if not good:
            print(f"{self.name}: does not hold: {what}")

    def say(self, text):
        print(f"{self.name}: {text}", flush=True)

    def worker(self, *options):
        return Worker(self.build / "sluice-run", self.folder / "adapter.so", "--image", self.folder / self.image,
                      *options)

    def say_coverage(self, worker):
        """Of all that a worker with --coverage was asked."""
        told, _ = worker.ask({"id": 1, "do": "blocks"})
        self.hold(f"blocks that ran are told: {told}", told["fault"] is None and told["blocks"] == worker.hello["blocks"]
                  and 0 < told["hit"] <= told["reachable"] <= told["blocks"])
        self.say(f"{told['hit']:,} blocks ran, of {told['reachable']:,} that these lead to and {told['blocks']:,} of the "
                 "image")

    def driver(self, version, inputs):
        supplied = "{" + ", ".join(f"{kind}: {count}" for kind, count in inputs.items()) + "}"
        document = self.folder / f"{self.name}.driver.yaml"
        document.write_text(f'driver: {self.name}\nadapter: adapter.so\nbuilds:\n  - name: "{version}"\n'
                            f"    image: {self.image}\n    defines: {supplied}\n    supplies: {supplied}\n")
        return document

    def sluice_run(self, document, event_lines, contents):
        """The exit code and the JSON report of `sluice run`."""
        file = self.folder / "events.yaml"
        file.write_text("events:\n" + "".join(f"  - {line}\n" for line in event_lines))
        done = subprocess.run([self.build / "sluice", "run", "--driver", document, "--events", file, "--format", "json",
                               *contents], capture_output=True, text=True)
        if done.returncode == 2:
            print(done.stdout + done.stderr, file=sys.stderr)
        return done.returncode, json.loads(done.stdout) if done.returncode in (0, 1) else {}

    def sluice_fuzz(self, document, name, seeds, runs):
        """The summary of a campaign by the schema of this name, and by its rules where there are some."""
        for place in ("corpus", "faults"):
            shutil.rmtree(self.folder / place, ignore_errors=True)
        summary = self.folder / "campaign.json"
        summary.unlink(missing_ok=True)
        rules = ROOT / "schemas" / f"{name}.rules.yaml"
        words = ["--schema", ROOT / "schemas" / f"{name}.ksy"] + (["--rules", rules] if rules.is_file() else [])
        words += [word for seed in seeds for word in ("--seeds", seed)]
        done = subprocess.run([self.build / "sluice", "fuzz", "--driver", document, *words, "--corpus",
                               self.folder / "corpus", "--faults", self.folder / "faults", "--summary", summary, "--runs",
                               str(runs), "--seed", "1"], capture_output=True, text=True)
        self.hold(f"the campaign is done: {done.stderr[-1000:]}", done.returncode in (0, 1))
        if done.returncode not in (0, 1):
            raise NotTried(f"{self.name}: sluice fuzz ends with {done.returncode}")
        told = json.loads(summary.read_text())
        blocks = told["blocks"]
        self.say(f"sluice fuzz: {told['executions']:,} executions, {told['executions_per_second']:,.0f} a second; "
                 f"{blocks['covered']:,} blocks covered of {blocks['reachable']:,} reachable, {blocks['seeds']:,} by the "
                 f"seeds; {len(told['faults'])} faults")
        return told


    def sluice_gate(self, document, name, contents, policy):
        """The JSON report of `sluice gate --sign`, and what `sluice verify` says of each attestation then."""
        release = self.folder / "trial.release.yaml"
        lines = [f"release: {self.name}", f"content: [{', '.join(content.name for content in contents)}]",
                 f"driver: {document.name}", f"schema: {ROOT / 'schemas' / name}.ksy"]
        rules = ROOT / "schemas" / f"{name}.rules.yaml"
        lines += [f"rules: {rules}"] if rules.is_file() else []
        release.write_text("\n".join([*lines, "events: events.yaml", f"policy: {policy}"]) + "\n")
        work, key, public = (self.folder / place for place in ("gate", "gate.key", "gate.pub"))
        shutil.rmtree(work, ignore_errors=True)
        key.unlink(missing_ok=True)
        said("openssl", "genpkey", "-algorithm", "ed25519", "-out", key)
        key.chmod(0o600)
        said("openssl", "pkey", "-in", key, "-pubout", "-out", public)
        sluice, page = self.build / "sluice", self.folder / "gate.html"
        done = subprocess.run([sluice, "gate", release, "--work", work, "--sign", key, "--report", f"html={page}", "--format",
                               "json"], capture_output=True, text=True)
        self.hold(f"the gate has a verdict: {done.stdout[-2000:]} {done.stderr[-500:]}", done.returncode in (0, 1))
        self.hold("there is a page", page.is_file() and "</html>" in page.read_text())
        verified = [subprocess.run([sluice, "verify", f"{content}.intoto.jsonl", "--key", public, "--content", content],
                                   capture_output=True, text=True).returncode == 0 for content in contents]
        return json.loads(done.stdout), verified


def results_of(blob):
    return [struct.unpack_from("<II", blob, at) for at in range(0, len(blob), 8)]


def per_second(step):
    """step() returns how much it did."""
    begin, done = time.monotonic(), 0
    while time.monotonic() - begin < SECONDS:
        done += step()
    return done / (time.monotonic() - begin)


# --- cfg80211 ------------------------------------------------------------------------------------------------------------

FREQUENCIES = (2412, 5180, 5500, 5745)  # MHz: a channel of each band that rules are about


def try_cfg80211(build, folder):
    trial = Trial("cfg80211", "cfg80211.ko", build, folder)
    kernel = kernel_package()
    unpack(package(kernel, folder / "packages"), "/net/wireless/cfg80211.ko", trial.folder / trial.image)
    content = unpack(package("wireless-regdb", folder / "packages"), "/regulatory.db-debian",
                     trial.folder / "regulatory.db")
    database = Database(content)
    countries = list(database.countries)
    trial.say(f"{kernel}, regulatory.db of {len(countries)} countries")
    trial.hold("the database has more than 150 countries, each once",
               len(countries) > 150 and len(set(countries)) == len(countries))

    document = trial.driver(kernel.removeprefix("linux-image-"), {1: 1, 2: 2, 3: 0})
    lines = [f'{{type: 1, inputs: [{{text: "{country.decode()}"}}]}}' for country in countries]
    lines += [f'{{type: 2, inputs: [{{text: "{country.decode()}"}}, {mhz}]}}' for country in countries
              for mhz in FREQUENCIES]
    code, report = trial.sluice_run(document, lines, [trial.folder / "regulatory.db"])
    trial.hold(f"sluice run finds nothing: {json.dumps(report)[:2000]}", code == 0)

    with trial.worker("--coverage") as worker:
        values = [(BYTES, country) for country in countries] + [(U32, struct.pack("<I", mhz)) for mhz in FREQUENCIES]
        rows = [(1, [at]) for at in range(len(countries))]
        rows += [(2, [at, len(countries) + k]) for at in range(len(countries)) for k in range(len(FREQUENCIES))]
        rows.append((3, []))
        answer, blob = worker.run(content, events(values, rows))
        expected = [(ACCEPTED, database.num_rules(country)) for country in countries]
        expected += [(ACCEPTED, 0 if database.has_wmm(country, mhz) else NO_DATA) for country in countries
                     for mhz in FREQUENCIES]
        expected.append((ACCEPTED, len(set(database.countries.values()))))
        trial.hold(f"there is no fault: {answer['fault']}", answer["fault"] is None)
        trial.hold("valid_regdb accepts the database", answer["load"] == {"status": ACCEPTED, "code": 0})
        trial.hold("nothing is leaked, and two runs agree", answer["leaks"] == [] and answer["disagreement"] is None)
        trial.hold(f"all {len(expected)} answers are what the file says", results_of(blob) == expected)
        num_with = sum(code == 0 for _, code in expected[len(countries):-1])
        trial.hold("some frequencies have a rule for multimedia, some have none", 0 < num_with < len(rows) // 2)

        answer, blob = worker.run(content, events([(BYTES, b"??")], [(1, [0])]))
        trial.hold("a country that is not there is refused", results_of(blob) == [(1, 2**32 - NO_DATA)])
        damaged = content[:9] + b"\xff" * 8 + content[17:]
        answer, _ = worker.run(damaged, b"")
        trial.hold("a database that points outside of itself is refused", answer["load"]["status"] == 1)
        trial.say_coverage(worker)

    try_regdb_gate(trial, document)
    try_regdb_campaign(trial, document, database)
    with trial.worker() as worker:
        many = events(values, rows[:len(countries)] * 100)
        num_events = 100 * len(countries)

        def step():
            answer, _ = worker.run(content, many, poisons=1)
            return answer["evaluated"] if answer["evaluated"] == num_events else 0
        trial.say(f"{per_second(step):,.0f} evaluations a second (query_regdb)")

        def load():
            return worker.run(content, b"", poisons=1)[0]["load"]["status"] == ACCEPTED
        trial.say(f"{per_second(load):,.0f} loads a second (valid_regdb, {len(content)} bytes)")
    return trial


# What Linux 6.1 does not look at, by the function that goes by it.
UNCHECKED = {
    "valid_regdb": "valid_rule looks whether a rule's first byte is in the file, and reads `wmm_ptr` 18 bytes behind it",
    "query_regdb": "the table of countries may lack its end, and a rule all but its first byte",
    "reg_query_regdb_wmm": "the table of countries may lack its end, and a rule all but its first byte",
}


def try_regdb_gate(trial, document):
    """The whole gate: check, run, a campaign, the matrix, the page and the attestation."""
    report, verified = trial.sluice_gate(document, "regulatory_db", [trial.folder / "regulatory.db"],
                                         "{coverage: {content: any}, fuzz: {runs: %d, seed: 1, property: fault}}" % GATE_RUNS)
    trial.hold(f"the packaged database passes: {report['reason']}", report["verdict"] == "PASS")
    campaign, = report["release"]["campaigns"]
    trial.hold(f"it was fuzzed: {campaign}", campaign["executions"] == GATE_RUNS and campaign["accepted"] > 0)
    trial.hold("what was signed is what lies there", verified == [True])
    trial.say(f"sluice gate: {report['reason']}; {campaign['executions']:,} executions, {campaign['escapes']} escapes, "
              f"{campaign['kept_out']} faults kept out")


def try_regdb_campaign(trial, document, database):
    """valid_regdb accepts => every query is clean: sluice fuzz goes on past what it finds, and covers more than its seed."""
    seed = trial.folder / "one_country.db"
    seed.write_bytes(database.alone(b"JP"))
    told = trial.sluice_fuzz(document, "regulatory_db", [seed], REGDB_RUNS)
    blocks = told["blocks"]
    trial.hold(f"{told['executions']} executions were done", told["executions"] == REGDB_RUNS)
    trial.hold(f"more is covered than by the seed: {blocks}",
               0 < blocks["seeds"] < blocks["covered"] <= blocks["reachable"] < blocks["all"])
    where = {fault["fault"]: re.search(r" in (\w+) at \+0x", fault["fault"]) for fault in told["faults"]}
    for fault, place in where.items():
        trial.hold(f"it is known why: {fault}", place and place[1] in UNCHECKED and fault.startswith("read of "))
        trial.say(f"sluice fuzz: {fault}")
    for name in sorted({place[1] for place in where.values() if place}):
        trial.say(f"sluice fuzz: {name}: {UNCHECKED.get(name)}")


# --- hidparse ------------------------------------------------------------------------------------------------------------


def try_hidparse(build, folder):
    trial = Trial("hidparse", "hidparse.sys", build, folder)
    wine = package("libwine", folder / "packages")
    unpack(wine, "/x86_64-windows/hidparse.sys", trial.folder / trial.image)
    sources = sorted((ROOT / "corpus" / "hid").glob("*.hex"))
    descriptors = {source.stem: Descriptor(hexfile.parse(source.read_text())) for source in sources}
    trial.say(f"{wine.name}, {len(descriptors)} descriptors")
    trial.hold("there are descriptors", len(descriptors) >= 5)

    contents = []
    for name, descriptor in descriptors.items():
        contents.append(trial.folder / f"{name}.bin")
        contents[-1].write_bytes(descriptor.data)
    document = trial.driver(wine.name.split("_")[1], {1: 1})
    code, report = trial.sluice_run(document, ["{type: 1, inputs: [0]}"], contents)
    trial.hold(f"sluice run finds nothing: {json.dumps(report)[:2000]}", code == 0)

    first = events([(U32, struct.pack("<I", 0))], [(1, [0])])
    with trial.worker("--coverage") as worker:
        for name, descriptor in descriptors.items():
            answer, blob = worker.run(descriptor.data, first)
            sizes = descriptor.sizes_of(0)
            trial.hold(f"{name}: there is no fault, and nothing is leaked: {answer['fault']} {answer['leaks']}",
                       answer["fault"] is None and answer["leaks"] == [])
            trial.hold(f"{name}: {results_of(blob)} are reports of {sizes} bytes",
                       results_of(blob) == [(ACCEPTED, sizes[0] | sizes[1] << 8 | sizes[2] << 16)])
        try_prefixes(trial, worker, descriptors)
        trial.say_coverage(worker)

    try_hid_campaign(trial, document, contents)
    with trial.worker() as worker:
        whole = descriptors["mouse"].data
        many = events([(U32, struct.pack("<I", 0))], [(1, [0])] * 10_000)
        trial.say("{:,.0f} evaluations a second (HidP_GetCaps and the like)".format(
            per_second(lambda: worker.run(whole, many, poisons=1)[0]["evaluated"])))
        trial.say("{:,.0f} loads a second (HidP_GetCollectionDescription)".format(
            per_second(lambda: worker.run(whole, first, poisons=1)[0]["evaluated"])))
    return trial


def try_hid_campaign(trial, document, contents):
    """`sluice fuzz` meets a read past the end of the descriptor by itself."""
    told = trial.sluice_fuzz(document, "hid_report_descriptor", contents, HID_RUNS)
    past = [fault for fault in told["faults"]
            if fault["fault"].startswith("read of") and "0 bytes past the end of a" in fault["fault"]]
    trial.hold(f"sluice fuzz finds a read past the end: {told['faults']}", past)
    if past:
        trial.say(f"sluice fuzz: {len(past)} reads past the end of a descriptor, the first after "
                  f"{min(fault['first_execution'] for fault in past):,} executions")


def try_prefixes(trial, worker, descriptors):
    """A descriptor whose last item lacks one byte is read past its end, by Wine 8.0; no other is."""
    met = 0
    for name, descriptor in descriptors.items():
        for size in range(1, len(descriptor.data)):
            fault = worker.run(descriptor.data[:size], b"")[0]["fault"]
            if fault is None:
                continue
            met += 1
            is_real = (fault["kind"] == "out-of-bounds" and fault["object"]["what"] == "content"
                       and fault["object"]["bytes"] == size and fault["object"]["distance"] == 0
                       and fault["frames"][0]["module"] == "hidparse.sys"
                       and lacks_one_byte(descriptor.data, size))
            trial.hold(f"{name}, cut to {size} bytes: {fault['kind']}: {fault['text']}", is_real)
    trial.say(f"reads past the end of {met} descriptors that are cut short")


# --- All -----------------------------------------------------------------------------------------------------------------

TRIALS = {"cfg80211": try_cfg80211, "hidparse": try_hidparse}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "trials")
    parser.add_argument("trials", nargs="*", metavar="TRIAL", help=", ".join(TRIALS))
    options = parser.parse_args()
    unknown = [name for name in options.trials if name not in TRIALS]
    if unknown:
        parser.error(f"there is no trial {unknown[0]}")
    held = broken = 0
    for name in options.trials or TRIALS:
        try:
            trial = TRIALS[name](options.build.resolve(), options.folder.resolve())
        except NotTried as problem:
            print(f"{name}: {problem}", file=sys.stderr)
            return 2
        held += trial.held
        broken += trial.broken
    print(f"{held} held, {broken} did not")
    return 1 if broken or not held else 0


if __name__ == "__main__":
    sys.exit(main())
