meta:
  id: blanks
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
      - id: mark
        type: u4
    instances:
      name:
        io: _root._io
        pos: 4
        size: 400000
        type: str
        pad-right: 0x20
        -sluice-allow: [overlap]
