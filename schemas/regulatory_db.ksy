# Linux's wireless regulatory database: a format that others made, read by every Linux machine with Wi-Fi.
#
# The layout is that of the kernel's net/wireless/reg.c (struct fwdb_header, fwdb_country, fwdb_collection, fwdb_rule,
# fwdb_wmm_rule). Each `valid` here mirrors a condition of the kernel, named beside it. Where the kernel reads more than
# it has checked, the schema is stricter, and says so. What the generator promises beyond that is in
# regulatory_db.rules.yaml.
meta:
  id: regulatory_db
  title: Linux wireless regulatory database
  file-extension: db
  license: Apache-2.0
  endian: be
  bit-endian: be
  encoding: ASCII
  # The kernel does not look at bytes that nothing points to. That there are none is a rule (everything-explained).
  -sluice-allow: [trailing-bytes]

doc: |
  Says on which frequencies, with which power and under which conditions a radio may send in a country. A country points
  to a collection, a collection to rules, a rule perhaps to a WMM rule. Pointers count units of four bytes from the
  start of the file. Countries share collections, and collections share rules: bytes are meant to be read many times.
doc-ref:
  - https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/net/wireless/reg.c
  - https://git.kernel.org/pub/scm/linux/kernel/git/wens/wireless-regdb.git/tree/db2fw.py

seq:
  - id: magic
    contents: RGDB  # valid_regdb: magic is FWDB_MAGIC
  - id: version
    type: u4
    valid: 20  # valid_regdb: version is FWDB_VERSION
  - id: countries
    type: country
    repeat: until
    # valid_regdb also stops at the end of the file. query_regdb and reg_query_regdb_wmm do not: they walk to the
    # terminator, wherever it is. So it has to be there.
    repeat-until: _.collection_ptr == 0

instances:
  ofs_structures:
    value: 8 + 4 * countries.size
    doc: Where the table of countries ends. All that is pointed to comes after it.
  len_structures:
    value: _io.size - ofs_structures

types:
  country:
    seq:
      - id: alpha2
        type: str
        size: 2
        doc: ISO 3166-1, or 00 for the world. The last one is the terminator.
      - id: collection_ptr
        type: u2
    instances:
      collection:
        # valid_country: `len` and `num_rules` lie in the file, and so does all that they announce.
        pos: collection_ptr * 4
        type: collection
        if: collection_ptr != 0

  collection:
    seq:
      - id: len
        type: u1
        valid: {min: 3}  # valid_country: the mandatory fields are there
      - id: num_rules
        type: u1
      - id: dfs_region
        type: u1
        enum: dfs_region  # the kernel stores any value; it has names for these
      - id: unknown
        size: len - 3
        doc: Fields of a later format. The kernel skips them.
      - id: alignment
        type: u1
        if: len % 2 != 0
      - id: rules
        type: rule_pointer
        repeat: expr
        repeat-expr: num_rules
      - id: padding
        type: u2
        if: len_used % 4 != 0
        doc: To the next multiple of four. db2fw.py writes it after the last collection, too.
    instances:
      len_used:
        value: len + len % 2 + 2 * num_rules

  rule_pointer:
    seq:
      - id: ptr
        type: u2
    instances:
      rule:
        # valid_rule looks whether the first byte lies in the file. regdb_query_country reads sixteen, and valid_rule
        # itself goes on to `wmm_ptr`. So the whole rule has to be there.
        pos: ptr * 4
        type: rule

  rule:
    seq:
      - id: len
        type: u1
        valid: {min: 16}  # valid_rule: the mandatory fields are there
      - id: reserved_flags
        type: b3
      - id: auto_bandwidth
        type: b1
        doc: FWDB_FLAG_AUTO_BW. The bandwidth may reach into the neighbouring rules.
      - id: no_initial_radiation
        type: b1
        doc: FWDB_FLAG_NO_IR
      - id: radar_detection
        type: b1
        doc: FWDB_FLAG_DFS
      - id: no_outdoor
        type: b1
        doc: FWDB_FLAG_NO_OUTDOOR
      - id: no_ofdm
        type: b1
        doc: FWDB_FLAG_NO_OFDM
      - id: max_eirp
        type: u2
        doc: In hundredths of a dBm.
      - id: start
        type: u4
        doc: In kHz, as the next two.
      - id: end
        type: u4
      - id: max_bandwidth
        type: u4
      - id: cac_timeout
        type: u2
        if: len >= 18
        doc: How long to listen for radar before sending, in seconds.
      - id: wmm_ptr
        type: u2
        if: has_wmm
      - id: unknown
        size: len - len_known
        doc: Fields of a later format. The kernel skips them.
      - id: padding
        size: -len % 4
    instances:
      has_wmm:
        value: len >= 20
      len_known:
        value: 'has_wmm ? 20 : len >= 18 ? 18 : 16'
      wmm:
        pos: wmm_ptr * 4  # valid_rule: it lies in the file
        type: wmm_rule
        if: has_wmm

  wmm_rule:
    doc: Voice, video, best effort and background, for clients and then for access points.
    seq:
      - id: client
        type: access_category
        repeat: expr
        repeat-expr: 4
      - id: access_point
        type: access_category
        repeat: expr
        repeat-expr: 4

  access_category:
    seq:
      - id: ecw_min
        type: b4
        doc: A contention window is 2 to the power of this, less 1.
      - id: ecw_max
        type: b4
        valid: {min: ecw_min + 1}  # valid_wmm: the lower window is below the upper one
      - id: aifsn
        type: u1
        valid: {min: 1}  # valid_wmm
      - id: channel_occupancy_time
        type: u2
        doc: In ms.

enums:
  dfs_region:
    0: unset
    1: fcc
    2: etsi
    3: jp
