#include "validator/program/value_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::program {

std::string value_text(const Session& session, const Value& value) {
  switch (value.tag) {
    case Tag::absent:
    case Tag::pending:
    case Tag::failed: return "not read";
    case Tag::null: return "null";
    case Tag::integer: {
      const Integer v = value.as_integer();
      return v < 4096 ? to_string(v) : fmt::format("{} ({:#x})", to_string(v), value.bits);
    }
    case Tag::floating: return fmt::format("{}", value.number);
    case Tag::boolean: return value.bits != 0 ? "true" : "false";
    case Tag::string: return "\"" + printable(value.text(), 120) + "\"";
    case Tag::bytes: {
      constexpr std::uint64_t kShown = 16;
      std::string out = "[";
      for (std::uint64_t k = 0; k < std::min(value.size, kShown); ++k) {
        out += fmt::format("{}{:02x}", k == 0 ? "" : " ", value.data[k]);
      }
      return out + (value.size > kShown ? fmt::format(" ...] {} bytes", value.size) : "]");
    }
    case Tag::enumeration: {
      const EnumInfo& info = session.program().enums[value.enum_id];
      const auto* label = info.find(value.as_integer());
      return fmt::format("{}::{} ({})", info.name, label == nullptr ? "?" : label->text, to_string(value.as_integer()));
    }
    case Tag::array: {
      constexpr std::uint64_t kShown = 16;
      std::string out;
      for (std::uint64_t k = 0; k < std::min(value.array->count, kShown); ++k) {
        const Value item = value.array->at(k);
        if (item.tag == Tag::object || item.tag == Tag::array) break;
        out += (out.empty() ? "" : ", ") + value_text(session, item);
      }
      return fmt::format("{} elements{}{}", value.array->count, out.empty() ? "" : ": ", out);
    }
    case Tag::object: return value.object->type->name;
    case Tag::stream: return "a stream";
  }
  return {};
}

}  // namespace sluice::program
