"""Small regulatory databases, each with one thing wrong, and what a person says of them.

    SMALL_FILES   name -> Small: the bytes, what the kernel makes of them, and the finding that sluice owes

A file is a table of countries and parts by name. A pointer is the name of a part, or a number of units of four bytes.
"""
import collections
import dataclasses
import struct

ACCEPTED = "accepted"   # and all that the kernel reads lies in the file
UNUSABLE = "unusable"   # accepted, but is_valid_rd refuses the country
OUTSIDE = "outside"     # accepted, or not refused so far, and the kernel reads beyond the end
REFUSED = "refused"

WMM = bytes.fromhex("23 02 0002 34 02 0004 4a 03 0006 4a 07 0006" * 2)


@dataclasses.dataclass
class Small:
    data: bytes
    kernel: str
    finding: str = None  # the first of the schema (SL....), or one of the rules, without which the file passes
    warns: bool = False  # the rule does not fail the file


def unit(at, place):
    return at[place] if isinstance(place, str) else place


def rule(length=20, flags=0, start=2400000, end=2483500, bandwidth=40000, cac=0, wmm="wmm", more=b""):
    def bytes_of(at):
        out = struct.pack(">BBHIII", length, flags, 2000, start, end, bandwidth)
        out += struct.pack(">H", cac) if length >= 18 else b""
        out += struct.pack(">H", unit(at, wmm)) if length >= 20 else b""
        return out + more
    return bytes_of


def collection(*rules, length=3, num_rules=None, dfs_region=0, after=b"\0", padding=b"\0\0"):
    def bytes_of(at):
        out = struct.pack(">BBB", length, len(rules) if num_rules is None else num_rules, dfs_region) + after
        out += b"".join(struct.pack(">H", unit(at, place)) for place in rules)
        return out + (padding if len(out) % 4 else b"")
    return bytes_of


def database(*parts, countries=(b"AD",), to="collection", end=b"\0\0", magic=b"RGDB", version=20, **other_parts):
    """The parts in the order given; those that are not given as by default; others by name instead of the default."""
    known = {"wmm": lambda at: WMM, "rule": rule(), "collection": collection("rule"), **other_parts}
    parts = parts or tuple(known)
    head = magic + struct.pack(">I", version)
    position, at = len(head) + 4 * len(countries) + 4, collections.defaultdict(int)
    for part in parts:
        at[part] = position // 4
        position += len(known[part](collections.defaultdict(int)))
    table = b"".join(code + struct.pack(">H", unit(at, to)) for code in countries) + end + b"\0\0"
    return head + table + b"".join(known[part](at) for part in parts)


def wmm(data):
    return database(wmm=lambda at: data)


def cut_short(length):
    """Of the rule at the end, four bytes are there."""
    return database("collection", "rule", rule=lambda at: rule(length, wmm=0)(at)[:4])


def of_rules(name):
    return "regulatory_db/" + name


LOW, HIGH = rule(16), rule(16, start=5150000, end=5250000)
MANY = {f"rule {k}": rule(16, start=2400000 + k) for k in range(129)}

# The kernel takes them, and so does the schema.
RIGHT = {
    "one of each": Small(database(), ACCEPTED),
    "without a WMM rule": Small(database("rule", "collection", rule=rule(16)), ACCEPTED),
    "two countries with one collection": Small(database(countries=(b"AD", b"AE")), ACCEPTED),
    "a rule that listens for radar": Small(
        database("rule", "collection", rule=rule(18, flags=4, cac=60, more=bytes(2))), ACCEPTED),
    "no countries": Small(b"RGDB" + struct.pack(">I", 20) + bytes(4), ACCEPTED),
}

# What the schema has to find.
BY_THE_SCHEMA = {
    "no header": Small(b"RGDB\0\0\0", REFUSED, "SL0101"),
    "another magic": Small(database(magic=b"RGDC"), REFUSED, "SL0201"),
    "another version": Small(database(version=21), REFUSED, "SL0201"),
    "a collection outside": Small(database(to=0x4000), REFUSED, "SL0105"),
    "a collection of two bytes": Small(database(collection=collection("rule", length=2)), REFUSED, "SL0202"),
    "more rules than there are": Small(database(collection=collection("rule", num_rules=9)), REFUSED, "SL0101"),
    "a rule outside": Small(database(collection=collection(0x4000)), REFUSED, "SL0105"),
    "a rule of fifteen bytes": Small(database(rule=rule(15, more=bytes(4))), REFUSED, "SL0202"),
    "a WMM rule outside": Small(database(rule=rule(wmm=0x4000)), REFUSED, "SL0105"),
    "a WMM window upside down": Small(wmm(b"\x32" + WMM[1:]), REFUSED, "SL0202"),
    "a WMM window of one size": Small(wmm(WMM[:-4] + b"\x44" + WMM[-3:]), REFUSED, "SL0202"),
    "a WMM rule that waits for nothing": Small(wmm(WMM[:5] + b"\0" + WMM[6:]), REFUSED, "SL0202"),
    "a DFS region without a name": Small(database(collection=collection("rule", dfs_region=4)), ACCEPTED, "SL0207"),
    # The kernel's own checks let these through.
    "no terminator": Small(b"RGDB" + struct.pack(">IBBH", 20, 3, 0, 2), OUTSIDE, "SL0101"),
    "a rule cut short": Small(cut_short(16), OUTSIDE, "SL0101"),
    "a rule cut short before its WMM pointer": Small(cut_short(20), OUTSIDE, "SL0101"),
}

# What the schema lets pass, and the rules have to find: one file for each.
BY_THE_RULES = {
    "a country twice": Small(database(countries=(b"AD", b"AD")), ACCEPTED, of_rules("country-once")),
    "countries in disorder": Small(database(countries=(b"AE", b"AD")), ACCEPTED, of_rules("countries-sorted")),
    "a terminator with a code": Small(database(end=b"ZZ"), ACCEPTED, of_rules("terminator-zero")),
    "a collection in the table": Small(
        database("rule", countries=(b"\x03\x01",), to=2, end=b"\0\x04", rule=rule(16)), ACCEPTED,
        of_rules("collection-after-table")),
    "a rule after its collection": Small(
        database("wmm", "collection", "rule"), ACCEPTED, of_rules("rule-before-collection")),
    "a WMM rule after its rule": Small(database("rule", "wmm", "collection"), ACCEPTED, of_rules("wmm-before-rule")),
    "bytes that nothing points to": Small(database() + bytes(4), ACCEPTED, of_rules("everything-explained")),
    "a country without rules": Small(database(collection=collection()), UNUSABLE, of_rules("rules-of-a-country")),
    "a country with 129 rules": Small(
        database(*MANY, "collection", **MANY, collection=collection(*MANY)), UNUSABLE, of_rules("rules-of-a-country")),
    "rules in disorder": Small(
        database("high", "low", "collection", low=LOW, high=HIGH, collection=collection("high", "low")), ACCEPTED,
        of_rules("rules-in-order")),
    "a rule twice in a country": Small(
        database(collection=collection("rule", "rule")), ACCEPTED, of_rules("rules-in-order")),
    "a collection of a later format": Small(
        database(collection=collection("rule", length=5, after=bytes(3))), ACCEPTED, of_rules("collection-length"),
        warns=True),
    "padding that says something": Small(
        database(collection=collection("rule", padding=b"\0\x04")), ACCEPTED, of_rules("collection-padding")),
    "a band upside down": Small(
        database(rule=rule(start=2483500, end=2400000)), UNUSABLE, of_rules("band-not-empty")),
    "a band of nothing": Small(
        database(rule=rule(start=2400000, end=2400000, bandwidth=0)), UNUSABLE, of_rules("band-not-empty")),
    "a band from nothing": Small(database(rule=rule(start=0)), UNUSABLE, of_rules("band-not-empty")),
    "wider than its band": Small(database(rule=rule(bandwidth=83501)), UNUSABLE, of_rules("bandwidth-fits")),
    "a flag without a name": Small(database(rule=rule(flags=0x20)), ACCEPTED, of_rules("flags-known")),
    "listening without radar": Small(database(rule=rule(cac=60)), ACCEPTED, of_rules("cac-only-with-radar")),
    "a rule of a later format": Small(
        database(rule=rule(24, more=b"more")), ACCEPTED, of_rules("rule-length"), warns=True),
}

SMALL_FILES = {**RIGHT, **BY_THE_SCHEMA, **BY_THE_RULES}
