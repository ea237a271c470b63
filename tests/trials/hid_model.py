"""What a HID report descriptor says of the length of its reports: USB HID 1.11, 6.2.2. Well-formed ones only."""
MAIN, GLOBAL = 0, 1
INPUT, OUTPUT, COLLECTION, FEATURE, END_COLLECTION = 8, 9, 10, 11, 12
REPORT_SIZE, REPORT_ID, REPORT_COUNT, PUSH, POP = 7, 8, 9, 10, 11
SIZES = (0, 1, 2, 4)


def items(data):
    """Type, tag, value and offset of each; long items are not used."""
    at = 0
    while at < len(data):
        head = data[at]
        size = SIZES[head & 3]
        yield head >> 2 & 3, head >> 4, int.from_bytes(data[at + 1:at + 1 + size], "little"), at
        at += 1 + size


def lacks_one_byte(data, size):
    """Whether `size` bytes of the descriptor end with an item whose value lacks its last byte."""
    return any(at < size and at + 1 + SIZES[data[at] & 3] == size + 1 for *_, at in items(data))


class Descriptor:
    def __init__(self, data):
        self.data = data
        self.collections = []  # of the outermost: bits by kind and report
        depth, state, stack = 0, {REPORT_SIZE: 0, REPORT_COUNT: 0, REPORT_ID: 0}, []
        for kind, tag, value, _ in items(data):
            if kind == GLOBAL and tag == PUSH:
                stack.append(dict(state))
            elif kind == GLOBAL and tag == POP:
                state = stack.pop()
            elif kind == GLOBAL:
                state[tag] = value
            elif kind == MAIN and tag == COLLECTION:
                if depth == 0:
                    self.collections.append({})
                depth += 1
            elif kind == MAIN and tag == END_COLLECTION:
                depth -= 1
            elif kind == MAIN:
                report = (tag, state[REPORT_ID])
                bits = self.collections[-1]
                bits[report] = bits.get(report, 0) + state[REPORT_SIZE] * state[REPORT_COUNT]

    def sizes_of(self, collection):
        """Bytes of the longest input, output and feature report, with the byte of its number; 0 where there is none."""
        bits = self.collections[collection]
        longest = [max((count for (tag, _), count in bits.items() if tag == kind), default=0)
                   for kind in (INPUT, OUTPUT, FEATURE)]
        return tuple((count + 7) // 8 + 1 if count else 0 for count in longest)
