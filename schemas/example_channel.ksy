# An example to read, to copy from and to play with. The format is made up; no product reads it.
meta:
  id: example_channel
  title: Example channel file
  license: Apache-2.0
  encoding: ASCII
  endian: le

doc: |
  What a sensor driver matches events against. A template type says how many inputs an event of its kind has. An
  instance names one template type and what some of these inputs must be. Inputs count from 0.

seq:
  - id: magic
    contents: SLCH
  - id: version
    type: u2
    valid: 1
  - id: num_template_types
    type: u2
    valid: {min: 1, max: 64}
  - id: num_instances
    type: u4
    valid: {max: 10000}
  - id: body_crc
    type: u4
    # From the first byte of the first field to the last byte of the last. Keys that begin with -sluice- are sluice's;
    # the Kaitai compiler skips them.
    -sluice-checksum: {crc32: [template_types, instances]}
  - id: template_types
    type: template_type
    repeat: expr
    repeat-expr: num_template_types
  - id: instances
    type: instance
    repeat: expr
    repeat-expr: num_instances

types:
  template_type:
    seq:
      - id: num_inputs
        type: u1
        valid: {min: 1, max: 32}
      - id: name
        type: strz
        valid: {expr: _.length > 0}

  instance:
    seq:
      - id: id
        type: u4
      - id: type_index
        type: u1
        valid: {max: _root.num_template_types - 1}
      - id: num_criteria
        type: u1
        valid: {min: 1, max: template_type.num_inputs}
      - id: criteria
        type: criterion
        repeat: expr
        repeat-expr: num_criteria
    instances:
      template_type:
        value: _root.template_types[type_index]

  criterion:
    seq:
      - id: input
        type: u1
        # The bound that matters: an input that the template type does not define must never be read.
        valid: {max: _parent.template_type.num_inputs - 1}
      - id: op
        type: u1
        enum: op
      - id: len_value
        type: u2
        valid: {max: 256}
      - id: value
        type: str
        size: len_value
    -sluice-asserts:
      - {expr: op != op::any or len_value == 0, message: a wildcard carries a value}

enums:
  op:
    0:
      id: any
      doc: A wildcard. The input is not read.
    1: equals
    2: starts_with
    3: contains
