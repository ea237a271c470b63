meta:
  id: huge
  endian: le
seq:
  - id: len_body
    type: u8
  - id: body
    size: len_body
  - id: tail
    type: u1
