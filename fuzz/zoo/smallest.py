"""For each variant of images.toml the smallest content that shows its fault, made by hand. Functions by the variant's name.

What a shrunk crash file is measured by. The parts follow each other as schemas/channel.ksy has them: tables that lie in
one another, which the driver would take, are not made.
"""
import dataclasses
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "corpus" / "channel"))
from channel import Channel, Criterion, Group, Instance, Kind, Op, numbers, text, wildcard  # noqa: E402

PROCESS, FILE, IPC = 1, 2, 3


@dataclasses.dataclass
class Type:
    """A template type whose name is what the data begin with, and of whose inputs few have a row."""
    id: int = FILE
    num_inputs: int = 1
    inputs: tuple = ()  # number and kind of each row
    len_name: int = 1
    name = ""  # not to be put into the data


class Small(Channel):
    def data(self):
        data = super().data()
        data.bytes = data.bytes or b"n" * max(t.len_name for t in self.template_types)
        return data

    def template_type_table(self, data):
        return b"".join(struct.pack("<HHIHH", t.id, t.num_inputs, 0, t.len_name, 0) for t in self.template_types)

    def input_table(self):
        rows = [(t.id, number, kind, 0) for t in self.template_types for number, kind in t.inputs]
        return b"".join(struct.pack("<HHHH", *row) for row in rows)


def with_criterion(criterion, type_id=FILE, **other):
    """One instance with one criterion."""
    inputs = () if criterion.op == Op.ANY else ((criterion.input, criterion.kind),)
    kind = Type(type_id, criterion.input + 1, inputs)
    return Small([kind], [Instance(1, type_id, [criterion], **other)])


def without_instances(*types, **other):
    return Small(list(types) or [Type()], [], **other)


# ---- The variants, in their order ------------------------------------------------------------------------------------


def ipc_array_too_short():
    return with_criterion(text(20, Op.EQUALS, "x"), IPC)


def input_number_in_a_table():
    return without_instances(Type(inputs=((21, Kind.TEXT),)))


def channel_in_a_table():
    return without_instances(channel_id=512)


def group_range_unchecked():
    return without_instances(groups=[Group(1, num_instances=1)])


def operand_offset_unchecked():
    c = with_criterion(Criterion(5, Op.EQUALS, Kind.NUMBER, at=0, size=4))
    c.instances[0].criteria[0].at = len(c.to_bytes()) - c.OFFSET_OF_DATA
    return c


def operand_end_wraps():
    return with_criterion(Criterion(0, Op.REGEX, Kind.TEXT, at=0xFFFFFFF0, size=0x10))


def suffix_longer_than_value():
    return with_criterion(text(0, Op.SUFFIX, "xx"))


def range_backwards():
    return with_criterion(numbers(5, Op.RANGE, 0x7A7A7A7A, 0))


def group_table_size_in_a_byte():
    return without_instances(groups=[Group(number) for number in range(1, 33)])


def half_a_member():
    return with_criterion(Criterion(5, Op.IN_SET, Kind.NUMBER, b"x"))


def type_rows_counted_twice():
    return without_instances(*[Type()] * 5)


def longest_name_unterminated():
    return without_instances(Type(len_name=64))


def build_name_without_a_nul():
    return without_instances(builds=("7.10.0.1", "7.12"))


def regex_class_without_end():
    return with_criterion(text(0, Op.REGEX, "[x"))


def regex_backtracks():
    return with_criterion(text(0, Op.REGEX, 3 * ".*" + "="))


def group_recursion_unbounded():
    c = with_criterion(wildcard(0))
    c.groups = [Group(1, 0, 1, parent=1)]
    return c


def parents_in_a_short_table():
    return without_instances(groups=[Group(number, parent=number - 1) for number in range(1, 7)])


def chain_without_end():
    return with_criterion(wildcard(0), next=1)


def absent_input_not_written():
    return with_criterion(text(0, Op.EQUALS, "x"))


def text_in_a_set():
    return with_criterion(text(0, Op.IN_SET, b"\x7a\xff\xff\x7f"))


def chain_to_another_type():
    c = with_criterion(text(20, Op.EQUALS, "x"), IPC)
    c.template_types.append(Type())
    c.instances = [Instance(1, FILE, [wildcard(0)], next=2), dataclasses.replace(c.instances[0], id=2)]
    return c


def unknown_operator_jumps():
    return with_criterion(text(0, 200, "x"))


def unknown_action_counted():
    return with_criterion(wildcard(0), action=4)


def blank_name():
    return without_instances(Type(len_name=0))


def alignment_raises():
    return with_criterion(Criterion(5, Op.EQUALS, Kind.NUMBER, b"xxxxx", at=1, size=4))


def header_not_measured():
    # Any byte faults. What is shrunk reads as its original does, and that begins as a channel file.
    return b"SLRC"


def zeroed_header():
    return bytes(80)


def newer_format_version():
    c = with_criterion(wildcard(0))
    c.header["format_version"] = 2
    return c


def content_freed_early():
    c = with_criterion(text(0, Op.EQUALS, "x"))
    c.groups = [Group(1, 0, 1)]
    return c


def ring_of_matches():
    c = with_criterion(wildcard(0), next=2)
    c.instances.append(Instance(2, FILE, [wildcard(0)]))
    return c


def bytes_of(name):
    made = globals()[name]()
    return made if isinstance(made, bytes) else made.to_bytes()
