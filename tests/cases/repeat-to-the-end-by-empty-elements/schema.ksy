meta:
  id: endless
  endian: le
seq:
  - id: blocks
    type: block
    repeat: eos
types:
  block:
    seq:
      - id: body
        size: 0
