meta:
  id: vietnamese
  encoding: windows-1258
seq:
  - id: plain
    type: str
    size: 5
  - id: marked
    type: str
    size: 4
  - id: long
    type: str
    size-eos: true
instances:
  again:
    value: plain.to_b('windows-1258')
