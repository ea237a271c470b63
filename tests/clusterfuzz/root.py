"""A Debian that has nothing but what `./dev install-deps build` installs, to build in: by debootstrap and chroot, as root. It
is made once; that asks the network."""
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOUNTS = ('mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && if [ -n "$2" ]; then mount --bind "$2" "$1/ccache"; fi '
          '&& root=$1 && shift 2 && exec chroot "$root" "$@"')
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Root:
    def __init__(self, folder):
        self.folder = folder
        if not (folder / "ready").exists():
            self.make()

    def make(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        release = next(line.split("=")[1].strip() for line in Path("/etc/os-release").read_text().splitlines()
                       if line.startswith("VERSION_CODENAME="))
        subprocess.run(["debootstrap", "--variant=minbase", release, self.folder, "http://deb.debian.org/debian"], check=True,
                       stdout=subprocess.DEVNULL)
        shutil.copy(ROOT / "dev", self.folder / "dev.sh")
        (self.folder / "ccache").mkdir()
        done = self.run(["bash", "/dev.sh", "install-deps", "build"], {}, network=True)
        if done.returncode != 0:
            raise RuntimeError(done.stdout.decode(errors="replace")[-6000:])
        (self.folder / "ready").touch()

    def run(self, words, environment, ccache="", network=False):
        """In mounts and processes of its own, of which nothing is left."""
        spaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", *([] if network else ["--net"])]
        return subprocess.run([*spaces, "sh", "-c", MOUNTS, "sh", self.folder, ccache, *words], check=False,
                              env={"PATH": PATH, **environment}, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
