#!/usr/bin/env python3
"""The promise of the gate, on the corpus of the reference channel format: what `check` accepts for a build runs clean.

    corpus_test.py SLUICE

Every file of corpus/channel is judged and run for every build of the reference sensor, as a replica and as an image. What the files amount to is
counted, so that a corpus of which nothing is accepted, or nothing refused, fails.
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def report(sluice, command, files, *words):
    """(file, build) -> (verdict, ids of the findings), and the report's text."""
    done = subprocess.run([sluice, command, *files, *words, "--format", "json"], capture_output=True, text=True)
    if done.returncode not in (0, 1, 2) or not done.stdout:
        sys.exit(f"sluice {command}: exit code {done.returncode}: {done.stderr}")
    result = {}
    for file in json.loads(done.stdout)["files"]:
        for row in file.get("matrix", []):
            ids = [f["id"] for f in file["findings"] if f.get("build", row["build"]) == row["build"]]
            result[pathlib.Path(file["file"]).stem, row["build"]] = (row["verdict"], ids)
    return result, done.stdout


def main():
    sluice = str(pathlib.Path(sys.argv[1]).resolve())
    sensor = pathlib.Path(sluice).parent / "sensor"
    driver = ["--driver", sensor / "sensor.driver.yaml"]
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, "-SB", ROOT / "corpus/channel/generate.py", scratch], check=True,
                       stdout=subprocess.DEVNULL)
        files = sorted(pathlib.Path(scratch).iterdir())
        judged, _ = report(sluice, "check", files, *driver, "--schema", sensor / "channel.ksy", "--rules",
                           sensor / "channel.rules.yaml")
        ran, text = report(sluice, "run", files, *driver)
        again, other = report(sluice, "run", files, *driver, "--jobs", "1")
        shipped = {}
        images = sensor / "sensor-images.driver.yaml"
        if (sensor / "image" / "x86_64").is_dir():
            shipped, _ = report(sluice, "run", files, "--driver", images)

    faults = []
    if judged.keys() != ran.keys():
        faults.append(f"not run: {sorted(judged.keys() - ran.keys())}")
    if text != other:
        faults.append("another run gives another report")
    # Image and replica agree on every file, and the finding of the one is the finding of the other.
    for key in sorted(shipped):
        if shipped[key] != ran[key]:
            faults.append(f"{key[0]} on {key[1]}: as an image {shipped[key]}, as a replica {ran[key]}")
    count = collections.Counter()
    for key, (verdict, ids) in sorted(ran.items()):
        accepted = judged[key][0] == "PASS"
        count[accepted, verdict] += 1
        if verdict == "NO_VERDICT" or (accepted and (verdict != "PASS" or ids)):
            faults.append(f"{key[0]} on {key[1]}: {'accepted' if accepted else 'refused'}, and runs {verdict} {ids}")
    for outcome in ((True, "PASS"), (False, "PASS"), (False, "FAIL")):
        if not count[outcome]:
            faults.append(f"no file and build that is {outcome}")
    print("\n".join(faults) or "ok: " + ", ".join(
        f"{number} {'accepted' if accepted else 'refused'} and {verdict}"
        for (accepted, verdict), number in sorted(count.items())))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
