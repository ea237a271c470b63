"""Whether a rule is worth something: what `sluice check` says of crash files and of good ones, with it and without.

The schema and the rules that ship refuse most crash files of the zoo already, so they are laid bare.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

import faulting

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "zoo"))
from images_test import generate  # noqa: E402

SHIPPED = ROOT / "schemas" / "channel.ksy", ROOT / "schemas" / "channel.rules.yaml"
LAYOUT = "len_file", "ofs_data", "ofs_template_types", "ofs_inputs", "ofs_groups", "ofs_instances"
OF_OPERANDS = "comparand", "number_set", "number_range", "regex", "regex_character"  # types, which then nothing has
COUNT = 200
SEEDS = (1, 2)  # the first for triage to know, both to judge by


def lay_bare(folder, bareness):
    """Writes both documents; returns their paths.

    `fields`: no `valid:` but those that say where the parts lie, and of the rules only what says which inputs content
    uses.
    `records`: nor that, nor assertions, nor what lies where a field says: the records alone, as somebody begins a schema.
    `numbers`: nor which values an enum has, nor what the file begins with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    schema, rules = folder / "channel.ksy", folder / "channel.rules.yaml"
    lines = without_bounds(SHIPPED[0].read_text().splitlines(keepends=True))
    text, _, _ = SHIPPED[1].read_text().partition("\nbuilds:\n")
    if bareness in ("records", "numbers"):
        lines = without_blocks(lines, "instances", "-sluice-asserts", *OF_OPERANDS)
        text, _, _ = text.partition("\nuses:\n")
    if bareness == "numbers":
        lines = [line for line in lines if not re.match(r" +enum: ", line)]
        lines = [line.replace("contents: SLRC", "type: u4") for line in lines]
    schema.write_text("".join(lines))
    rules.write_text(text)
    return schema, rules


def without_bounds(lines):
    """Lines of a schema without `valid:`, but for equations: what is written by them must be written by everybody."""
    kept, field = [], ""
    for line in lines:
        field = line.split()[-1] if re.match(r" +- id: ", line) else field
        is_equation = field in LAYOUT and "{" not in line
        if is_equation or not re.match(r" +valid:", line):
            kept.append(line)
    return kept


def without_blocks(lines, *keys):
    """Lines of YAML without these keys and what is below them."""
    kept, column = [], None
    for line in lines:
        indentation = len(line) - len(line.lstrip())
        if column is not None and (not line.strip() or indentation > column):
            continue
        column = indentation if line.strip() in [f"{key}:" for key in keys] else None
        if column is None:
            kept.append(line)
    return kept


def good_files(sluice, build_dir, folder, seed):
    """Those of corpus/channel, and generated ones for build 7.11, which supplies what each build of the zoo does."""
    if not folder.exists():
        half = folder.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        for name in generate.GOOD:
            (half / f"{name}.bin").write_bytes(generate.make(name))
        words = [sluice, "generate", "--schema", SHIPPED[0], "--rules", SHIPPED[1], "--build", "7.11", "--driver",
                 build_dir / "sensor" / "sensor-images.driver.yaml", "--count", COUNT, "--seed", seed, "--out", half]
        subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)
        half.rename(folder)
    return sorted(folder.iterdir())


class Judge:
    def __init__(self, sluice, driver, build):
        self.sluice, self.driver, self.build = sluice, driver, build

    def refused(self, files, schema, rules):
        """Of the files those that `sluice check` refuses for the build. None: it cannot judge."""
        words = [self.sluice, "check", *files, "--schema", schema, "--rules", rules, "--format", "json"]
        if re.search(r"^uses:|build\.", rules.read_text(), re.MULTILINE):  # it is in vain where nothing asks for builds
            words += ["--driver", self.driver, "--build", self.build]
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
