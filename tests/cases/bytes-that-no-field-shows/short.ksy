meta:
  id: short
seq:
  - id: version
    type: u1
