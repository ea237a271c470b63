meta:
  id: nested
seq:
  - id: root
    type: node
types:
  node:
    seq:
      - id: has_child
        type: u1
      - id: child
        type: node
        if: has_child == 1
