"""What regulatory.db says, read by its format (schemas/regulatory_db.ksy), which owes the kernel's code nothing."""
import struct

HEADER = 8
COUNTRY = 4
WITH_WMM = 20  # the length of a rule that points to a WMM rule


class Database:
    def __init__(self, data):
        self.data = data
        self.countries = {}  # two letters: where the collection is
        at = HEADER
        while struct.unpack_from(">H", data, at + 2)[0]:
            self.countries[data[at:at + 2]] = 4 * struct.unpack_from(">H", data, at + 2)[0]
            at += 4

    def rules(self, country):
        """Offsets of its rules."""
        at = self.countries[country]
        length, count = self.data[at], self.data[at + 1]
        first = at + length + length % 2
        return [4 * pointer for pointer in struct.unpack_from(f">{count}H", self.data, first)]

    def num_rules(self, country):
        return len(self.rules(country))

    def has_wmm(self, country, mhz):
        """Whether a rule that has one holds the frequency."""
        for at in self.rules(country):
            start, end = (khz // 1000 for khz in struct.unpack_from(">II", self.data, at + 4))
            if self.data[at] >= WITH_WMM and start <= mhz <= end:
                return True
        return False

    def alone(self, country):
        """A database of this country and its rules, but for those that point to a WMM rule."""
        at = HEADER + 2 * COUNTRY
        rules, pointers = b"", []
        for rule in self.rules(country):
            length = self.data[rule]
            if length >= WITH_WMM:
                continue
            pointers.append((at + len(rules)) // 4)
            rules += self.data[rule:rule + length] + bytes(-length % 4)
        dfs_region = self.data[self.countries[country] + 2]
        collection = struct.pack(f">BBBx{len(pointers)}H", 3, len(pointers), dfs_region, *pointers)
        table = country + struct.pack(">H", (at + len(rules)) // 4) + bytes(COUNTRY)
        return self.data[:HEADER] + table + rules + collection + bytes(-len(collection) % 4)
