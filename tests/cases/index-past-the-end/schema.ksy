meta:
  id: indexed
seq:
  - id: table
    type: u1
    repeat: expr
    repeat-expr: 3
  - id: index
    type: u1
instances:
  chosen:
    value: table[index]
