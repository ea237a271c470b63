"""What regulatory.db says, read by its format (schemas/regulatory_db.ksy), which owes the kernel's code nothing."""
import struct

HEADER = 8
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
