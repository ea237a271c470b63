#!/usr/bin/env python3
"""The documentation shows what sluice does: every example in it is run, every link is followed.

    docs_test.py SLUICE [PAGE...]             compares what the pages show with what happens
    docs_test.py SLUICE --rebase [PAGE...]    writes what happens into the pages; read the difference
    docs_test.py SLUICE --play [PAGE...]      only shows the examples, run
    docs_test.py SLUICE --self-test           shows that this test can fail

In a page a block ```console holds commands and what a terminal shows after them:

    $ sluice check few.bin --schema few.ksy     a command; a line that ends with \\ goes on in the next
    PASS  few.bin                               standard output and standard error
    ...                                         any number of lines
    [exit 1]                                    the exit code, where it is not 0

A block ```yaml few.ksy is also written to the file few.ksy; one that names a file of the repository must show it as it
is. The commands of a page run in order, in a copy of what they need of the repository, with `sluice` and `sluice-cc` on
the path, and the sensor's replicas in build/release/sensor. A page that calls `sluice-cc` or `sluice run` is left out
where targets are not built.
"""
import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEEDED = ("corpus/channel", "corpus/examples", "corpus/releases", "fuzz/example", "fuzz/reference", "schemas", "tests/cli", "tests/tools")
ANYTHING = "..."
SECONDS = 300  # of waiting: the machine may be busy


class Shell:
    """A copy of the repository's examples, in which `sluice` is the binary under test."""

    def __init__(self, sluice, scratch):
        self.root = scratch / "checkout"
        for folder in NEEDED:
            shutil.copytree(ROOT / folder, self.root / folder, ignore=shutil.ignore_patterns("__pycache__"))
        programs = scratch / "bin"
        programs.mkdir()
        for program in ("sluice", "sluice-cc"):
            if (sluice.parent / program).exists():
                (programs / program).symlink_to(sluice.parent / program)
        if (sluice.parent / "sensor").exists():
            (self.root / "build/release").mkdir(parents=True)
            (self.root / "build/release/sensor").symlink_to(sluice.parent / "sensor")
        self.environment = {"PATH": f"{programs}:{os.environ['PATH']}", "TERM": "dumb", "LC_ALL": "C.UTF-8",
                            "HOME": str(scratch)}
        self.environment |= {key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}

    def write(self, name, lines):
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text("".join(line + "\n" for line in lines))

    def run(self, command):
        """The lines that a terminal shows."""
        done = subprocess.run(["bash", "-c", command], cwd=self.root, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)
        lines = done.stdout.decode("utf-8", "backslashreplace").splitlines()
        return lines + ([f"[exit {done.returncode}]"] if done.returncode else [])


def blocks_of(lines):
    """(info string, first line, line after the last) of each fenced block."""
    opened = None
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if opened is None:
            opened = (line[3:].strip(), number + 1)
        else:
            yield (*opened, number)
            opened = None
    assert opened is None, f"line {opened[1]}: a block that never ends"


def commands_of(lines):
    """(the lines of a command, the lines shown after it) of each command in a block."""
    found = []
    for line in lines:
        if line.startswith("$ "):
            found.append(([line], []))
        elif not found:
            raise AssertionError(f"a block begins with no command: {line}")
        elif found[-1][0][-1].endswith("\\") and not found[-1][1]:
            found[-1][0].append(line)
        else:
            found[-1][1].append(line)
    return found


def find(piece, lines, start):
    """Where `piece` begins in `lines`, from `start` on, or None."""
    return next((k for k in range(start, len(lines) - len(piece) + 1) if lines[k:k + len(piece)] == piece), None)


def matches(shown, happened):
    """Whether the lines are the same, `...` standing for any number of them."""
    pieces = [[]]
    for line in shown:
        if line == ANYTHING:
            pieces.append([])
        else:
            pieces[-1].append(line)
    if len(pieces) == 1:
        return shown == happened
    first, *middle, last = pieces
    at = len(first)
    if happened[:at] != first:
        return False
    for piece in middle:
        found = find(piece, happened, at)
        if found is None:
            return False
        at = found + len(piece)
    return len(happened) - at >= len(last) and happened[len(happened) - len(last):] == last


class Page:
    def __init__(self, path):
        self.path = path
        self.lines = path.read_text().splitlines()
        self.faults = []
        self.commands = 0

    def run(self, sluice, play=False):
        """Runs all examples. Afterwards `lines` is the page as it should be."""
        with tempfile.TemporaryDirectory() as scratch:
            shell = Shell(sluice, pathlib.Path(scratch))
            rewritten, done = [], 0
            for info, begin, end in blocks_of(self.lines):
                language, _, name = info.partition(" ")
                if name:
                    self.compare(name, self.lines[begin:end], begin)
                    shell.write(name, self.lines[begin:end])
                if language == "console":
                    rewritten += self.lines[done:begin] + self.run_block(shell, self.lines[begin:end], begin, play)
                    done = end
            self.lines = rewritten + self.lines[done:]

    def compare(self, name, shown, begin):
        if (ROOT / name).is_file() and (ROOT / name).read_text().splitlines() != shown:
            self.faults.append(f"{self.path.name}: block at line {begin}: {name} is not that any more")

    def calls(self, program):
        return any(line.startswith(f"$ {program} ") for line in self.lines)

    def run_block(self, shell, lines, begin, play):
        block = []
        for command, shown in commands_of(lines):
            happened = shell.run("\n".join(command)[2:])
            self.commands += 1
            if play:
                print("\n".join([*command, *happened]), end="\n\n")
            if not matches(shown, happened):
                difference = difflib.unified_diff(shown, happened, "shown", "happened", lineterm="")
                self.faults.append(f"{self.path.name}: block at line {begin}: {command[0]}\n" + "\n".join(difference))
                shown = happened
            block += command + shown
        return block

    def follow_links(self):
        for number, line in enumerate(self.lines, 1):
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
                if "://" not in target and not (self.path.parent / target).exists():
                    self.faults.append(f"{self.path.name}:{number}: {target} is not there")


GOOD_PAGE = r"""```yaml a.ksy
meta: {id: a}
```
```console
$ cat a.ksy; exit 3
meta: {id: a}
[exit 3]
$ seq 9; \
  sluice nonsense >/dev/null 2>&1
1
...
9
[exit 2]
```
"""
# What a page may get wrong: a piece of the good one, and what stands there instead.
BAD_PAGES = {"output": ("{id: a}\n[", "{id: b}\n["), "a line too many": ("[exit 3]", "[exit 3]\nmore"),
             "exit code": ("[exit 2]", "[exit 1]"), "end of an elision": ("\n9\n", "\n8\n"),
             "file": ("meta: {id: a}\n```", "meta: {id: b}\n```"),
             "file of the repository": ("```yaml a.ksy", "```text LICENSE\nmine\n```\n```yaml a.ksy"), "link": ("```yaml", "[gone](gone.md)\n```yaml")}


def self_test(sluice):
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / "page.md"
        for what, (old, new) in {"nothing": ("", ""), **BAD_PAGES}.items():
            assert GOOD_PAGE.count(old) == 1 or what == "nothing", what
            path.write_text(GOOD_PAGE.replace(old, new) if old else GOOD_PAGE)
            page = Page(path)
            page.follow_links()
            page.run(sluice)
            assert bool(page.faults) == (what != "nothing"), f"wrong in the page: {what}; found: {page.faults}"
    print("ok")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sluice", type=lambda path: pathlib.Path(path).resolve(strict=True))
    parser.add_argument("pages", nargs="*", type=pathlib.Path)
    parser.add_argument("--rebase", action="store_true", default=bool(os.environ.get("SLUICE_REBASE")))
    parser.add_argument("--play", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test(arguments.sluice)

    failed = 0
    for path in arguments.pages or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        page = Page(path.resolve())
        needed = {"sluice-cc": "sluice-cc", "sluice run": "sluice-run", "sluice gate": "sluice-fuzz",
                  "sluice triage": "sluice-triage", "sluice farm": "sluice-farm",
                  "sluice generate": "sluice-generate"}
        missing = [program for call, program in needed.items()
                   if page.calls(call) and not (arguments.sluice.parent / program).exists()]
        if missing:
            print(f"left out {page.path.name}: there is no {missing[0]}")
            continue
        page.run(arguments.sluice, arguments.play)
        if arguments.play:
            continue
        if arguments.rebase and page.faults:
            path.write_text("\n".join(page.lines) + "\n")
        page.follow_links()
        print(f"{'FAILED' if page.faults else 'ok':6} {page.path.name}  ({page.commands} commands)")
        for fault in page.faults:
            print("    " + fault.replace("\n", "\n    "))
        failed += bool(page.faults)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
