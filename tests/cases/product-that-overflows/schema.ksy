meta:
  id: product
  endian: le
seq:
  - id: num_entries
    type: u8
  - id: table
    size: num_entries * 2
