meta: {id: chained, endian: le}
seq:
  - {id: num_rows, type: u1}
  - {id: rows, type: row, repeat: expr, repeat-expr: num_rows}
  - {id: largest, type: u1}
types:
  row:
    seq:
      - {id: kind, type: u1}
      - {id: next, type: u1, doc: "one more than its index; 0 is none"}
