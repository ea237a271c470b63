meta: {id: follows}
seq:
  - {id: elements, type: element, repeat: eos}
types:
  element:
    seq:
      - {id: a, type: u1, valid: {max: 9}}
    instances:
      next: {type: u1, if: not _io.eof}
