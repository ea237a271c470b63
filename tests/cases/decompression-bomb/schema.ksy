meta:
  id: packed
  endian: le
seq:
  - id: body
    size-eos: true
    process: zlib
