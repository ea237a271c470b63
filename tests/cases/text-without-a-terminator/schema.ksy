meta:
  id: named
  encoding: UTF-8
seq:
  - id: name
    type: strz
