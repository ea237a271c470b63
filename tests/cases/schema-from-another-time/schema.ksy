meta:
  id: future
  ks-version: 99.0
seq:
  - id: magic
    type: u1
