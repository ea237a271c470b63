meta:
  id: rows
seq:
  - id: rows
    type: row
    repeat: eos
types:
  row:
    seq:
      - id: id
        type: u1
      - id: weight
        type: u1
