meta: {id: placed}
seq:
  - {id: elements, type: element, repeat: until, repeat-until: '_io.eof or _.body._io.size == 77'}
types:
  element:
    seq:
      - {id: ofs, type: u1}
      - {id: body, type: body, size: 1}
    instances:
      first: {pos: ofs, size: 1, io: _root._io}
  body:
    seq:
      - {id: a, type: u1}
