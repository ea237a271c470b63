meta:
  id: mutual
seq:
  - id: magic
    type: u1
instances:
  chicken:
    pos: egg
    type: u1
  egg:
    pos: chicken
    type: u1
