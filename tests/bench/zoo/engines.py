"""One campaign of one engine: how many executions until the first fault, and how long they took."""
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import time

HANG_SECONDS = 2


@dataclasses.dataclass
class Campaign:
    found: bool
    executions: int
    seconds: float


def libfuzzer(program, seeds, seed, seconds, folder):
    corpus = fresh(folder / "corpus")
    words = [str(program), f"-seed={seed}", f"-max_total_time={seconds}", f"-timeout={HANG_SECONDS}", "-max_len=4096",
             "-print_final_stats=1", "-rss_limit_mb=1024", f"-artifact_prefix={folder}/", "-use_value_profile=1",
             str(corpus), *([str(seeds)] if seeds else [])]
    begin = time.monotonic()
    ended = run(words, seconds, folder, {"ASAN_OPTIONS": "detect_leaks=0"})
    executed = re.search(r"stat::number_of_executed_units:\s+(\d+)", ended.stderr)
    if executed is None:
        raise SystemExit(f"{' '.join(words)}\n{ended.stderr[-2000:]}")
    return Campaign(ended.returncode != 0, int(executed[1]), time.monotonic() - begin)


AFL = {"AFL_NO_UI": "1", "AFL_BENCH_UNTIL_CRASH": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1",
       "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "ASAN_OPTIONS": "abort_on_error=1:symbolize=0:detect_leaks=0"}


def aflplusplus(program, cmplog, seeds, seed, seconds, folder):
    return run_afl(program, seeds, ["-V", str(seconds), "-s", str(seed), "-c", str(cmplog)], seconds, folder, AFL)


def run_afl(program, seeds, options, seconds, folder, environment):
    """`options` say how long, by what seed, and with what; `seconds` when to give up waiting for the end."""
    given = fresh(folder / "given")
    for number, file in enumerate(sorted(seeds.iterdir()) if seeds else []):
        shutil.copy(file, given / f"{number}")
    if not seeds:
        (given / "0").write_bytes(b"0")
    out = fresh(folder / "out")
    words = ["afl-fuzz", "-i", str(given), "-o", str(out), "-G", "4096", "-m", "none", "-t", str(HANG_SECONDS * 1000),
             *options, "--", str(program)]
    begin = time.monotonic()
    ended = run(words, seconds, folder, environment)
    statistics = out / "default" / "fuzzer_stats"
    if not statistics.exists():
        raise SystemExit(f"{' '.join(words)}\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    told = dict(re.findall(r"^(\w+)\s*: (.*)$", statistics.read_text(), re.MULTILINE))
    found = int(told["saved_crashes"]) + int(told["saved_hangs"]) > 0
    return Campaign(found, int(told["execs_done"]), time.monotonic() - begin)


def sluice(program, driver, build, seeds, seed, seconds, folder):
    summary = folder / "summary.json"
    summary.unlink(missing_ok=True)
    words = [str(program), "fuzz", "--driver", str(driver), "--build", build, "--corpus", str(fresh(folder / "corpus")),
             "--faults", str(fresh(folder / "faults")), "--time", f"{seconds}", "--seed", str(seed), "--jobs", "1",
             "--max-len", "4096", "--max-faults", "1", "--summary", str(summary), *(["--seeds", str(seeds)] if seeds else [])]
    begin = time.monotonic()
    ended = run(words, seconds, folder, {})
    if not summary.exists():
        raise SystemExit(f"{' '.join(words)}\n{ended.stderr[-2000:]}")
    told = json.loads(summary.read_text())
    first = min((fault["first_execution"] for fault in told["faults"]), default=None)
    return Campaign(first is not None, told["executions"] if first is None else first, time.monotonic() - begin)


def run(words, seconds, folder, environment):
    return subprocess.run(words, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True,
                          errors="replace", check=False, timeout=seconds + 120)


def fresh(folder):
    folder = pathlib.Path(folder)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder
