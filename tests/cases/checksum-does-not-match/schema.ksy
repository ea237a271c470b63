meta:
  id: summed
  endian: le
seq:
  - id: body
    size: 9
  - id: crc
    type: u4
    -sluice-checksum: {crc32: body}
