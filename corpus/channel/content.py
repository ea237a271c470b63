"""The content that the corpus is made of: three template types, and the two channels that every fault starts from."""
from channel import Action, Channel, Group, Instance, Kind, Op, State, TemplateType
from channel import numbers, octets, text, wildcard

PROCESS, FILE, IPC = 1, 2, 3
T, N, B = Kind.TEXT, Kind.NUMBER, Kind.BYTES


def template_types():
    return [
        # image, command line, parent image, user, signer, hash, process id, parent id, session, integrity, flags, time
        TemplateType(PROCESS, "process", [T, T, T, T, T, B, N, N, N, N, N, N]),
        # path, extension, process image, user, first bytes, operation, attributes, size
        TemplateType(FILE, "file", [T, T, T, T, B, N, N, N]),
        # pipe, client and server with their image, user and signer, access, .. and what was added last: the endpoint
        TemplateType(IPC, "ipc", [T, T, T, T, T, T, T] + [N] * 10 + [B, B, N, T]),
    ]


def criteria(type_id, *given):
    """A criterion for each input that the type defines: a wildcard where none is given."""
    by_input = {c.input: c for c in given}
    defined = next(len(t.inputs) for t in template_types() if t.id == type_id)
    return [by_input.get(number) or wildcard(number) for number in range(defined)]


def instance(number, type_id, *given, **other):
    return Instance(number, type_id, criteria(type_id, *given), **other)


def wildcards():
    """Instances that read no input at all."""
    instances = [instance(1000 + number, type_id) for number, type_id in enumerate((PROCESS, FILE, IPC), 1)]
    return Channel(template_types(), instances)


def mixed():
    """Every operator and every kind of value, on inputs that all builds supply."""
    instances = [
        instance(1001, PROCESS, text(0, Op.CONTAINS, "\\Temp\\"), text(1, Op.REGEX, "-enc[a-z]* "),
                 numbers(9, Op.RANGE, 12288, 16384), next=2),
        instance(1002, PROCESS, text(0, Op.EQUALS, "C:\\Windows\\System32\\svch0st.exe"), text(4, Op.PREFIX, "Unknown"),
                 octets(5, Op.EQUALS, bytes(range(0xA0, 0xB4))), action=Action.PREVENT),
        instance(1003, FILE, text(1, Op.EQUALS, ".sys"), octets(4, Op.PREFIX, b"MZ"), numbers(5, Op.IN_SET, 2, 3, 7),
                 numbers(6, Op.EQUALS, 0x22)),
        instance(1004, FILE, text(0, Op.SUFFIX, ".lnk"), state=State.DISABLED),
        instance(1005, IPC, action=Action.OBSERVE),
    ]
    groups = [Group(1, first_instance=0, num_instances=2), Group(2, first_instance=2, num_instances=2, parent=1)]
    return Channel(template_types(), instances, groups)
