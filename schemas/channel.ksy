# The reference channel format: what the reference sensor reads, and what corpus/channel writes. It is synthetic and
# sluice's own. It has the shape of such files as far as the public knows it (numbers and text that records refer to by
# offset and length, text without a NUL, a range of versions), and claims to be nobody's.
meta:
  id: channel
  title: Channel file of the reference sensor
  license: Apache-2.0
  encoding: ASCII
  endian: le

doc: |
  A template type says which inputs an event of its kind has. A template instance names one template type and what
  inputs must be like for it to match: its criteria. Inputs count from 0. Groups name runs of instances, and may have
  a parent. What criteria compare with lies in `data`.

  The parts follow each other without a gap. A driver that goes by the offsets in the header arrives at the same places.

seq:
  - id: header
    type: header
  - id: body_crc
    type: u4
    -sluice-checksum: {crc32: [data, instances]}
  - id: data
    type: data
    size: header.len_data
  - id: padding
    type: u1
    valid: 0
    repeat: expr
    repeat-expr: header.ofs_template_types - header.ofs_data - header.len_data
  - id: template_types
    type: template_type
    repeat: expr
    repeat-expr: header.num_template_types
  - id: inputs
    type: input
    repeat: expr
    repeat-expr: header.num_inputs
  - id: groups
    type: group
    repeat: expr
    repeat-expr: header.num_groups
  - id: instances
    type: template_instance
    repeat: expr
    repeat-expr: header.num_instances

types:
  header:
    seq:
      - id: magic
        contents: SLRC
      - id: format_version
        type: u2
        valid: 1
      - id: channel_id
        type: u2
        valid: {min: 1}
      - id: version0
        type: u4
        doc: The version that this file replaces.
      - id: version1
        type: u4
        valid: {expr: _ > version0}
      - id: min_build
        type: str
        size: 8
        pad-right: 0
        doc: The first driver build that the file is for, `7.10`.
        valid: {expr: _.length > 0}
      - id: max_build
        type: str
        size: 8
        pad-right: 0
        valid: {expr: _.length > 0}
      - id: len_file
        type: u4
        valid: _root._io.size
      - id: ofs_data
        type: u4
        valid: 80
      - id: len_data
        type: u4
        valid: {max: 0x1000000}
      - id: ofs_template_types
        type: u4
        valid: (ofs_data + len_data + 3) / 4 * 4
      - id: num_template_types
        type: u4
        valid: {min: 1, max: 4096}
      - id: ofs_inputs
        type: u4
        valid: ofs_template_types + 12 * num_template_types
      - id: num_inputs
        type: u4
        valid: {max: 0x40000}
      - id: ofs_groups
        type: u4
        valid: ofs_inputs + 8 * num_inputs
      - id: num_groups
        type: u4
        valid: {max: 0x10000}
      - id: ofs_instances
        type: u4
        valid: ofs_groups + 20 * num_groups
      - id: num_instances
        type: u4
        valid: {max: 0x1000000}

  data:
    doc: |
      Explained by what refers to it: operands and names. First the numbers, each at a multiple of 4, then text and
      bytes. That nothing else is in it is the rule no-hidden-bytes.
    -sluice-allow: [trailing-bytes]

  template_type:
    seq:
      - id: id
        type: u2
        valid: {min: 1}
      - id: num_inputs
        type: u2
        valid: {min: 1, max: 64}
      - id: ofs_name
        type: u4
      - id: len_name
        type: u2
        valid: {min: 1, max: 64}
      - id: reserved
        type: u2
        valid: 0
    instances:
      name:
        io: _root.data._io
        pos: ofs_name
        size: len_name
        type: str
        terminator: 0
    -sluice-asserts:
      # Nothing ends the text but its length. With a NUL inside, code in C would read another text than this.
      - {expr: name.length == len_name, message: the name has a NUL inside}

  input:
    doc: The kind of value that one input of one template type has.
    seq:
      - id: type_id
        type: u2
      - id: number
        type: u2
        valid: {max: 63}
      - id: kind
        type: u2
        enum: kind
        valid: {any-of: ['kind::text', 'kind::number', 'kind::bytes']}
      - id: reserved
        type: u2
        valid: 0

  group:
    doc: A run of instances that is switched on and off together with the groups below it.
    seq:
      - id: id
        type: u4
        valid: {min: 1}
      - id: parent
        type: u4
        doc: 0 if there is none, otherwise one more than the index of a group.
        valid: {max: _root.header.num_groups}
      - id: first_instance
        type: u4
      - id: num_instances
        type: u4
      - id: state
        type: u2
        enum: state
      - id: reserved
        type: u2
        valid: 0

  template_instance:
    seq:
      - id: id
        type: u4
        valid: {min: 1}
      - id: type_id
        type: u2
      - id: state
        type: u1
        enum: state
      - id: action
        type: u1
        enum: action
      - id: next
        type: u4
        doc: |
          What is evaluated next if this one matches: 0 if nothing, otherwise one more than the index of an instance.
        valid: {max: _root.header.num_instances}
      - id: num_criteria
        type: u2
        valid: {min: 1, max: 64}
      - id: reserved
        type: u2
        valid: 0
      - id: criteria
        type: criterion
        repeat: expr
        repeat-expr: num_criteria

  criterion:
    seq:
      - id: input
        type: u2
        valid: {max: 63}
      - id: op
        type: u1
        enum: op
      - id: kind
        type: u1
        enum: kind
        doc: What the operand consists of. The kind of the input must be the same.
      - id: ofs_operand
        type: u4
        doc: In `data`.
        valid: {expr: kind != kind::number or _ % 4 == 0}
      - id: len_operand
        type: u4
        valid: {expr: 'op == op::any or _ > 0'}
    instances:
      operand:
        io: _root.data._io
        pos: ofs_operand
        size: len_operand
        type:
          switch-on: op
          cases:
            'op::in_set': number_set
            'op::range': number_range
            'op::regex': regex
            _: comparand
        if: op != op::any
    -sluice-asserts:
      - expr: |
          op == op::any ? kind == kind::none :
          op == op::equals ? kind != kind::none :
          op == op::regex ? kind == kind::text :
          op == op::in_set or op == op::range ? kind == kind::number :
          kind == kind::text or kind == kind::bytes
        message: the operator does not fit the kind of its operand
      - {expr: 'op != op::any or (ofs_operand == 0 and len_operand == 0)', message: a wildcard has an operand}

  comparand:
    seq:
      - id: text
        type: str
        size-eos: true
        terminator: 0
        if: _parent.kind == kind::text
      - id: number
        type: u4
        if: _parent.kind == kind::number
      - id: bytes
        size-eos: true
        if: _parent.kind == kind::bytes
    -sluice-asserts:
      - expr: _parent.kind != kind::text or text.length == _parent.len_operand
        message: the text has a NUL inside

  number_set:
    seq:
      - id: members
        type: u4
        repeat: eos

  number_range:
    seq:
      - id: low
        type: u4
      - id: high
        type: u4
        valid: {min: low}

  regex:
    doc: |
      Printable ASCII, without groups and counts, and with one star or plus in all: an engine that backtracks then
      takes at most the square of the text's length. An escaped star counts too, to keep the rule easy to hold.
      The driver keeps a bit for each character, on its stack.
    seq:
      - id: characters
        type: 'regex_character(_index == 0 ? 0 : characters[_index - 1].repetitions)'
        repeat: eos
    -sluice-asserts:
      - {expr: characters.last.repetitions <= 1, message: a regular expression has more than one star or plus}
      - {expr: characters.size <= 256, message: a regular expression has more than 256 characters}

  regex_character:
    params:
      - id: repetitions_before
        type: u4
    seq:
      - id: code
        type: u1
        valid: {expr: _ >= 0x20 and _ <= 0x7e and _ != 0x28 and _ != 0x7b}
    instances:
      repetitions:
        value: 'repetitions_before + (code == 0x2a or code == 0x2b ? 1 : 0)'

enums:
  op:
    0:
      id: any
      doc: A wildcard. The input is not read.
    1: equals
    2: prefix
    3: suffix
    4: contains
    5: in_set
    6: range
    7: regex
  kind:
    0: none
    1: text
    2: number
    3: bytes
  state:
    1: enabled
    2: disabled
  action:
    1: observe
    2: detect
    3: prevent
