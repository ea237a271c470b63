# What the example's driver reads: an access policy. It is made up for docs/bring-your-own-driver.md.
meta:
  id: policy
  title: Access policy of the example driver
  license: Apache-2.0
  encoding: ASCII
  endian: be

seq:
  - id: magic
    contents: GPOL
  - id: version
    type: u2
    valid: 1
  - id: num_rules
    type: u2
  - id: len_strings
    type: u4
  - id: reserved
    type: u4
    valid: 0
  - id: strings
    type: strings
    size: len_strings
  - id: rules
    type: rule
    repeat: expr
    repeat-expr: num_rules

types:
  strings:
    doc: Explained by the tests that refer to it.
    -sluice-allow: [trailing-bytes]

  rule:
    seq:
      - id: id
        type: u2
      - id: hook
        type: u1
        enum: hook
      - id: action
        type: u1
        enum: action
      - id: num_tests
        type: u1
        valid: {min: 1}
      - id: reserved
        type: u1
        valid: 0
      - id: len_logic
        type: u2
      - id: tests
        type: test
        repeat: expr
        repeat-expr: num_tests
      - id: logic
        type: node(num_tests, 1)
        size: len_logic

  test:
    seq:
      - id: field
        type: u1
        valid: {max: 2}
      - id: op
        type: u1
        enum: op
      - id: len_text
        type: u2
      - id: operand
        type: u4
        doc: A number, or where the text begins in `strings`.
    instances:
      is_text:
        value: op == op::equals or op == op::prefix or op == op::suffix
      text:
        io: _root.strings._io
        pos: operand
        size: len_text
        type: str
        if: is_text
      number:
        value: operand
        if: not is_text
    -sluice-asserts:
      - {expr: op == op::any or is_text == (field == 0), message: only field 0 is a text}

  node:
    params:
      - {id: num_tests, type: u1}
      - {id: depth, type: u1}
    seq:
      - id: tag
        type: u1
        enum: tag
      - id: len_value
        type: u1
      - id: value
        size: len_value
        type:
          switch-on: tag
          cases:
            'tag::test': test_number(num_tests)
            _: nodes(num_tests, depth + 1)
    -sluice-asserts:
      - {expr: depth <= 8, message: the driver follows 8 levels}

  nodes:
    params:
      - {id: num_tests, type: u1}
      - {id: depth, type: u1}
    seq:
      - id: nodes
        type: node(num_tests, depth)
        repeat: eos

  test_number:
    params:
      - {id: num_tests, type: u1}
    seq:
      - id: number
        type: u1
        valid: {expr: _ < num_tests}

enums:
  hook: {1: open, 2: connect}
  action: {1: deny, 2: audit}
  op: {0: any, 1: equals, 2: prefix, 3: suffix, 4: number, 5: at_least, 6: any_bit}
  tag: {1: all_of, 2: any_of, 3: none_of, 4: test}
