"""A small device tree blob, as a boot loader hands it to a kernel."""
import struct

BEGIN_NODE, END_NODE, PROPERTY, END = 1, 2, 3, 9
HEADER_SIZE = 40


def padded(data):
    return data + bytes(-len(data) % 4)


class Blob:
    def __init__(self):
        self.structure = b""
        self.strings = b""

    def token(self, number, data=b""):
        self.structure += struct.pack(">I", number) + padded(data)

    def begin(self, name):
        self.token(BEGIN_NODE, name.encode() + b"\0")

    def end(self):
        self.token(END_NODE)

    def property(self, name, value):
        if name.encode() + b"\0" not in self.strings:
            self.strings += name.encode() + b"\0"
        self.token(PROPERTY, struct.pack(">II", len(value), self.strings.index(name.encode() + b"\0")) + value)

    def finish(self):
        self.token(END)
        reserved = struct.pack(">QQQQ", 0x80000000, 0x10000, 0, 0)
        at_structure = HEADER_SIZE + len(reserved)
        at_strings = at_structure + len(self.structure)
        total = at_strings + len(self.strings)
        header = struct.pack(">10I", 0xD00DFEED, total, at_structure, at_strings, HEADER_SIZE, 17, 16, 0, len(self.strings),
                             len(self.structure))
        return header + reserved + self.structure + self.strings


def make():
    blob = Blob()
    blob.begin("")
    blob.property("compatible", b"example,board\0")
    blob.property("#address-cells", struct.pack(">I", 2))
    blob.begin("memory@80000000")
    blob.property("device_type", b"memory\0")
    blob.property("reg", struct.pack(">QQ", 0x80000000, 0x40000000))
    blob.end()
    blob.begin("serial@fe001000")
    blob.property("compatible", b"ns16550a\0")
    blob.property("reg", struct.pack(">QQ", 0xFE001000, 0x100))
    blob.end()
    blob.end()
    return blob.finish()
