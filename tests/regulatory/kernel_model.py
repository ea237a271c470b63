"""What Linux does with a regulatory database, said once more, in Python: an opinion that owes sluice nothing.

It follows net/wireless/reg.c (the functions are named) and is about two questions:

  accepted    valid_regdb lets the file in, its signature aside
  outside     what the kernel then reads beyond the file's end: while checking, and while answering for each country

and, for a country that is asked for, whether is_valid_rd takes its rules. The two first differ: the kernel reads some
things that it has not checked.
"""
HEADER, COUNTRY, WMM_RULE = 8, 4, 32
MAGIC, VERSION = 0x52474442, 20
COLLECTION_MANDATORY, RULE_MANDATORY = 3, 16
RULE_WITH_CAC, RULE_WITH_WMM = 18, 20
MAX_RULES = 128  # NL80211_MAX_SUPP_REG_RULES


class Outside(Exception):
    """A read that the kernel does not survive, or survives by luck."""


class Kernel:
    def __init__(self, data):
        self.data = data
        self.outside = None     # the first such read, in words
        self.unusable = []      # countries that is_valid_rd refuses
        try:
            self.accepted = self.valid_regdb()
            if self.accepted:
                self.query_each_country()
        except Outside as read:
            self.outside = str(read)
            self.accepted = True  # nothing said no

    def number(self, at, size, what):
        if at + size > len(self.data):
            raise Outside(f"{what}: {at:#x}..{at + size:#x} of {len(self.data):#x}")
        return int.from_bytes(self.data[at:at + size], "big")

    # --- Loading ------------------------------------------------------------------------------------------------------

    def valid_regdb(self):
        size = len(self.data)
        if size < HEADER or self.number(0, 4, "magic") != MAGIC or self.number(4, 4, "version") != VERSION:
            return False
        at = HEADER
        while at + COUNTRY <= size and self.number(at + 2, 2, "collection pointer"):
            if not self.valid_country(at):
                return False
            at += COUNTRY
        return True

    def valid_country(self, country):
        at = 4 * self.number(country + 2, 2, "collection pointer")
        if at + 2 > len(self.data):
            return False
        length, rules = self.number(at, 1, "collection"), self.number(at + 1, 1, "collection")
        first = at + length + length % 2
        if first + 2 * rules > len(self.data) or length < COLLECTION_MANDATORY:
            return False
        return all(self.valid_rule(4 * self.number(first + 2 * k, 2, "rule pointer")) for k in range(rules))

    def valid_rule(self, at):
        if at + 1 > len(self.data):
            return False
        length = self.number(at, 1, "rule")
        if length < RULE_MANDATORY:
            return False
        if length < RULE_WITH_WMM:
            return True
        wmm = 4 * self.number(at + 18, 2, "WMM pointer of a rule")
        return wmm + WMM_RULE <= len(self.data) and self.valid_wmm(wmm)

    def valid_wmm(self, at):
        for category in range(at, at + WMM_RULE, 4):
            windows, aifsn = self.number(category, 1, "WMM rule"), self.number(category + 1, 1, "WMM rule")
            if windows >> 4 >= windows & 15 or aifsn < 1:
                return False
        return True

    # --- Answering ----------------------------------------------------------------------------------------------------

    def query_each_country(self):
        """query_regdb walks the table until its country or the terminator, however long the file is."""
        at = HEADER
        while self.number(at + 2, 2, "table of countries, no terminator"):
            if not self.query_country(at):
                self.unusable.append(self.data[at:at + 2])
            at += COUNTRY

    def query_country(self, country):
        """regdb_query_country, and is_valid_rd over what it makes."""
        at = 4 * self.number(country + 2, 2, "collection pointer")
        length, rules = self.number(at, 1, "collection"), self.number(at + 1, 1, "collection")
        self.number(at + 2, 1, "DFS region")
        first = at + length + length % 2
        usable = [self.query_rule(4 * self.number(first + 2 * k, 2, "rule pointer")) for k in range(rules)]
        return 0 < rules <= MAX_RULES and all(usable)

    def query_rule(self, at):
        """What is copied of a rule, and is_valid_reg_rule of it."""
        length = self.number(at, 1, "rule")
        self.number(at, RULE_MANDATORY, "rule")
        start, end, bandwidth = (self.number(at + offset, 4, "rule") for offset in (4, 8, 12))
        if length >= RULE_WITH_CAC:
            self.number(at + 16, 2, "CAC time of a rule")
        if length >= RULE_WITH_WMM:
            self.number(4 * self.number(at + 18, 2, "WMM pointer of a rule"), WMM_RULE, "WMM rule")
        return 0 < start < end and bandwidth <= end - start
