meta:
  id: policy
  endian: le
  encoding: ASCII
seq:
  - id: magic
    contents: PLC
  - id: num_records
    type: u1
  - id: records
    type: record
    repeat: expr
    repeat-expr: num_records
  - id: note
    type: strz
    if: not _io.eof
types:
  record:
    seq:
      - id: id
        type: u1
      - id: template
        type: u1
      - id: num_criteria
        type: u1
      - id: criteria
        type: criterion
        repeat: expr
        repeat-expr: num_criteria
  criterion:
    seq:
      - id: op
        type: u1
        enum: op
      - id: input
        type: u1
      - id: operand
        type:
          switch-on: op
          cases:
            'op::equals': u1
            'op::range': range
        if: op != op::any
  range:
    seq:
      - id: low
        type: u1
      - id: high
        type: u1
enums:
  op:
    0: any
    1: equals
    2: range
