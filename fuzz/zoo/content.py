"""Content for the zoo that corpus/channel does not have: what shows a fault and nothing else. Functions by name."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "corpus" / "channel"))
from channel import Criterion, Group, Instance, Kind, Op, State, TemplateType, numbers, text, wildcard  # noqa: E402
from content import FILE, IPC, instance, mixed, wildcards  # noqa: E402


def operand_past_the_end():
    """A set of numbers whose first two are the last of the file."""
    c = wildcards()
    number = Criterion(5, Op.IN_SET, Kind.NUMBER, at=0, size=64)
    c.instances = [instance(1, FILE, number)]
    number.at = len(c.to_bytes()) - c.OFFSET_OF_DATA - 8
    return c


def operand_far_away():
    c = wildcards()
    c.instances = [instance(1, FILE, text(0, Op.CONTAINS, "aaaa"))]
    c.instances[0].criteria[0].at = 0x7FFFFFF0
    return c


def as_many_groups_as_wrap():
    """8192 groups of 8 bytes, in the driver's memory, are 65536 bytes. The validator accepts this: groups may be empty."""
    c = wildcards()
    c.groups = [Group(number) for number in range(1, 8194)]
    return c


def number_that_is_read_at_an_odd_offset():
    c = wildcards()
    c.instances = [instance(1, FILE, Criterion(5, Op.EQUALS, Kind.NUMBER, at=1, size=4))]
    return c


def groups_in_a_circle_that_are_asked():
    c = mixed()
    c.instances = [instance(1, FILE), instance(2, FILE)]
    c.groups = [Group(1, 0, 1, parent=2), Group(2, 1, 1, parent=1)]
    return c


def wildcards_in_a_circle():
    c = wildcards()
    c.instances[0].next = 2
    c.instances[1] = instance(1002, c.instances[0].type_id, next=1)
    return c


def twenty_stars():
    c = wildcards()
    c.instances = [instance(1, FILE, text(0, Op.REGEX, 20 * ".*" + "="))]
    return c


# ---- For images.toml -------------------------------------------------------------------------------------------------


def with_instance(*criteria, type_id=FILE, **other):
    c = wildcards()
    c.instances = [instance(1, type_id, *criteria, **other)]
    return c


def input_row_beyond_the_type():
    c = wildcards()
    c.template_types.append(TemplateType(9, "later", [Kind.NUMBER] * 22))
    return c


def channel_of_a_high_number():
    c = wildcards()
    c.channel_id = 512
    return c


def operand_whose_end_wraps():
    """The pattern is looked at when it is loaded. Offset and length add up to 4, in 32 bits."""
    return with_instance(Criterion(0, Op.REGEX, Kind.TEXT, at=0xFFFFFFF0, size=0x14))


def suffix_that_no_value_has():
    return with_instance(text(0, Op.SUFFIX, "s" * 300))


def range_from_high_to_low():
    return with_instance(numbers(5, Op.RANGE, 0xFFFFFFFF, 0))


def as_many_groups_as_a_byte_holds():
    """32 groups of 8 bytes, in the driver's memory, are 256 bytes; what follows them is shorter."""
    c = wildcards()
    c.instances = [Instance(1, FILE, [wildcard(0)])]
    c.groups = [Group(number) for number in range(1, 33)]
    return c


def set_with_half_a_member():
    return with_instance(Criterion(5, Op.IN_SET, Kind.NUMBER, b"123456"))


def template_type_five_times():
    c = wildcards()
    c.template_types = [c.template_types[0]] * 3 + c.template_types[1:]
    return c


def longest_name():
    c = wildcards()
    c.template_types[1].name = "n" * 64
    return c


def build_name_of_eight_characters():
    c = wildcards()
    c.builds = ("7.10.0.1", "7.12")
    return c


def class_that_is_not_closed():
    return with_instance(text(0, Op.REGEX, "[abc"))


def groups_six_deep():
    c = wildcards()
    c.groups = [Group(number, parent=number - 1) for number in range(1, 7)]
    return c


def set_of_text():
    return with_instance(text(0, Op.IN_SET, b"\xf0\xff\xff\x7f"))


def chain_from_file_to_ipc():
    c = wildcards()
    c.instances = [instance(1, FILE, next=2), instance(2, IPC, text(20, Op.CONTAINS, "\\pipe\\"))]
    return c


def operator_that_there_is_not():
    return with_instance(text(0, 200, "aaaa"))


def action_that_there_is_not():
    return with_instance(action=200)


def name_that_is_blank():
    c = wildcards()
    c.template_types.append(TemplateType(9, "", [Kind.TEXT]))
    return c


def half_a_header():
    return wildcards().to_bytes()[:40]


def zeros_for_a_header():
    return bytes(100)


def format_version_2():
    c = wildcards()
    c.header["format_version"] = 2
    return c


def five_that_match_everything():
    c = wildcards()
    c.instances = [instance(number, FILE) for number in range(1, 6)]
    return c
