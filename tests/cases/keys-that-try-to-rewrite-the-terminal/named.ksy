meta:
  id: named
  encoding: UTF-8
seq:
  - id: rows
    type: row
    repeat: eos
types:
  row:
    seq:
      - id: id
        type: strz
      - id: data
        size: 20
