# What a USB device says of its reports, and a driver parses: items one after the other. From the Device Class Definition
# for Human Interface Devices, version 1.11, section 6.2.2.
meta:
  id: hid_report_descriptor
  title: HID report descriptor
  license: Apache-2.0
  endian: le

seq:
  - id: items
    type: item
    repeat: eos

types:
  item:
    seq:
      - id: tag
        type: b4
      - id: kind
        type: b2
        enum: kind
      - id: size_code
        type: b2
        doc: The bytes of data of a short item, but that 3 stands for 4.
      - id: len_long
        type: u1
        if: is_long
      - id: long_tag
        type: u1
        if: is_long
      - id: data
        size: 'is_long ? len_long : size_code == 3 ? 4 : size_code'
    instances:
      is_long:
        value: tag == 15 and kind == kind::reserved and size_code == 2
        doc: 6.2.2.3. No driver is known to make anything of these.

enums:
  kind:
    0: main
    1: global
    2: local
    3: reserved
