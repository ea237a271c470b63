meta:
  id: sized
  endian: le
seq:
  - id: len_body
    type: u4
  - id: body
    size: len_body
