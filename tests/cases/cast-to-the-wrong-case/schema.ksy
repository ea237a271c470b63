meta:
  id: cast
  endian: le
seq:
  - id: tag
    type: u1
  - id: body
    type:
      switch-on: tag
      cases:
        1: small
        2: big
instances:
  pointer:
    value: body.as<big>.pointer
types:
  small:
    seq:
      - id: flag
        type: u1
  big:
    seq:
      - id: length
        type: u4
      - id: pointer
        type: u8
