meta:
  id: tables
  endian: le
seq:
  - id: ofs_names
    type: u1
  - id: ofs_values
    type: u1
instances:
  names:
    pos: ofs_names
    size: 8
  values:
    pos: ofs_values
    size: 8
