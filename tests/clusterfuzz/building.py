"""A build as a platform makes it: the container's variables, an empty $OUT and $WORK, nothing else of this machine's
environment, and `build.sh`."""
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLANG = "clang-19"
UNDEFINED = ("array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size,return,"
             "returns-nonnull-attribute,shift,signed-integer-overflow,{}unreachable,vla-bound,vptr")
# As the base image of OSS-Fuzz has them.
SANITIZERS = {
    "address": "-fsanitize=address -fsanitize-address-use-after-scope",
    "undefined": f"-fsanitize={UNDEFINED.format('unsigned-integer-overflow,')} "
                 f"-fno-sanitize-recover={UNDEFINED.format('')}",
}
COMMON = "-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"


def libfuzzer(_):
    return "-fsanitize=fuzzer-no-link", "-fsanitize=fuzzer"


def afl(folder):
    """Debian's afl-clang-fast is made of an older clang than this project needs. OSS-Fuzz has a way for that
    (AFL_LLVM_MODE_WORKAROUND): the compiler's own instrumentation, linked with AFL++'s runtime and its driver. Comparisons
    are for CMPLOG, which it has in most builds."""
    parts = Path("/usr/lib/afl")
    engine = folder / "libFuzzingEngine.a"
    shutil.copy(parts / "libAFLDriver.a", engine)
    subprocess.run(["ar", "r", engine, parts / "afl-compiler-rt.o"], check=True, stderr=subprocess.DEVNULL)
    return "-fsanitize-coverage=trace-pc-guard,trace-cmp", engine.name


ENGINES = {"libfuzzer": libfuzzer, "afl": afl}


class Build:
    """Lies in `folder`, which is made anew: $SRC, $OUT and $WORK. With a `root` it is built in there, and then moved."""

    def __init__(self, folder, sanitizer, engine, root=None):
        self.sanitizer, self.engine, self.root, self.target = sanitizer, engine, root, folder
        self.folder = root.folder / "build" if root else folder
        self.inside = Path("/build") if root else folder  # what it is called where it is built
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("src", "out", "work"):
            (self.folder / name).mkdir(parents=True)
        self.out = self.folder / "out"
        self.copy_sources()

    def copy_sources(self):
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                                check=True, stdout=subprocess.PIPE).stdout.decode()
        for name in filter(None, listed.split("\0")):
            if not (ROOT / name).is_file():
                continue
            copy = self.folder / "src/sluice" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy)
        shutil.copy2(ROOT / ".clusterfuzzlite/build.sh", self.folder / "src/build.sh")

    def environment(self):
        coverage, engine = ENGINES[self.engine](self.folder)
        flags = f"{COMMON} {SANITIZERS[self.sanitizer]} {coverage}"
        if not engine.startswith("-"):
            engine = str(self.inside / engine)
        environment = {
            "HOME": str(self.inside), "SRC": str(self.inside / "src"), "OUT": str(self.inside / "out"),
            "WORK": str(self.inside / "work"), "CC": CLANG, "CXX": CLANG.replace("clang", "clang++"), "CFLAGS": flags,
            "CXXFLAGS": flags + " -stdlib=libc++", "LIB_FUZZING_ENGINE": engine, "SANITIZER": self.sanitizer,
            "FUZZING_ENGINE": self.engine, "FUZZING_LANGUAGE": "c++", "ARCHITECTURE": "x86_64",
            "UBSAN_OPTIONS": "silence_unsigned_overflow=1"}
        if shutil.which("ccache"):  # what was compiled once in this way need not be again
            environment |= {"CMAKE_C_COMPILER_LAUNCHER": "ccache", "CMAKE_CXX_COMPILER_LAUNCHER": "ccache",
                            "CCACHE_BASEDIR": str(self.inside), "CCACHE_NOHASHDIR": "1",
                            "CCACHE_DIR": "/ccache" if self.root else self.ccache()}
        return environment

    @staticmethod
    def ccache():
        return os.environ.get("CCACHE_DIR", str(Path.home() / ".cache/ccache"))

    def make(self):
        """As `compile` of the base image does it. Raises with the end of what was said."""
        words = ["bash", "-c", 'cd "$SRC/sluice" && exec bash -eux "$SRC/build.sh"']
        if self.root:
            done = self.root.run(words, self.environment(), self.ccache() if shutil.which("ccache") else "")
        else:
            done = subprocess.run(words, env={"PATH": os.environ["PATH"], **self.environment()}, check=False,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise RuntimeError(done.stdout.decode(errors="replace")[-6000:])
        if self.root:
            shutil.rmtree(self.target, ignore_errors=True)
            self.target.mkdir(parents=True)
            shutil.move(self.out, self.target / "out")
