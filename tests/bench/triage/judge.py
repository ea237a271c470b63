"""Whether a rule is worth something: what `sluice check` says of crash files and of good ones, with it and without.

The schema and the rules that ship refuse most crash files of the zoo already, so they are laid bare: no `valid:`, and of
the rules only what says which inputs content uses.
"""
import json
import pathlib
import re
import subprocess
import sys

import faulting

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "zoo"))
from images_test import generate  # noqa: E402

SHIPPED = ROOT / "schemas" / "channel.ksy", ROOT / "schemas" / "channel.rules.yaml"
COUNT = 200
SEEDS = (1, 2)  # the first for triage to know, both to judge by


def lay_bare(folder):
    """Writes both documents; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    schema, rules = folder / "channel.ksy", folder / "channel.rules.yaml"
    lines = SHIPPED[0].read_text().splitlines(keepends=True)
    schema.write_text("".join(line for line in lines if not re.match(r" +valid:", line)))
    text, _, _ = SHIPPED[1].read_text().partition("\nbuilds:\n")
    rules.write_text(text)
    return schema, rules


def good_files(sluice, build_dir, folder, seed):
    """Those of corpus/channel, and generated ones for build 7.11, which supplies what each build of the zoo does."""
    if not folder.exists():
        folder.mkdir(parents=True)
        for name in generate.GOOD:
            (folder / f"{name}.bin").write_bytes(generate.make(name))
        words = [sluice, "generate", "--schema", SHIPPED[0], "--rules", SHIPPED[1], "--build", "7.11", "--driver",
                 build_dir / "sensor" / "sensor-images.driver.yaml", "--count", COUNT, "--seed", seed, "--out", folder]
        subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)
    return sorted(folder.iterdir())


class Judge:
    def __init__(self, sluice, driver, build):
        self.sluice, self.driver, self.build = sluice, driver, build

    def refused(self, files, schema, rules):
        """Of the files those that `sluice check` refuses for the build. None: it cannot judge."""
        words = [self.sluice, "check", *files, "--schema", schema, "--rules", rules, "--driver", self.driver, "--build",
                 self.build, "--format", "json"]
        ended = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, timeout=600)
        if ended.returncode not in (0, 1) or not ended.stdout:
            return None
        told = {about["file"]: about["verdict"] for about in json.loads(ended.stdout)["files"]}
        return [file for file in files if told[str(file)] != "PASS"]

    def wrongly_refused(self, files, schema, rules):
        """Of good files: one that shows the fault on this build is none, whatever the shipped documents say."""
        refused = self.refused(files, schema, rules)
        if not refused:
            return refused
        shown = faulting.run(self.sluice, self.driver, self.build, refused)
        return [file for file, fault in zip(refused, shown) if fault is None]
