meta: {id: views}
seq:
  - {id: elements, type: element, repeat: eos}
types:
  element:
    seq:
      - {id: ofs, type: u1}
    instances:
      view: {pos: ofs, size: 4, io: _root._io}
