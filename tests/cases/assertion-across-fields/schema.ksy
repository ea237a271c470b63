meta:
  id: range
seq:
  - id: first
    type: u1
  - id: last
    type: u1
-sluice-asserts:
  - {expr: first <= last, message: a range ends before it begins}
