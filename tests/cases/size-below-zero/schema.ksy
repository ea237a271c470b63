meta:
  id: header_included
  endian: le
seq:
  - id: len_block
    type: u4
  - id: body
    size: len_block - 4
