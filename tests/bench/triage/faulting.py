"""What images of the zoo do with files, by `sluice run`: which of these show the variant's fault, and where."""
import dataclasses
import json
import struct
import subprocess

FAULTS = ("SL0601", "SL0621")
TRAILER = struct.Struct("<4I8s")  # of a container: docs/fuzz-input.md
MAGIC = b"SLFUZZ\r\n"


@dataclasses.dataclass(frozen=True)
class Shown:
    """The first fault that running showed."""
    name: str
    place: str  # the function in which it was


def run(sluice, driver, build, files):
    """For each file a Shown, or None."""
    words = [str(sluice), "run", *map(str, files), "--driver", str(driver), "--build", build, "--format", "json"]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120 + 20 * len(files))
    if ended.returncode not in (0, 1, 2) or not ended.stdout:
        raise SystemExit(f"{build}: {ended.returncode}: {ended.stderr}")
    told = {about["file"]: shown(about["findings"]) for about in json.loads(ended.stdout)["files"]}
    return [told[str(file)] for file in files]


def shown(findings):
    for finding in findings:
        if FAULTS[0] <= finding["id"] <= FAULTS[1]:
            stack = finding.get("stack") or ["nowhere"]
            return Shown(finding["name"], stack[0].split("  ")[0])
    return None


def content_of(data):
    """Of a container its content."""
    if len(data) < TRAILER.size:
        return data
    content, second, operations, version, magic = TRAILER.unpack(data[-TRAILER.size:])
    is_container = magic == MAGIC and version == 1 and content + second + operations + TRAILER.size == len(data)
    return data[:content] if is_container else data
