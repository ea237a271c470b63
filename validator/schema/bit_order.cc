// Bit fields of both orders may follow each other only where a byte begins: in one byte they would claim the same bits.
#include "validator/expression/check.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

// What is known of the place in the current byte.
struct Position {
  bool is_known = true;
  unsigned bit = 0;
  BitEndian order = BitEndian::big;  // of the field that ended there
};

void advance(Position& at, const Member& member) {
  const std::uint64_t width = member.data.width;
  if (member.condition) {
    at.is_known = at.is_known && width % 8 == 0;
    return;
  }
  std::uint64_t fields = 1;
  if (member.repeat != RepeatKind::none) {
    const std::optional<Integer> count =
        member.repeat_count ? expression::constant_integer(*member.repeat_count.expr) : std::nullopt;
    if (!count || *count < 0) {
      at.is_known = at.is_known && width % 8 == 0;
      return;
    }
    fields = static_cast<std::uint64_t>(*count % 8);
  }
  at.bit = static_cast<unsigned>((at.bit + fields * width) % 8);
}

void check_type(Loader& loader, const TypeSpec& type) {
  Position at;
  for (std::uint32_t i = 0; i < type.sequence_count; ++i) {
    const Member& member = type.members[type.first_sequence() + i];
    if (member.data.failed) return;
    if (member.data.kind != DataKind::bits) {
      if (!member.condition) {
        at = {};
      } else {
        at.is_known = at.is_known && at.bit == 0;  // if it is absent, the byte stays open
      }
      continue;
    }
    if (at.is_known && at.bit != 0 && at.order != member.data.bit_endian) {
      loader.problems.error({.file = type.file_index, .path = member.path + "/type", .mark = member.data.mark},
                            "bit fields of both orders meet inside a byte");
      return;
    }
    advance(at, member);
    at.order = member.data.bit_endian;
  }
}

}  // namespace

void check_bit_orders(Loader& loader) {
  for (const auto& type : loader.schema.types) check_type(loader, *type);
}

}  // namespace sluice::schema
