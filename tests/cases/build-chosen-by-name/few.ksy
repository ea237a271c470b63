meta:
  id: few
  endian: le
  encoding: ASCII
seq:
  - id: magic
    contents: "FEW"
  - id: from_build
    type: str
    size: 2
  - id: to_build
    type: str
    size: 2
  - id: num_uses
    type: u1
  - id: uses
    type: use
    repeat: expr
    repeat-expr: num_uses
types:
  use:
    seq:
      - id: type
        type: u1
      - id: input
        type: u1
      - id: weight
        type: u1
        valid:
          max: 9
