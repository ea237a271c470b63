meta:
  id: torn
seq:
  - id: places
    type: place
    repeat: expr
    repeat-expr: 100
  - id: body
    size-eos: true
types:
  place:
    seq:
      - id: pos_body
        type: u1
    instances:
      body:
        io: _root._io
        pos: pos_body
        size: 61157 # all but the checksum
        process: zlib
        -sluice-allow: [overlap]
