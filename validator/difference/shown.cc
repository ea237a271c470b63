#include "validator/difference/shown.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::difference {

namespace {

using program::MemberInfo;
using program::MemberRole;
using program::Object;
using program::Program;
using program::Session;
using program::Tag;
using program::Value;

constexpr std::uint64_t kShownText = 40;  // characters
constexpr std::uint64_t kShownBytes = 12;
constexpr std::uint64_t kShownItems = 12;
constexpr std::size_t kShownSummary = 100;

std::string shown_text(std::string_view text, std::uint64_t from) {
  if (from == 0) return fmt::format("\"{}\"", printable(text, kShownText));
  while (from > 0 && from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) --from;
  return fmt::format("\"...{}\"", printable(text.substr(std::min<std::uint64_t>(from, text.size())), kShownText));
}

std::string shown_bytes(bytes::View data, std::uint64_t from) {
  std::string out = from == 0 ? "" : "...";
  const std::uint64_t end = std::min<std::uint64_t>(data.size(), from + kShownBytes);
  for (std::uint64_t k = from; k < end; ++k) out += fmt::format("{}{:02x}", out.empty() ? "" : " ", data[k]);
  if (from == 0 && end == data.size()) return "[" + out + "]";
  if (end < data.size()) out += " ...";
  return fmt::format("[{}] of {} bytes", out, data.size());
}

std::string shown_number(const Program& program, const Value& value) {
  if (value.tag != Tag::enumeration) return to_string(value.as_integer());
  const program::EnumInfo& info = program.enums[value.enum_id];
  const auto* label = info.find(value.as_integer());
  return label != nullptr ? label->text : fmt::format("{} (no {})", to_string(value.as_integer()), info.name);
}

}  // namespace

std::string shown(const Program& program, const Value& value, std::uint64_t from) {
  switch (value.tag) {
    case Tag::integer:
    case Tag::enumeration: return shown_number(program, value);
    case Tag::floating: return fmt::format("{}", value.number);
    case Tag::boolean: return value.bits != 0 ? "true" : "false";
    case Tag::string: return shown_text(value.text(), from);
    case Tag::bytes: return shown_bytes(value.view(), from);
    case Tag::object: return value.object->type->name;
    case Tag::array: return shown_list(program, *value.array);
    default: return "nothing";
  }
}

std::string shown_list(const Program& program, const program::Array& list) {
  std::string out;
  for (std::uint64_t k = 0; k < std::min(list.count, kShownItems); ++k) {
    const Value item = list.at(k);
    out += (out.empty() ? "" : ", ") + (item.tag == Tag::array ? "[..]" : shown(program, item));
  }
  return list.count <= kShownItems ? "[" + out + "]" : fmt::format("[{}, ...] of {} elements", out, list.count);
}

std::string summary(Session& session, const Plan& plan, Object* record, const RecordKey* key) {
  std::string out;
  for (std::uint32_t k = 0; k < record->type->members.size() && out.size() < kShownSummary; ++k) {
    const MemberInfo& info = record->type->members[k];
    const bool is_key = key != nullptr && std::ranges::find(key->shown, k) != key->shown.end();
    if (is_key || info.role == MemberRole::parameter || info.role == MemberRole::value_instance) continue;
    if (plan.of(record->type->id, k).is_derived) continue;
    const auto value = session.member(record, k);
    if (!value || !value->is_there()) continue;
    const bool counts = value->tag == Tag::array && plan.of(record->type->id, k).holds_structures;
    if (!out.empty()) out += ", ";
    out += counts ? fmt::format("{} ({})", info.id, value->array->count)
                  : fmt::format("{} {}", info.id, shown(session.program(), *value));
  }
  return out;
}

std::string key_text(Session& session, const RecordKey& key, Object* record, const Value& value) {
  std::string out;
  for (const std::uint32_t member : key.shown) {
    const auto field = session.member(record, member);
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", record->type->members[member].id,
                       field ? shown(session.program(), *field) : "?");
  }
  return out.empty() ? fmt::format("{} {}", key.text, shown(session.program(), value)) : out;
}

Value key_value(Session& session, const RecordKey& key, Object* container, const Value& element, std::uint64_t index) {
  if (element.tag != Tag::object) return Value::null();
  const auto value =
      key.member ? session.member(element.object, *key.member) : session.evaluate(key.entry, container, element, index);
  return value.value_or(Value::null());
}

}  // namespace sluice::difference
