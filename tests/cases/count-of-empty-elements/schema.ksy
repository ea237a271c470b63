meta:
  id: empties
  endian: le
seq:
  - id: num_items
    type: u4
  - id: items
    type: nothing
    repeat: expr
    repeat-expr: num_items
types:
  nothing: {}
