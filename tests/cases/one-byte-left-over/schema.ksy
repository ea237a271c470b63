meta:
  id: one
seq:
  - id: a
    type: u1
