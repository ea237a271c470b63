meta:
  id: mutual
seq:
  - id: magic
    type: u1
instances:
  chicken:
    value: egg + 1
  egg:
    value: chicken + 1
