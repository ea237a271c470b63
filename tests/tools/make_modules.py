#!/usr/bin/env python3
"""Writes small Linux modules, as seeds for corpus/image_explains_itself: each has something that the loader reads.

    make_modules.py FOLDER             a file for each module, named by its SHA-1 as libFuzzer names them
    make_modules.py --check FOLDER     whether they are all there

They are ELF64 relocatable files of less than 2 KiB, put together here and by no compiler.
"""
import hashlib
import pathlib
import struct
import sys

NULL, PROGBITS, SYMTAB, STRTAB, RELA, NOBITS = 0, 1, 2, 3, 4, 8
WRITE, ALLOC, EXECUTE, INFO = 1, 2, 4, 0x40
LOCAL, GLOBAL, WEAK = 0, 1, 2
NOTYPE, OBJECT, FUNCTION, SECTION = 0, 1, 2, 3
UNDEFINED, ABSOLUTE, COMMON = 0, 0xFFF1, 0xFFF2
R_64, R_PC32, R_PLT32, R_32, R_32S, R_PC64, R_GOTPCREL = 1, 2, 4, 10, 11, 24, 9
X86_64, AARCH64 = 62, 183
THIS_MODULE = ".gnu.linkonce.this_module"


class Strings:
    def __init__(self):
        self.data = b"\0"

    def add(self, text):
        at = len(self.data) if text else 0
        self.data += text.encode() + b"\0" if text else b""
        return at


class Module:
    def __init__(self, machine=X86_64):
        self.machine = machine
        self.sections, self.symbols, self.relocations = [], [(0, 0, 0, 0, 0)], {}
        self.names = Strings()

    def section(self, name, data, flags=ALLOC, kind=PROGBITS, size=None, align=8):
        """Returns its index."""
        self.sections.append([name, kind, flags, data, len(data) if size is None else size, 0, 0, align, 0])
        return len(self.sections)

    def symbol(self, name, section, value=0, size=0, kind=NOTYPE, bind=GLOBAL):
        """Returns its index."""
        self.symbols.append((self.names.add(name), bind << 4 | kind, section, value, size))
        return len(self.symbols) - 1

    def relocate(self, section, offset, kind, symbol, addend=0):
        row = struct.pack("<QQq", offset, symbol << 32 | kind, addend)
        self.relocations[section] = self.relocations.get(section, b"") + row

    def to_bytes(self):
        sections = list(self.sections)
        symtab = len(sections) + len(self.relocations) + 1
        for target, rows in self.relocations.items():
            sections.append([".rela" + self.sections[target - 1][0], RELA, INFO, rows, len(rows), symtab, target, 8, 24])
        table = b"".join(struct.pack("<IBBHQQ", name, info, 0, section, value, size)
                         for name, info, section, value, size in self.symbols)
        num_local = next((i for i, s in enumerate(self.symbols[1:], 1) if s[1] >> 4 != LOCAL), len(self.symbols))
        sections.append([".symtab", SYMTAB, 0, table, len(table), symtab + 1, num_local, 8, 24])
        sections.append([".strtab", STRTAB, 0, self.names.data, len(self.names.data), 0, 0, 1, 0])
        titles = Strings()
        named = [(titles.add(section[0]), section) for section in sections]
        at_title = titles.add(".shstrtab")
        named.append((at_title, [".shstrtab", STRTAB, 0, titles.data, len(titles.data), 0, 0, 1, 0]))
        body, headers = b"", bytes(64)
        for title, (_, kind, flags, data, size, link, info, align, entry) in named:
            body += bytes(-len(body) % 8)
            headers += struct.pack("<IIQQQQIIQQ", title, kind, flags, 0, 64 + len(body), size, link, info, align, entry)
            body += data
        body += bytes(-len(body) % 8)
        head = b"\x7fELF\2\1\1" + bytes(9)
        head += struct.pack("<HHIQQQIHHHHHH", 1, self.machine, 1, 0, 0, 64 + len(body), 0, 64, 0, 0, 64, len(named) + 1,
                            len(named))
        return head + body + headers


def smallest():
    module = Module()
    text = module.section(".text", b"\x31\xc0\xc3", ALLOC | EXECUTE)  # xor eax, eax; ret
    module.symbol("init_module", text, 0, 3, FUNCTION)
    return module


def whole():
    """What insmod takes: a start and an end that the kernel finds in this_module, a licence, a call of the kernel."""
    module = Module()
    init = module.section(".init.text", b"\x48\xc7\xc7\0\0\0\0\xe8\0\0\0\0\x31\xc0\xc3", ALLOC | EXECUTE, align=16)
    leave = module.section(".exit.text", b"\xc3", ALLOC | EXECUTE, align=16)
    text = module.section(".rodata.str1.1", b"loaded\n\0")
    module.section(".modinfo", b"license=GPL\0name=seed\0")
    this = module.section(THIS_MODULE, bytes(24) + b"seed" + bytes(100), ALLOC | WRITE, align=64)
    at_text = module.symbol("", text, kind=SECTION, bind=LOCAL)
    started = module.symbol("init_module", init, 0, 15, FUNCTION)
    ended = module.symbol("cleanup_module", leave, 0, 1, FUNCTION)
    module.symbol("__this_module", this, 0, 128, OBJECT)
    printk = module.symbol("_printk", UNDEFINED)
    module.relocate(init, 3, R_32S, at_text)
    module.relocate(init, 8, R_PLT32, printk, -4)
    module.relocate(this, 0, R_64, started)
    module.relocate(this, 8, R_64, ended)
    return module


def tables():
    """A BUG, a WARN and an instruction whose fault is expected: distances from where they stand."""
    module = Module()
    code = b"\x0f\x0b\x0f\x0b\x48\x8b\x07\xc3\x31\xc0\xc3"  # ud2; ud2; mov rax, [rdi]; ret; xor eax, eax; ret
    text = module.section(".text", code, ALLOC | EXECUTE, align=16)
    names = module.section(".rodata.str1.1", b"seed.c\0")
    bugs = module.section("__bug_table", struct.pack("<iiHHiiHH", 0, 0, 12, 0, 0, 0, 34, 1), ALLOC | WRITE)
    faults = module.section("__ex_table", struct.pack("<iii", 0, 0, 1), ALLOC, align=4)
    at_text = module.symbol("", text, kind=SECTION, bind=LOCAL)
    at_names = module.symbol("", names, kind=SECTION, bind=LOCAL)
    module.symbol("run", text, 0, len(code), FUNCTION)
    for entry, place in ((0, 0), (12, 2)):
        module.relocate(bugs, entry, R_PC32, at_text, place)
        module.relocate(bugs, entry + 4, R_PC32, at_names)
    module.relocate(faults, 0, R_PC32, at_text, 4)
    module.relocate(faults, 4, R_PC32, at_text, 8)
    return module


def every_relocation():
    module = Module()
    text = module.section(".text", b"\xe8\0\0\0\0\xc3" + bytes(10), ALLOC | EXECUTE, align=16)
    data = module.section(".data", bytes(48), ALLOC | WRITE)
    module.section(".bss", b"", ALLOC | WRITE, NOBITS, size=0x1800, align=32)
    here = module.symbol("here", text, 5, 1, FUNCTION)
    zero = module.symbol("zero", 3, 16, 8, OBJECT)
    fixed = module.symbol("fixed", ABSOLUTE, 0x1234)
    perhaps = module.symbol("perhaps", UNDEFINED, bind=WEAK)
    kernel = module.symbol("kernel_variable", UNDEFINED)
    module.relocate(text, 1, R_PLT32, here, -4)
    rows = ((0, R_64, kernel), (8, R_32, fixed), (12, R_32S, zero), (16, R_PC64, kernel), (24, R_PC32, here),
            (32, R_64, perhaps))
    for offset, kind, symbol in rows:
        module.relocate(data, offset, kind, symbol, 1)
    return module


def many_functions():
    """Of which some begin at the same place, and one is of no size."""
    module = Module()
    text = module.section(".text", b"\x90\xc3" * 16, ALLOC | EXECUTE, align=16)
    for i in range(8):
        module.symbol(f"function_{i}", text, 4 * (i // 2), 2 * (i % 3), FUNCTION, LOCAL)
    return module


def refused(what):
    module = whole()
    if what == "common":
        module.symbol("shared", COMMON, 8, 64, OBJECT)
    elif what == "got":
        module.relocate(1, 3, R_GOTPCREL, module.symbol("elsewhere", UNDEFINED), -4)
    elif what == "outside":
        module.symbol("far", 1, 14, 2, FUNCTION)
    else:
        module.machine = AARCH64
    return module


def main():
    *check, folder = sys.argv[1:]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    modules = [smallest(), whole(), tables(), every_relocation(), many_functions()]
    modules += [refused(what) for what in ("common", "got", "outside", "machine")]
    for module in modules:
        data = module.to_bytes()
        assert len(data) < 2048, len(data)
        file = folder / hashlib.sha1(data).hexdigest()
        if check and not file.is_file():
            sys.exit(f"{file} is missing: run {sys.argv[0]} {folder}")
        if not check:
            file.write_bytes(data)


if __name__ == "__main__":
    main()
