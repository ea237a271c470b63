meta:
  id: views
seq:
  - id: data
    size: 1024
  - id: rows
    type: row
    repeat: eos
types:
  row:
    seq:
      - id: weight
        type: u1
    instances:
      all:
        io: _root._io
        pos: 0
        size: 1024
