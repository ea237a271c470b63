"""Content for the zoo that corpus/channel does not have: what shows a fault and nothing else. Functions by name."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "corpus" / "channel"))
from channel import Criterion, Group, Kind, Op, text  # noqa: E402
from content import FILE, instance, mixed, wildcards  # noqa: E402


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
