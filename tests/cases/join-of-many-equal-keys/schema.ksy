meta: {id: jk, endian: le}
seq:
  - {id: num_rows, type: u4}
  - {id: rows, type: row, repeat: expr, repeat-expr: num_rows}
  - {id: users, type: row, repeat: eos}
types:
  row:
    seq:
      - {id: id, type: u1}
      - {id: v, type: u1}
