#!/usr/bin/env python3
"""What a farm costs beside what it starts, over the reference sensor as it ships.

    farm_bench.py SLUICE BUILD_DIR [overhead] [merge] [state] [--rounds N] [--runs N] [--files N] [--turns N]

overhead  A night of fixed runs, and the same campaigns with the same seeds started by hand, in turn: executions, seconds, and
          the processor's time of all processes. Making the corpus small, with which a night ends, is a row of its own.
merge     A corpus of many files made small, on one build and on all four.
state     How much the state file of a worker grows in a night, with a thousand turns of one target.
"""
import argparse
import json
import sys
import tempfile
from pathlib import Path

import corpora
import farms


def overhead(place, options):
    folder = place.folder / "overhead"
    builds = ("7.10", "7.12")
    farm = farms.Farm(folder, place, builds, turns=2, runs=options.runs)
    farm.night()  # in which order lanes have their turns, and with which seeds
    campaigns = farm.campaigns()
    measured = {"farm": [], "by hand": [], "merge": []}
    for number in range(options.rounds):
        order = ("farm", "by hand") if number % 2 == 0 else ("by hand", "farm")
        for way in order:
            farm.forget()
            measured[way].append(farm.night() if way == "farm" else farm.by_hand(campaigns))
            if way == "by hand":
                measured["merge"].append(farms.merge(place, farm.folder / "hand/corpus", builds)[1])
    print(f"{len(campaigns)} campaigns of {options.runs} executions, {options.rounds} times each way, the least of them:")
    print("            EXECUTIONS  SECONDS    CPU S")
    least = {}
    for way, all_of in measured.items():
        executions = {one.executions for one in all_of}
        least[way] = [min(getattr(one, what) for one in all_of) for what in ("seconds", "processor")]
        print(f"{way:10}  {'/'.join(map(str, sorted(executions))):>10} {least[way][0]:8.2f} {least[way][1]:8.2f}")
    turns = min(one.turns for one in measured["farm"])
    (seconds, processor), (_, merging) = least["by hand"], least["merge"]
    print(f"the farm's turns take {turns:.2f} s, {ratio(turns, seconds)}; all but the merge takes "
          f"{ratio(least['farm'][1] - merging, processor)} of the processor's time, and all {ratio(least['farm'][1], processor)}")


def ratio(one, other):
    return f"{100 * (one / other - 1):+.1f} %"


def merge(place, options):
    print(f"a corpus of {options.files} files made small:")
    print("BUILDS  FILES    KEPT  SECONDS    CPU S   FILES/S")
    for builds in (("7.12",), ("7.10", "7.11", "7.11.1", "7.12")):
        corpus = place.folder / "many"
        size = corpora.write(corpus, options.files, place)
        told, usage = farms.merge(place, corpus, builds)
        print(f"{len(builds):6}  {told['files']:6} {told['kept']:6} {usage.seconds:8.1f} {usage.processor:8.1f} "
              f"{told['files'] / usage.seconds:9.0f}", flush=True)
        corpora.remove(corpus)
    print(f"files have {size} bytes on average")


def state(place, options):
    farm = farms.Farm(place.folder / "state", place, builds=("7.11",), turns=options.turns, runs=1000)
    farm.pretend()
    print(f"the state file after nights of {options.turns} turns of one target:")
    print("NIGHT   BYTES  GREW BY")
    before = 0
    for number in range(1, 4):
        farm.night()
        size = farm.state_size()
        print(f"{number:5} {size:7}  {size - before:7}", flush=True)
        before = size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sluice", type=lambda path: Path(path).resolve())
    parser.add_argument("build", type=lambda path: Path(path).resolve())
    parser.add_argument("what", nargs="*", choices=[[], "overhead", "merge", "state"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=200_000, help="executions of a campaign (default: 200000)")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sluice-farm-bench-") as folder:
        place = farms.Place(Path(folder), options.sluice, options.build)
        for what in options.what or ("overhead", "merge", "state"):
            {"overhead": overhead, "merge": merge, "state": state}[what](place, options)
            print(flush=True)


if __name__ == "__main__":
    main()
