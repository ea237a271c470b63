meta:
  id: circle
seq:
  - id: first
    type: node
types:
  node:
    seq:
      - id: ofs_next
        type: u1
    instances:
      next:
        pos: ofs_next
        type: node
