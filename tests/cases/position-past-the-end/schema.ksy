meta:
  id: offset
  endian: le
seq:
  - id: ofs_body
    type: u4
  - id: rest
    size: 4
instances:
  body:
    pos: ofs_body
    size: 16
