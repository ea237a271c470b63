#!/usr/bin/env python3
"""The reference sensor is C that could live in a kernel: it compiles without a library, and for Windows.

    kernel_style_test.py CLANG

  core     without a C library, for each build: what it needs from outside is memcpy and memset
  driver   with the WDK-style headers, as an object for Windows: what it needs is the kernel's
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "fuzz" / "reference"
ADAPTERS = ("sensor_adapter", "sensor_events", "sensor_image_adapter", "short_image_adapter")  # sluice's side
WDK = ROOT / "fuzz" / "kernel_api" / "wdk"
BUILDS = (710, 711, 7111, 712)
FLAGS = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-ffreestanding", "-nostdlib", "-c"]
WINDOWS = ["--target=x86_64-pc-windows-msvc", "-isystem", WDK, "-Wno-multichar", "-Wno-four-char-constants"]


def names(nm, objects, *words):
    listed = subprocess.run([nm, *words, *objects], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1] for line in listed.splitlines() if re.search(r" [A-Za-z] \S+$", line)}


def needs(clang, sources, flags, folder):
    """What the sources, compiled, need from outside."""
    objects = []
    for source in sources:
        objects.append(folder / f"{source.stem}.o")
        subprocess.run([clang, *FLAGS, *flags, source, "-o", objects[-1]], check=True)
    nm = str(clang).replace("clang", "llvm-nm")
    return names(nm, objects, "--undefined-only") - names(nm, objects, "--defined-only", "--extern-only")


def main():
    clang = pathlib.Path(sys.argv[1])
    driver = [path for path in sorted(REFERENCE.glob("*.c")) if path.stem not in ADAPTERS]
    core = [path for path in driver if path.stem != "sensor_driver"]
    wrong = []
    for build in BUILDS:
        define = f"-DSENSOR_BUILD={build}"
        with tempfile.TemporaryDirectory() as folder:
            others = needs(clang, core, [define], pathlib.Path(folder)) - {"memcpy", "memset"}
            wrong += [f"core of build {build} needs {name}" for name in sorted(others)]
            if not (WDK / "ntddk.h").exists():
                print("skipped: there are no WDK-style headers")
                continue
            outside = needs(clang, driver, [define, *WINDOWS], pathlib.Path(folder)) - {"memcpy", "memset"}
            kernel = re.compile(r"__imp_(Ex|Ke|Rtl|Dbg)\w+")
            wrong += [f"driver of build {build} needs {name}" for name in sorted(outside) if not kernel.fullmatch(name)]
            if not any(kernel.fullmatch(name) for name in outside):
                wrong.append(f"driver of build {build} needs nothing of the kernel: what was compiled?")
    print("\n".join(wrong) or f"core and driver: {len(BUILDS)} builds each")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
