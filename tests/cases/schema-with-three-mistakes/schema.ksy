meta:
  id: mistakes
  endian: le
seq:
  - id: len_body
    type: u3
  - id: body
    size: len_bdy
  - id: tail
    type: u1
    repeat: forever
