"""Crash files of about 64 KiB: content that shows a fault, with as many instances behind it as the driver takes."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "zoo"))
from images_test import ZOO, generate  # noqa: E402

content, faults = generate.content, generate.faults

SIZE = 64 * 1024
MOST_INSTANCES = 512
MOST_CRITERIA = 4096
LARGEST_INSTANCE = 16 + 8 * 12 + 24
EVERY = 16  # instance reads an input: for each that does, sluice makes events
# A pattern that runs into operands finds its end there; where the fault comes late, many events would come first.
WITHOUT_OPERANDS = ("regex_class_without_end", "absent_input_not_written")
CANNOT = {
    "half_a_header": "the fault is that the file is short",
    "zeros_for_a_header": "the fault is that the file ends before its second sector",
}


def channel_of(name):
    """What tests/zoo/images_test.bytes_of makes the bytes of, to be changed."""
    if hasattr(ZOO, name):
        return getattr(ZOO, name)()
    if name == "good_mixed":
        return content.mixed()
    channel = content.mixed()
    faults.FAULTS[name](channel)
    return channel


def grown(channel, has_operands):
    """Instances of the template type that is shortest, as many as there is room for."""
    number = max((i.id for i in channel.instances), default=0)
    room = SIZE - len(channel.to_bytes())
    criteria = sum(len(i.criteria) for i in channel.instances)
    while len(channel.instances) < MOST_INSTANCES and criteria + 8 <= MOST_CRITERIA and room > LARGEST_INSTANCE:
        number += 1
        reads = has_operands and number % EVERY == 0
        operand = [ZOO.text(0, ZOO.Op.SUFFIX, f"\\Device\\Volume{number:05}")] if reads else []
        if b"]" not in number.to_bytes(4, "little"):  # which ends a class of a pattern, where it is looked for
            channel.instances.append(content.instance(number, content.FILE, *operand))
            room -= LARGEST_INSTANCE
            criteria += 8
    channel.unexplained = b"u" * (SIZE - len(channel.to_bytes()) - 3)
    return channel


def bytes_of(variant):
    """The file, or None: CANNOT says why."""
    name = variant["name"]
    if variant["content"] in CANNOT:
        return None
    channel = channel_of(variant["content"])
    if name == "group_table_size_in_a_byte":  # instances are memory that groups are written to
        channel.groups = [ZOO.Group(number) for number in range(1, 32 * 100 + 1)]
        return channel.to_bytes()
    grown(channel, has_operands=name not in WITHOUT_OPERANDS)
    # What is to be beyond the end is beyond the end that there is now.
    if name == "group_range_unchecked":
        channel.groups[1].num_instances = len(channel.instances)
    if name == "operand_offset_unchecked":
        channel.instances[0].criteria[5].at = len(channel.to_bytes()) - channel.OFFSET_OF_DATA - 8
    return channel.to_bytes()
