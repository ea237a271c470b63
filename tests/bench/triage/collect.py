"""Crash files of the zoo's images: from short campaigns of `sluice fuzz`, each begun with content that shows the fault.

Short, because a campaign soon leaves what it began with: there are many of them, and their inputs differ.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import faulting

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "zoo"), str(ROOT / "fuzz" / "zoo")]
import images_test  # noqa: E402
import plant  # noqa: E402
from images_test import ZOO  # noqa: E402

RUNS = 200
INPUTS = 8  # of one fault, in one campaign
MOST_CAMPAIGNS = 120


def stars_that_nobody_tries():
    """In an instance that is off, and as the operand of another operator."""
    stars = 20 * ".*" + "="
    off = ZOO.with_instance(ZOO.text(0, ZOO.Op.REGEX, stars), state=ZOO.State.DISABLED)
    return off, ZOO.with_instance(ZOO.text(0, ZOO.Op.CONTAINS, stars))


def circle_that_nobody_goes():
    """With an instance in it that is off, and with one that matches nothing."""
    off, unmatched = ZOO.wildcards_in_a_circle(), ZOO.wildcards_in_a_circle()
    off.instances[1].state = ZOO.State.DISABLED
    unmatched.instances[1].criteria[0] = ZOO.text(0, ZOO.Op.EQUALS, "nothing is called so")
    return off, unmatched


# Nothing is made of what takes too long: it ends the process. These are near it.
NEAR = {"regex_backtracks": stars_that_nobody_tries, "chain_without_end": circle_that_nobody_goes}


class Collector:
    """Keeps what it collects in `folder`/VARIANT/SET, and SET.json beside it when all are there."""

    def __init__(self, sluice, build_dir, folder):
        self.sluice = pathlib.Path(sluice).resolve()
        self.driver = pathlib.Path(build_dir).resolve() / "zoo" / "zoo.driver.yaml"
        self.folder = pathlib.Path(folder).resolve()

    def collect(self, variant, name, seed, count, without=()):
        """`count` files that show the variant's fault, if so many are found; none has the bytes of those in `without`."""
        folder = self.folder / variant["name"] / name
        index = folder.with_suffix(".json")
        if not index.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            index.write_text(json.dumps(self.search(variant, folder, seed, count, without), indent=2) + "\n")
        return [folder / row["file"] for row in json.loads(index.read_text())]

    def index(self, variant, name):
        """Of each of these files the campaign that it is from, and the function in which the driver faults."""
        return json.loads((self.folder / variant["name"] / f"{name}.json").read_text())

    def search(self, variant, folder, seed, count, without):
        seen = {pathlib.Path(file).read_bytes() for file in without}
        rows = []
        for campaign in range(MOST_CAMPAIGNS):
            with tempfile.TemporaryDirectory() as scratch:
                inputs = self.campaign(variant, seed * MOST_CAMPAIGNS + campaign, pathlib.Path(scratch))
            files = []
            for data in map(faulting.content_of, inputs):
                if data not in seen:
                    seen.add(data)
                    files.append(folder / f"{len(rows) + len(files):03}.bin")
                    files[-1].write_bytes(data)
            rows += self.confirmed(variant, folder, files, len(rows), campaign)
            if len(rows) >= count:
                break
        for file in sorted(folder.glob("*.bin"))[count:]:
            file.unlink()
        return rows[:count]

    def confirmed(self, variant, folder, files, begin, campaign):
        """Rows of those that show the fault, and no other; the others go."""
        rows = []
        shown = faulting.run(self.sluice, self.driver, variant["name"], files) if files else []
        for file, fault in zip(files, shown):
            if fault is None or fault.name != variant["fault"]:
                file.unlink()
                continue
            to = folder / f"{begin + len(rows):03}.bin"
            file.rename(to)
            rows.append({"file": to.name, "campaign": campaign, "place": fault.place})
        return rows

    def campaign(self, variant, seed, folder):
        """The inputs that faulted, in the order of their executions."""
        (folder / "seeds").mkdir()
        (folder / "seeds" / "known").write_bytes(images_test.bytes_of(variant["content"]))
        for number, channel in enumerate(NEAR.get(variant["name"], tuple)()):
            (folder / "seeds" / f"near-{number}").write_bytes(channel.to_bytes())
        words = [self.sluice, "fuzz", "--driver", self.driver, "--build", variant["name"], "--seeds", "seeds",
                 "--runs", RUNS, "--seed", seed, "--inputs-per-fault", INPUTS, "--timeout-ms", 200,
                 "--corpus", "corpus", "--faults", "faults"]
        ended = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True,
                               errors="replace", check=False, timeout=600)
        if ended.returncode not in (0, 1):
            raise SystemExit(f"{variant['name']}: {ended.stderr}")
        found = [(json.loads(file.read_text()), file) for file in (folder / "faults").glob("*.found.json")]
        found.sort(key=lambda pair: (pair[0]["execution"], pair[1].name))
        return [pathlib.Path(str(file).removesuffix(".found.json") + ".bin").read_bytes() for _, file in found]
