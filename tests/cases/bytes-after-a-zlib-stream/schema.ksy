meta:
  id: packed
  endian: le
seq:
  - id: len_body
    type: u4
  - id: body
    size: len_body
    process: zlib
    type: letters
  - id: padded
    size: len_body
    process: zlib
    pad-right: 0x23
  - id: allowed
    size-eos: true
    process: zlib
    -sluice-allow: [trailing-bytes]
types:
  letters:
    seq:
      - id: letters
        type: u1
        repeat: eos
