"""Where fuzz targets run: no network, $OUT read-only, another working directory, and the runner image's libraries."""
import re
import shutil
import subprocess
from pathlib import Path

# Of glibc, and of gcc's unwinder, which every image of the platform has: the base image's own programs need them.
LIBRARIES = ("ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6", "libgcc_s.so.1", "libdl.so.2", "libpthread.so.0",
             "librt.so.1", "libresolv.so.2")
# As the runner image sets them.
OPTIONS = {
    "ASAN_OPTIONS": "alloc_dealloc_mismatch=0:allocator_may_return_null=1:allocator_release_to_os_interval_ms=500:"
                    "check_malloc_usable_size=0:detect_container_overflow=1:detect_odr_violation=0:detect_leaks=1:"
                    "detect_stack_use_after_return=1:fast_unwind_on_fatal=0:handle_abort=1:handle_segv=1:handle_sigill=1:"
                    "max_uar_stack_size_log=16:print_scariness=1:quarantine_size_mb=10:strict_memcmp=1:"
                    "strip_path_prefix=/workspace/:symbolize=1:use_sigaltstack=1:dedup_token_length=3",
    "UBSAN_OPTIONS": "print_stacktrace=1:print_summary=1:silence_unsigned_overflow=1:strip_path_prefix=/workspace/:"
                     "symbolize=1:dedup_token_length=3",
}
ARGUMENTS = ["-rss_limit_mb=2560", "-timeout=25"]
# What it sets besides before it starts afl-fuzz.
AFL = {"ASAN_OPTIONS": OPTIONS["ASAN_OPTIONS"] + ":abort_on_error=1:symbolize=0:detect_odr_violation=0:",
       "UBSAN_OPTIONS": OPTIONS["UBSAN_OPTIONS"] + ":symbolize=0", "AFL_NO_UI": "1", "AFL_SKIP_CPUFREQ": "1",
       "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_TRY_AFFINITY": "1", "AFL_FAST_CAL": "1", "AFL_CMPLOG_ONLY_NEW": "1",
       "AFL_FORKSRV_INIT_TMOUT": "30000", "AFL_IGNORE_PROBLEMS": "1", "AFL_IGNORE_UNKNOWN_ENVS": "1"}
READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd "$2" && shift 2 && exec "$@"'
IN_ROOT = ('mount --bind "$1" "$2/out" && mount -o remount,bind,ro "$2/out" && mount --bind /proc "$2/proc" && '
           'mount --bind /dev "$2/dev" && root=$2 && shift 2 && exec chroot "$root" "$@"')


def isolation():
    """What to put before a command for namespaces of its own; None where nobody may have these."""
    for words in (["unshare", "--net", "--mount"], ["unshare", "--map-root-user", "--net", "--mount"]):
        if shutil.which("unshare") and subprocess.run([*words, "true"], check=False, capture_output=True).returncode == 0:
            return words
    return None


class Runner:
    def __init__(self, out, scratch):
        self.out, self.scratch, self.isolation = out, scratch, isolation()
        self.elsewhere = scratch / "elsewhere"
        self.elsewhere.mkdir()
        self.root = self.make_root(scratch / "root")

    def make_root(self, root):
        """A file system with nothing but the runner's libraries."""
        for folder in ("out", "proc", "dev", "tmp", "lib64", "lib/x86_64-linux-gnu"):
            (root / folder).mkdir(parents=True)
        for name in LIBRARIES:
            found = next((path for path in map(Path, ("/lib64", "/lib/x86_64-linux-gnu")) if (path / name).exists()), None)
            if found is not None:
                shutil.copy(found / name, root / str(found)[1:] / name)
        return root

    def environment(self, **more):
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", "TMPDIR": "/tmp", **OPTIONS, **more}

    def isolated(self, words):
        """The command, from `elsewhere`, without network and with $OUT read-only."""
        if not self.isolation:
            return words
        return [*self.isolation, "sh", "-c", READ_ONLY, "sh", self.out, self.elsewhere, *words]

    def run(self, target, *words, in_root=False, seconds=120, **more):
        """(exit code, all that was said). `in_root`: files are those below self.root."""
        words = [str(word) for word in words]
        if in_root and self.isolation:
            command = [*self.isolation, "sh", "-c", IN_ROOT, "sh", self.out, self.root, f"/out/{target}", *words]
        else:
            command = self.isolated([self.out / target, *words])
        return self.ask(command, self.environment(**more), seconds)

    def run_afl(self, target, seeds, out, *words):
        """All that afl-fuzz said. As run_fuzzer starts it, but that it ends after a few executions, and on any processor."""
        words = ["-m", "none", "-t", "5000+", "-E", "200", "-i", seeds, "-o", out, *words]
        if (self.out / f"{target}.dict").exists():
            words += ["-x", self.out / f"{target}.dict"]
        command = self.isolated([shutil.which("afl-fuzz"), *words, "--", self.out / target])
        return self.ask(command, {**self.environment(), **AFL, "AFL_NO_AFFINITY": "1"}, 300)[1]

    def ask(self, command, environment, seconds):
        done = subprocess.run(command, cwd=self.elsewhere, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False)
        return done.returncode, done.stdout.decode(errors="replace")


def symbolizer():
    return shutil.which("llvm-symbolizer-19") or shutil.which("llvm-symbolizer") or ""


def needed(path):
    """The libraries that a program or library says it needs."""
    listed = subprocess.run(["readelf", "-d", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    return re.findall(r"\(NEEDED\)\s+Shared library: \[([^\]]+)\]", listed)


def calls_of(path, prefixes):
    """How many instructions call a function with each of the prefixes in its name: what the build check counts."""
    tool = shutil.which("llvm-objdump-19") or "objdump"
    pattern = "call.*<(" + "|".join(prefixes) + ")"
    listed = subprocess.run(["bash", "-c", '"$0" -d --no-show-raw-insn "$1" | grep -oE "$2"', tool, str(path), pattern],
                            check=False, stdout=subprocess.PIPE)
    lines = listed.stdout.decode().splitlines()
    return {prefix: sum(line.endswith(prefix) for line in lines) for prefix in prefixes}
