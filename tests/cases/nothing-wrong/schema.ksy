meta:
  id: channel
  endian: le
seq:
  - id: magic
    contents: SLCH
  - id: version
    type: u2
    valid: 1
  - id: num_instances
    type: u2
  - id: instances
    type: instance
    repeat: expr
    repeat-expr: num_instances
types:
  instance:
    seq:
      - id: id
        type: u4
      - id: num_criteria
        type: u1
        valid:
          max: 20
      - id: criteria
        type: criterion
        repeat: expr
        repeat-expr: num_criteria
  criterion:
    seq:
      - id: op
        type: u1
        enum: op
      - id: len_value
        type: u1
      - id: value
        size: len_value
enums:
  op:
    0: any
    1: equals
    2: contains
