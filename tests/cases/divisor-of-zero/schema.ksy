meta:
  id: divided
seq:
  - id: total
    type: u1
  - id: parts
    type: u1
  - id: body
    size: total / parts
