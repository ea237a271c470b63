#!/usr/bin/env python3
"""Speed and memory of `sluice gate` without a campaign: many channel files of 16 KiB on the four builds of the sensor.

    gate_bench.py SLUICE SENSOR_DIR [--files 250,500,1000] [--reading N] [--driver NAME] [--jobs N]

For each number of files: a first run, and a second one that remembers. Seconds, files a second, and the most memory that
`sluice` and all that it starts had at once: the sum of their private pages and their shares of what they share (PSS), which
is looked at every tenth of a second.
"""
import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "corpus/channel"))
import channel  # noqa: E402
import content  # noqa: E402

SIZE = 16 << 10
MARK = b"the-number-of-the-file-00000000"


def sample(reading):
    """A channel of the size. Its first `reading` instances have five criteria that read an input, all others are wildcards
    alone: what a run costs follows from how many criteria there are to come to. MARK is an operand."""
    made = content.wildcards()
    made.instances = []
    while len(made.to_bytes()) < SIZE:
        number = len(made.instances) + 1
        criteria = [channel.text(0, channel.Op.CONTAINS, MARK if number == 1 else f"\\Temp\\{number}\\"),
                    channel.text(1, channel.Op.PREFIX, f"-encoded-{number} "), channel.text(4, channel.Op.EQUALS, "Unknown"),
                    channel.octets(5, channel.Op.PREFIX, b"MZ"), channel.numbers(9, channel.Op.RANGE, number, number + 4096)]
        made.instances.append(content.instance(number, content.PROCESS, *(criteria if number <= reading else [])))
    return made.to_bytes()


def write_files(folder, count, reading):
    data = sample(reading)
    begin = channel.Channel.OFFSET_OF_DATA
    for number in range(count):
        body = data[begin:].replace(MARK, b"%s%08d" % (MARK[:-8], number))
        (folder / f"C-{number:08}.bin").write_bytes(data[:begin - 4] + struct.pack("<I", zlib.crc32(body)) + body)
    return len(data)


def tree(root):
    """The processes below and with `root`; workers are in groups of their own."""
    children = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(pid))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def kibibytes(pid, file, key):
    try:
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(key):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def run(words):
    """Seconds, the peak of all in MiB, the peak of sluice alone, and the report."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as out:
        gate = subprocess.Popen(words, stdout=out)
        peak = alone = 0
        while gate.poll() is None:
            peak = max(peak, sum(kibibytes(pid, "smaps_rollup", "Pss:") for pid in tree(gate.pid)))
            alone = max(alone, kibibytes(gate.pid, "status", "VmHWM:"))
            time.sleep(0.1)
        seconds = time.monotonic() - begin
        out.seek(0)
        report = json.load(out)
    if gate.returncode != 0:
        sys.exit(f"exit code {gate.returncode}: {report['reason']}")
    return seconds, peak / 1024, alone / 1024, report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sluice")
    parser.add_argument("sensor")
    parser.add_argument("--files", default="250,500,1000")
    parser.add_argument("--reading", type=int, default=3, help="instances that read inputs (default: 3)")
    parser.add_argument("--driver", default="sensor-images.driver.yaml", help="of the sensor's documents")
    parser.add_argument("--jobs", default=str(os.cpu_count()))
    options = parser.parse_args()
    print("FILES   RUN     SECONDS  FILES/S  ALL MiB  SLUICE MiB  REMEMBERED")
    for count in map(int, options.files.split(",")):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "content"
            folder.mkdir()
            write_files(folder, count, options.reading)
            driver = Path(options.sensor).resolve() / options.driver
            release = Path(scratch) / "release.yaml"
            release.write_text(f"release: bench\ncontent: [content]\ndriver: {driver}\n")
            for name in ("first", "second"):
                seconds, peak, alone, report = run([options.sluice, "gate", release, "--format", "json", "--jobs", options.jobs])
                told = report["release"]
                print(f"{count:<7} {name:7} {seconds:7.1f} {count / seconds:8.0f} {peak:8.0f} {alone:11.0f}"
                      f"  {told['remembered']} of {told['runs']}", flush=True)


if __name__ == "__main__":
    main()
