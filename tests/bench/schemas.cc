#include "tests/bench/schemas.h"

#include <fmt/core.h>

#include <algorithm>

#include "tests/bench/measure.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

namespace sluice::bench {

const char* const kChannel = R"(meta:
  id: channel
  title: Content channel
  endian: le
  encoding: ASCII
seq:
  - { id: header, type: header }
  - { id: template_types, type: template_type, repeat: expr, repeat-expr: header.num_template_types }
  - { id: instances, type: instance, repeat: expr, repeat-expr: header.num_instances }
types:
  header:
    seq:
      - { id: magic, contents: SLCH }
      - { id: version, type: u4, valid: 1 }
      - { id: num_template_types, type: u4 }
      - { id: num_instances, type: u4 }
  template_type:
    seq:
      - { id: id, type: u2 }
      - { id: num_fields, type: u2, valid: { max: 64 } }
      - { id: name, type: strz }
  instance:
    seq:
      - { id: id, type: u4 }
      - { id: type_id, type: u2, valid: { expr: _ < _root.header.num_template_types } }
      - { id: num_criteria, type: u2, valid: { max: 64 } }
      - { id: criteria, type: criterion, repeat: expr, repeat-expr: num_criteria }
  criterion:
    seq:
      - { id: op, type: u1, enum: op, valid: { in-enum: true } }
      - { id: len_value, type: u2 }
      - { id: value, size: len_value }
enums:
  op: { 0: any, 1: equal, 2: not_equal, 3: prefix, 4: regex }
)";

const char* const kRecords = R"(meta:
  id: records
  endian: le
seq:
  - { id: records, type: record, repeat: eos }
types:
  record:
    seq:
      - { id: serial, type: u4, valid: { min: 1, max: 1000000 } }
      - { id: address, type: u4, valid: { max: 65535 } }
      - { id: length, type: u2, valid: { min: 10, max: 4000 } }
      - { id: kind, type: u2, valid: { max: 7 } }
      - { id: cookie, type: u4 }
)";

std::string long_schema(int lines) {
  std::string schema =
      "meta: { id: long_schema, endian: le, encoding: UTF-8 }\nseq:\n  - { id: body, type: part_0 }\ntypes:\n";
  for (int part = 0; std::count(schema.begin(), schema.end(), '\n') < lines; ++part) {
    schema += fmt::format(R"(  part_{}:
    seq:
      - id: kind
        type: u2
        enum: kinds_{}
      - id: len_name
        type: u2
        valid: {{ max: 256 }}
      - id: name
        type: str
        size: len_name
      - id: extra
        type: u4
        if: kind != kinds_{}::none
      - id: values
        type: u2
        repeat: expr
        repeat-expr: len_name % 4
    instances:
      total:
        value: len_name * 2 + values.size
    enums:
      kinds_{}:
        0: none
        1: first
        2: second
)",
                          part, part, part, part);
  }
  return schema;
}

program::Program compiled(const std::string& schema, bool use_scan) {
  std::vector<schema::Problem> problems;
  const auto loaded = schema::load_schema_text("bench.ksy", schema, problems);
  require(loaded.has_value(), problems.empty() ? "a schema does not load" : problems.front().message);
  return schema::compile(*loaded, {.use_scan = use_scan});
}

}  // namespace sluice::bench
