meta:
  id: short
  endian: le
seq:
  - id: magic
    contents: SLCH
  - id: version
    type: u2
