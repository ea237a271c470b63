#include "fuzz/mutate/lenient.h"

namespace sluice::mutate {

namespace {

// `contents: abc` reads as `size: 3`.
void read_contents_as_bytes(schema::Member& member) {
  auto size = std::make_unique<expression::Expr>();
  size->value = static_cast<Integer>(member.contents->size());
  size->type = expression::Type::integer();
  member.sizing.size.text = to_string(size->value);
  member.sizing.size.path = member.path;
  member.sizing.size.expr = std::move(size);
  member.data.kind = schema::DataKind::bytes;
  member.contents.reset();
}

void relax_encoding(schema::DataType& data) {
  if (data.kind == schema::DataKind::string && data.encoding == "ASCII") data.encoding = "ISO-8859-1";
  for (schema::Case& c : data.cases) relax_encoding(c.type);
}

}  // namespace

void make_lenient(schema::Schema& schema) {
  schema::relax(schema, {.trailing_bytes = true, .overlap = true, .unknown_enum = true, .unmatched_switch = true});
  schema.rules = {};
  for (auto& type : schema.types) {
    type->asserts.clear();
    for (schema::Member& member : type->members) {
      member.valid.kind = schema::Validation::Kind::none;
      member.checksum.algorithm = schema::Checksum::Algorithm::none;
      member.sluice_valid.expr.reset();
      if (member.contents) read_contents_as_bytes(member);
      relax_encoding(member.data);
    }
  }
}

}  // namespace sluice::mutate
