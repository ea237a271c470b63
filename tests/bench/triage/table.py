"""The table of the benchmark, as Markdown, and what of it counts."""
import dataclasses
import re

BEGIN, END = "<!-- `./dev bench triage --write` writes what follows -->", "<!-- to here -->"
MOST_TIMES_SMALLEST = 1.5
MOST_OF_LARGE = 0.05
LARGE = 64 * 1024
MARKS = {"fields": "", "records": "*", "numbers": "**"}  # behind a rule: which documents it is for
MOST_SECONDS = 300

INTRO = """## Measured

`./dev bench triage` triages crash files of the zoo's images, a planted fault each: 40 files that `sluice fuzz` made of
content that shows the fault. ✗ is a miss.

- **identities** of so many files of which a case came;
- **bytes / by hand**: the shrunk file, and the smallest that was made by hand;
- **of 64 KiB**: what a crash file of that size is shrunk to; `-` where the fault needs a short file;
- **guilty field**: the first that is told, and the planted one where that is another;
- **suggested**: the rules and the `valid:` that ship refuse nearly all of these files already, so they are left out, but
  for `uses` and for where the parts of the file lie. Where what is left still refuses them, so are `uses`, assertions
  and what lies where a field says: the records alone (`*`), and where these do, which values an enum has (`**`);
- **held out refused, good refused**: of 40 other crash files of that fault, and of 404 good files, those that `sluice check`
  refuses with the suggestion."""


@dataclasses.dataclass
class Row:
    name: str
    smallest: int  # bytes, by hand
    field: str  # that is to blame
    files: int
    held_out: int
    triaged: int = 0  # files of which a case came
    identities: list = dataclasses.field(default_factory=list)
    places: int = 0  # functions in which the files fault
    shrunk: int | None = None
    of_large: int | None = None
    guilty: str = ""
    suggestion: str = "none"
    bareness: str = "fields"  # of the documents that the suggestion is for
    rule: str = ""
    refused: int | None = None  # of the files held out
    wrongly_refused: int | None = None
    seconds: float = 0

    def is_one(self):
        return len(self.identities) == 1 and self.triaged == self.files

    def is_small(self):
        return self.shrunk is not None and self.shrunk <= MOST_TIMES_SMALLEST * self.smallest

    def is_small_of_large(self):
        return self.of_large is not None and self.of_large <= MOST_OF_LARGE * LARGE

    def is_named(self):
        return self.guilty == self.field

    def is_suggested(self):
        return self.suggestion in ("contract", "rule", "valid")

    def is_about_field(self):
        return re.search(rf"\b{self.field.rsplit('.', 1)[-1]}\b", self.rule) is not None

    def is_kept_out(self):
        return self.suggestion != "none" and self.refused == self.held_out and self.wrongly_refused == 0


def words_of(row):
    """The suggestion in one line."""
    if not row.is_suggested():
        return row.suggestion
    lines = [line.strip() for line in row.rule.splitlines()]
    words = [line for line in lines if not line.startswith(("- id:", "each:"))]
    return f"`{'; '.join(words).removeprefix('require: ')}`" + MARKS[row.bareness] + (
        "" if row.is_about_field() else " (of another field)")


def mark(is_good):
    return "" if is_good else " ✗"


def line(row):
    size = "-" if row.shrunk is None else f"{row.shrunk} / {row.smallest}"
    of_large = "-" if row.of_large is None else f"{row.of_large}"
    field = f"`{row.guilty}`" if row.guilty else "-"
    if not row.is_named():
        field += f" ✗ (`{row.field}`)"
    rule = "-" if row.refused is None else f"{row.refused} of {row.held_out}, {row.wrongly_refused}"
    return " | ".join([f"| `{row.name}`", f"{len(row.identities)} of {row.triaged}/{row.files}{mark(row.is_one())}",
                       size + mark(row.is_small()), of_large + mark(row.of_large is None or row.is_small_of_large()),
                       field, words_of(row), rule + mark(row.is_kept_out()) + " |"])


def text(rows, took):
    large = [row for row in rows if row.of_large is not None]
    ruled = [row for row in rows if row.is_kept_out() and row.is_suggested()]
    parts = [
        INTRO,
        "",
        "| variant | identities | bytes / by hand | of 64 KiB | guilty field | suggested | held out refused, good refused |",
        "|---" * 7 + "|",
        *map(line, rows),
        "",
        "| of all | | wanted |",
        "|---|---|---|",
        f"| one identity for all files of a variant | {sum(row.is_one() for row in rows)} of {len(rows)} | {len(rows)} |",
        f"| at most 1.5 times the smallest by hand | {sum(row.is_small() for row in rows)} of {len(rows)} | {len(rows)} |",
        f"| at most 5 % of a 64 KiB crash | {sum(row.is_small_of_large() for row in large)} of {len(large)} | {len(large)} |",
        f"| guilty field is the planted one | {sum(row.is_named() for row in rows)} of {len(rows)} | 22 of 24 |",
        f"| held-out files: all refused, and no good one, with the suggested rule | {len(ruled)} of {len(rows)} | 18 of 24 |",
        f"| .. and the rule is about the planted field | {sum(row.is_about_field() for row in ruled)} of {len(rows)} | |",
        f"| .. or without one | {sum(row.is_kept_out() for row in rows)} of {len(rows)} | |",
    ]
    if took is not None:
        files, wanted, found, seconds = took
        parts.append(f"| {files:,} files of {wanted} variants, {found} identities | {seconds:.0f} s | "
                     f"{MOST_SECONDS} s, {wanted} |")
    return "\n".join(parts)


def write(document, table):
    """Between the two marks; at the end of the document where there are none."""
    old = document.read_text()
    if BEGIN not in old:
        old = f"{old.rstrip()}\n\n{BEGIN}\n{END}\n"
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}")
