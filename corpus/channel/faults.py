"""One function for each file with a fault, and the file has its name. It is given the good channel (`content.mixed`)
and spoils it, or returns the bytes. README.md says of which class of bugs each is, expected.txt what must find it.
"""
import struct

from channel import Action, Group, Kind, Op, TemplateType, numbers, text, wildcard
from content import FILE, IPC, PROCESS, instance, wildcards

FAULTS = {}


def fault(function):
    FAULTS[function.__name__] = function
    return function


# --- Counts and indices -----------------------------------------------------------------------------------------------


@fault
def replay_291(c):
    """What happened: 21 inputs defined, 20 supplied, and the first criterion that reads the last one."""
    c.instances = wildcards().instances + [instance(1004, IPC, text(20, Op.CONTAINS, "\\pipe\\"))]
    c.groups = []
    c.builds = ("7.11", "7.12")


@fault
def more_criteria_than_inputs(c):
    c.instances[2].criteria.append(wildcard(7))


@fault
def wildcard_on_an_undefined_input(c):
    c.instances[2].criteria[7] = wildcard(8)


@fault
def group_of_instances_that_are_not_there(c):
    c.groups[1].num_instances = 4


@fault
def offset_beyond_the_file(c):
    place(c.instances[0].criteria[0], at=0x7FFFFFF0)


@fault
def offset_and_length_that_wrap(c):
    """The sum is 4 in 32 bits, and 4 is inside."""
    place(c.instances[0].criteria[0], at=8, size=0xFFFFFFFC)


@fault
def count_whose_product_wraps(c):
    """Times the 16 bytes of an instance it is 16 in 32 bits."""
    c.header["num_instances"] = 0x10000001


@fault
def more_instances_than_a_build_holds(c):
    c.instances = [instance(number, FILE) for number in range(1, 301)]
    c.groups = []
    c.builds = ("7.12", "7.12")


@fault
def more_criteria_than_any_build_holds(c):
    c.instances = [instance(number, IPC) for number in range(1, 201)]
    c.groups = []


# --- Records that contradict each other -------------------------------------------------------------------------------


@fault
def groups_that_overlap(c):
    c.groups[1].first_instance = 1


@fault
def operands_that_cut_into_each_other(c):
    first, second = c.instances[0].criteria[0], c.instances[0].criteria[1]
    place(second, at=c.data().place(first.operand) + 3, size=len(first.operand), operand=b"")


@fault
def two_instances_with_one_id(c):
    c.instances[1].id = c.instances[0].id


@fault
def template_type_twice(c):
    c.template_types.append(c.template_types[1])


@fault
def instances_out_of_order(c):
    c.instances[0].id, c.instances[1].id = c.instances[1].id, c.instances[0].id


@fault
def instance_of_a_type_that_is_not_there(c):
    c.instances[4].type_id = 9


@fault
def groups_nested_too_deeply(c):
    c.instances = [instance(number, FILE) for number in range(1, 13)]
    c.groups = [Group(number, number - 1, 1, parent=number - 1) for number in range(1, 13)]


@fault
def groups_in_a_circle(c):
    c.groups[0].parent = 2


@fault
def instances_in_a_circle(c):
    c.instances[1].next = 1


@fault
def instance_that_leads_to_itself(c):
    c.instances[2].next = 3


# --- Values -----------------------------------------------------------------------------------------------------------


@fault
def text_with_a_nul_inside(c):
    c.instances[0].criteria[0] = text(0, Op.CONTAINS, b"\\Temp\0\\")


@fault
def name_with_a_nul_inside(c):
    c.template_types[1].name = "fi\0le"


@fault
def regex_that_backtracks(c):
    c.instances[0].criteria[1] = text(1, Op.REGEX, ".*.*=.*")


@fault
def regex_with_no_room(c):
    """258 characters, and the driver has room for 256."""
    c.instances[0].criteria[1] = text(1, Op.REGEX, 129 * "a?")


@fault
def number_judged_as_text(c):
    c.instances[0].criteria[9] = text(9, Op.EQUALS, "high")


@fault
def range_over_text(c):
    c.instances[0].criteria[1] = text(1, Op.RANGE, b"aaaazzzz")


@fault
def operator_that_nobody_knows(c):
    c.instances[0].criteria[1].op = 8


@fault
def operand_left_blank(c):
    c.instances[0].criteria[0] = text(0, Op.CONTAINS, b"")


@fault
def wildcard_with_an_operand(c):
    place(c.instances[0].criteria[3], size=4)


@fault
def number_at_an_odd_offset(c):
    at = len(c.data().bytes)
    if at % 2 == 0:
        c.instances[0].criteria[0].operand += b"-"
        at += 1
    c.instances[3].criteria[5] = numbers(5, Op.EQUALS)
    place(c.instances[3].criteria[5], at=at, size=4)
    c.unexplained = struct.pack("<I", 2)


# --- The file as a whole ----------------------------------------------------------------------------------------------


@fault
def cut_short(c):
    return c.to_bytes()[:-12]


@fault
def nothing_but_zeros(c):
    return bytes(len(c.to_bytes()))


@fault
def zeros_after_the_first_sector(c):
    data = c.to_bytes()
    return data[:512] + bytes(len(data) - 512)


@fault
def changed_after_its_checksum(c):
    good = c.to_bytes()
    place_of_text = c.OFFSET_OF_DATA + c.data().place(c.instances[0].criteria[0].operand)
    return good[:place_of_text] + b"/" + good[place_of_text + 1:]


@fault
def bytes_that_nothing_refers_to(c):
    c.unexplained = b"MZ, and a valid checksum"


@fault
def version_that_goes_back(c):
    c.versions = (42, 41)


# --- The file and the builds ------------------------------------------------------------------------------------------


@fault
def template_type_newer_than_a_build(c):
    c.instances[4] = instance(1005, IPC, text(0, Op.EQUALS, "\\pipe\\lsass"))
    c.builds = ("7.11", "7.12")


@fault
def declared_for_a_build_that_is_not_there(c):
    c.builds = ("7.10", "7.13")


@fault
def definition_that_no_build_has(c):
    inputs = c.template_types[1].inputs + [Kind.NUMBER]
    c.template_types[1] = TemplateType(FILE, "file", inputs)


# --- What a driver survives and its users do not ----------------------------------------------------------------------


@fault
def prevents_everything(c):
    c.instances[4] = instance(1005, PROCESS, action=Action.PREVENT)


@fault
def group_left_empty(c):
    c.groups[1].num_instances = 0


def place(criterion, **given):
    for name, value in given.items():
        setattr(criterion, name, value)
