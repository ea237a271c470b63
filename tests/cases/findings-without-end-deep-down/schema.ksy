meta: {id: deep}
seq:
  - {id: has_more, type: u1}
  - {id: inner, type: deep, repeat: expr, repeat-expr: 'has_more == 1 ? 1 : 0'}
  - {id: values, type: u1, valid: 7, repeat: eos, if: has_more == 0}
