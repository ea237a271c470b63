meta:
  id: twice
seq:
  - id: num_inputs
    type: u1
    valid:
      max: 20
      max: 21
