meta:
  id: table
  endian: le
  encoding: ASCII
seq:
  - id: num_entries
    type: u4
  - id: entries
    type: entry
    repeat: expr
    repeat-expr: num_entries
types:
  entry:
    seq:
      - id: ofs_name
        type: u2
    instances:
      name:
        io: _root._io
        pos: ofs_name
        type: strz
        -sluice-allow: [overlap]
