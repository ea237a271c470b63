meta:
  id: schema
  imports:
    - schema
seq:
  - id: magic
    type: u1
