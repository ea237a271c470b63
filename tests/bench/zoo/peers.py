"""The zoo's variants as the peers take them: one program each, with the driver's source compiled in."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "fuzz" / "zoo"))
import plant  # noqa: E402

SENSOR = ["sensor_adapter.c", "sensor_events.c", "sensor_driver.c", "sensor_content.c", "sensor_gather.c",
          "sensor_interpret.c", "sensor_load.c", "sensor_regex.c", "sensor_types.c"]
KERNEL = ["fault", "account", "pool", "guarded", "lanes", "mark", "locks", "log", "format", "nt_pool", "nt_string",
          "nt_locks", "nt_debug"]
LINUX = ["linux_locks", "linux_slab", "linux_debug", "linux_string", "linux_module"]
COMMON = ["-O1", "-g", "-w", "-std=gnu11", f"-I{ROOT}"]
DRIVER = ["-fshort-wchar", "-DSENSOR_TRACE", f"-I{ROOT / 'fuzz' / 'reference'}", "-isystem",
          str(ROOT / "fuzz" / "kernel_api" / "wdk")]
COMPILERS = {
    "libfuzzer": (["clang-19", "-fsanitize=address,fuzzer-no-link"], ["-fsanitize=fuzzer"], {}),
    "afl": (["afl-clang-fast"], ["-fsanitize=fuzzer"], {"AFL_USE_ASAN": "1"}),
    "cmplog": (["afl-clang-fast"], ["-fsanitize=fuzzer"], {"AFL_USE_ASAN": "1", "AFL_LLVM_CMPLOG": "1"}),
}


class Peers:
    """Builds into a folder; what is common to all variants is compiled once for each compiler."""

    def __init__(self, folder, environment):
        self.folder = pathlib.Path(folder)
        self.environment = {**environment, "AFL_QUIET": "1"}

    def build(self, compiler, variant, sensor=712):
        """The program for one variant of plant.images(), or for that build of the sensor itself: None."""
        command, link, extra = COMPILERS[compiler]
        name = variant["name"] if variant else "sensor"
        place = self.folder / compiler / str(sensor)
        driver = [*DRIVER, f"-DSENSOR_BUILD={sensor}"]
        program = place / name
        if program.exists():
            return program
        sources = self.folder / "source" / name
        sources.mkdir(parents=True, exist_ok=True)
        planted = plant.sources_of(variant) if variant else {}
        for file, text in planted.items():
            (sources / file).write_text(text)
        objects = [self.compile(compiler, place / "common", ROOT / "fuzz" / "zoo" / "peer.c", driver)]
        for file in SENSOR:
            if file in planted:
                objects.append(self.compile(compiler, place / "planted" / name, sources / file, driver))
            else:
                source = ROOT / "fuzz" / "reference" / file
                objects.append(self.compile(compiler, place / "common", source, driver))
        for stem in KERNEL:
            source = ROOT / "fuzz" / "kernel_api" / f"{stem}.c"
            objects.append(self.compile(compiler, place / "common", source, ["-fshort-wchar"]))
        for stem in LINUX:
            source = ROOT / "fuzz" / "kernel_api" / f"{stem}.c"
            options = ["-ffreestanding", "-nostdlibinc", f"-I{ROOT / 'fuzz' / 'kernel_api' / 'linux'}"]
            objects.append(self.compile(compiler, place / "common", source, options))
        self.run([*command, *(["-fsanitize=address"] if compiler == "libfuzzer" else []), *link, *map(str, objects),
                  "-Wl,--wrap=sensor_interpret", "-o", str(program)], extra)
        return program

    def compile(self, compiler, folder, source, options):
        command, _, extra = COMPILERS[compiler]
        out = folder / f"{source.stem}.o"
        if not out.exists():
            folder.mkdir(parents=True, exist_ok=True)
            self.run([*command, *COMMON, *options, "-c", str(source), "-o", str(out)], extra)
        return out

    def run(self, words, extra):
        ended = subprocess.run(words, env={**self.environment, **extra}, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            raise SystemExit(f"{' '.join(words)}\n{ended.stderr}")
