"""Events for a channel of corpus/channel, as sluice-run takes them. To be imported."""
import pathlib
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "worker"), str(ROOT / "corpus" / "channel")]
import worker  # noqa: E402
from channel import Kind, Op  # noqa: E402

NOT_THERE = 0xFFFFFFFF


def encode(events):
    """Events, each a template type and its inputs: None, text, bytes or a number."""
    values, rows = [], []
    for type_id, inputs in events:
        for value in inputs:
            if value is not None and value not in values:
                values.append(value)
        rows.append((type_id, [NOT_THERE if value is None else values.index(value) for value in inputs]))
    return worker.events([kind_and_bytes(value) for value in values], rows)


def kind_and_bytes(value):
    if isinstance(value, str):
        return worker.UTF16, value.encode("utf-16-le")
    return (worker.U32, struct.pack("<I", value)) if isinstance(value, int) else (worker.BYTES, value)


def value_for(kind, criterion):
    """What the criterion matches; something of the kind where no criterion reads the input."""
    if criterion is None or criterion.op == Op.ANY or not criterion.operand:
        return {Kind.TEXT: 20 * "a", Kind.NUMBER: 0x5EED, Kind.BYTES: 20 * b"b"}[kind]
    if criterion.op == Op.REGEX:
        return "powershell -encodedcommand "
    if kind == Kind.TEXT:
        return criterion.operand.decode("latin-1")
    return criterion.operand if kind == Kind.BYTES else struct.unpack_from("<I", criterion.operand)[0]


def something(type_id, defined):
    return type_id, [value_for(kind, None) for kind in defined[type_id]]


def events_for(channel, defined):
    """For each instance an event that matches it; for each type one with nothing and one with something of all inputs.
    `defined`: type -> the kind of each input, as the driver defines it."""
    events = []
    for i in channel.instances:
        if i.type_id in defined:
            by_input = {c.input: c for c in i.criteria}
            events.append((i.type_id, [value_for(k, by_input.get(n)) for n, k in enumerate(defined[i.type_id])]))
    for type_id, kinds in defined.items():
        events += [something(type_id, defined), (type_id, [None for _ in kinds])]
    return events
