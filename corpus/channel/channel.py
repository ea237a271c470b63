"""Channel files of schemas/channel.ksy: what is in one, and its bytes. To be imported.

    channel = Channel(template_types=[...], instances=[...])
    data = channel.to_bytes()

Offsets, sizes, counts and the checksum are computed. For a file with one fault, `header` takes the header's fields that
are to be written as they are given, `checksum` the same for the checksum, and a criterion has `at` and `size`.
"""
import dataclasses
import enum
import struct
import zlib


class Op(enum.IntEnum):
    ANY, EQUALS, PREFIX, SUFFIX, CONTAINS, IN_SET, RANGE, REGEX = range(8)


class Kind(enum.IntEnum):
    NONE, TEXT, NUMBER, BYTES = range(4)


class State(enum.IntEnum):
    ENABLED, DISABLED = 1, 2


class Action(enum.IntEnum):
    OBSERVE, DETECT, PREVENT = 1, 2, 3


@dataclasses.dataclass
class TemplateType:
    id: int
    name: str
    inputs: list  # the kind of each


@dataclasses.dataclass
class Criterion:
    input: int
    op: int = Op.ANY
    kind: int = Kind.NONE
    operand: bytes = b""
    at: int | None = None  # instead of where the operand lies in the data
    size: int | None = None  # instead of its length


@dataclasses.dataclass
class Instance:
    id: int
    type_id: int
    criteria: list
    state: int = State.ENABLED
    action: int = Action.DETECT
    next: int = 0  # 0, or one more than the index of an instance


@dataclasses.dataclass
class Group:
    id: int
    first_instance: int = 0
    num_instances: int = 0
    parent: int = 0  # 0, or one more than the index of a group
    state: int = State.ENABLED


def wildcard(number):
    return Criterion(number)


def text(number, op, value):
    return Criterion(number, op, Kind.TEXT, value if isinstance(value, bytes) else value.encode())


def numbers(number, op, *values):
    return Criterion(number, op, Kind.NUMBER, struct.pack(f"<{len(values)}I", *values))


def octets(number, op, value):
    return Criterion(number, op, Kind.BYTES, value)


class Data:
    """What offsets and lengths refer to. The same bytes are stored once; numbers are put first and so are aligned."""

    def __init__(self):
        self.places = {}
        self.bytes = b""

    def put(self, value):
        if value and value not in self.places:
            self.places[value] = len(self.bytes)
            self.bytes += value

    def place(self, value):
        return self.places.get(value, 0)


@dataclasses.dataclass
class Channel:
    template_types: list
    instances: list
    groups: list = dataclasses.field(default_factory=list)
    channel_id: int = 291
    versions: tuple = (41, 42)
    builds: tuple = ("7.10", "7.12")
    unexplained: bytes = b""  # in the data, and nothing refers to it
    header: dict = dataclasses.field(default_factory=dict)
    checksum: int | None = None

    HEADER = "<4sHHII8s8s" + 11 * "I"
    OFFSET_OF_DATA = struct.calcsize(HEADER) + 4

    def to_bytes(self):
        data = self.data()
        parts = [data.bytes + bytes(-len(data.bytes) % 4), self.template_type_table(data), self.input_table(),
                 self.group_table(), b"".join(self.instance(i, data) for i in self.instances)]
        body = b"".join(parts)
        checksum = zlib.crc32(body) if self.checksum is None else self.checksum
        return self.header_bytes(len(data.bytes), [len(part) for part in parts]) + struct.pack("<I", checksum) + body

    def data(self):
        data = Data()
        criteria = [c for i in self.instances for c in i.criteria]
        for c in criteria:
            if c.kind == Kind.NUMBER:
                data.put(c.operand)
        for c in criteria:
            data.put(c.operand)
        for t in self.template_types:
            data.put(t.name.encode())
        data.bytes += self.unexplained
        return data

    def header_bytes(self, len_data, sizes):
        offsets = [self.OFFSET_OF_DATA + sum(sizes[:k]) for k in range(len(sizes) + 1)]
        fields = {
            "magic": b"SLRC",
            "format_version": 1,
            "channel_id": self.channel_id,
            "version0": self.versions[0],
            "version1": self.versions[1],
            "min_build": self.builds[0].encode(),
            "max_build": self.builds[1].encode(),
            "len_file": offsets[5],
            "ofs_data": offsets[0],
            "len_data": len_data,
            "ofs_template_types": offsets[1],
            "num_template_types": len(self.template_types),
            "ofs_inputs": offsets[2],
            "num_inputs": sum(len(t.inputs) for t in self.template_types),
            "ofs_groups": offsets[3],
            "num_groups": len(self.groups),
            "ofs_instances": offsets[4],
            "num_instances": len(self.instances),
        }
        unknown = self.header.keys() - fields.keys()
        if unknown:
            raise KeyError(f"the header has no {', '.join(sorted(unknown))}")
        return struct.pack(self.HEADER, *(fields | self.header).values())

    def template_type_table(self, data):
        rows = [(t.id, len(t.inputs), data.place(t.name.encode()), len(t.name), 0) for t in self.template_types]
        return b"".join(struct.pack("<HHIHH", *row) for row in rows)

    def input_table(self):
        rows = [(t.id, number, kind, 0) for t in self.template_types for number, kind in enumerate(t.inputs)]
        return b"".join(struct.pack("<HHHH", *row) for row in rows)

    def group_table(self):
        rows = [(g.id, g.parent, g.first_instance, g.num_instances, g.state, 0) for g in self.groups]
        return b"".join(struct.pack("<IIIIHH", *row) for row in rows)

    @staticmethod
    def instance(i, data):
        head = struct.pack("<IHBBIHH", i.id, i.type_id, i.state, i.action, i.next, len(i.criteria), 0)
        return head + b"".join(Channel.criterion(c, data) for c in i.criteria)

    @staticmethod
    def criterion(c, data):
        at = data.place(c.operand) if c.at is None else c.at
        size = len(c.operand) if c.size is None else c.size
        return struct.pack("<HBBII", c.input, c.op, c.kind, at, size)
