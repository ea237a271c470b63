#include "validator/cli/value_json.h"

#include <fmt/format.h>

#include <cmath>

namespace sluice::cli {

using program::Array;
using program::MemberInfo;
using program::Object;
using program::Session;
using program::Tag;
using program::Value;
using report::JsonWriter;
using Shape = JsonWriter::Shape;

std::string error_kind(const Finding& finding) {
  switch (finding.id) {
    case FindingId::end_of_stream:
    case FindingId::terminator_missing: return "EndOfStreamError";
    case FindingId::undecided_endianness: return "UndecidedEndiannessError";
    case FindingId::bad_conversion: return "ConversionError";
    case FindingId::not_equal: return "ValidationNotEqualError";
    case FindingId::too_small: return "ValidationLessThanError";
    case FindingId::too_large: return "ValidationGreaterThanError";
    case FindingId::not_any_of: return "ValidationNotAnyOfError";
    case FindingId::not_in_enum: return "ValidationNotInEnumError";
    case FindingId::expression_false: return "ValidationExprError";
    default: return code_of(finding.id);
  }
}

namespace {

class ValueWriter {
 public:
  ValueWriter(JsonWriter& out, Session& session, bool whole) : out_(out), session_(session), whole_(whole) {}

  // The structure of which `value` is a field, or null: an answer to an expression.
  void fields_of(const Value& value, const Object* container, std::uint32_t member) {
    switch (value.tag) {
      case Tag::absent:
      case Tag::pending:
      case Tag::failed:
      case Tag::null: out_.string("t", "null"); return;
      case Tag::integer:
        out_.string("t", "int");
        out_.string("v", to_string(value.as_integer()));
        return;
      case Tag::floating:
        out_.string("t", "float");
        if (std::isfinite(value.number)) {
          out_.raw("v", fmt::format("{}", value.number));
        } else {
          out_.string("v", fmt::format("{}", value.number));
        }
        return;
      case Tag::boolean:
        out_.string("t", "bool");
        out_.boolean("v", value.bits != 0);
        return;
      case Tag::string:
        out_.string("t", "str");
        out_.string("v", value.text());
        return;
      case Tag::bytes: bytes(value); return;
      case Tag::enumeration: enumeration(value); return;
      case Tag::array: array(*value.array, container, member); return;
      case Tag::object: object(value.object, container, member); return;
      case Tag::stream: out_.string("t", "io"); return;
    }
  }

 private:
  void bytes(const Value& value) {
    std::string hex;
    hex.reserve(value.size * 2);
    for (const std::uint8_t b : value.view()) {
      hex += "0123456789abcdef"[b >> 4];
      hex += "0123456789abcdef"[b & 15];
    }
    out_.string("t", "bytes");
    out_.string("hex", hex);
  }

  void enumeration(const Value& value) {
    const program::EnumInfo& info = session_.program().enums[value.enum_id];
    const auto* label = info.find(value.as_integer());
    out_.string("t", label != nullptr ? "enum" : "int");  // as the language's own runtimes have it
    out_.string("enum", info.full_name);
    out_.string("v", to_string(value.as_integer()));
    if (label != nullptr) out_.string("label", label->text);
  }

  void array(const Array& array, const Object* container, std::uint32_t member) {
    out_.string("t", "array");
    out_.begin_array("v", Shape::tight);
    for (std::uint64_t k = 0; k < array.count; ++k) {
      out_.begin_object(Shape::tight);
      fields_of(array.at(k), container, member);
      out_.end();
    }
    out_.end();
  }

  // The walk limits how deep structures nest, and so how deep this recurses.
  void object(Object* object, const Object* container, std::uint32_t member) {
    const bool at_home = container == nullptr || (object->container == container && object->member == member);
    if (whole_ && !at_home) {
      out_.string("t", "ref");
      return;
    }
    out_.string("t", "struct");
    out_.string("type", object->type->name);
    if (!whole_) return;
    out_.begin_object("f", Shape::tight);
    for (std::uint32_t k = 0; k < object->type->members.size(); ++k) {
      const MemberInfo& info = object->type->members[k];
      const auto value = session_.member(object, k);
      out_.begin_object(info.id, Shape::tight);
      if (value) {
        fields_of(*value, object, k);
      } else {
        out_.string("t", "error");
        out_.string("kind", error_kind(session_.failure()));
      }
      out_.end();
    }
    out_.end();
  }

  JsonWriter& out_;
  Session& session_;
  bool whole_;
};

}  // namespace

void write_error(JsonWriter& out, std::string_view key, const Finding& finding) {
  out.begin_object(key, Shape::tight);
  out.string("kind", error_kind(finding));
  out.string("message", because(finding));
  if (!finding.path.empty()) out.string("path", finding.path);
  out.end();
}

void write_value(JsonWriter& out, Session& session, const Value& value, bool whole) {
  out.begin_object(Shape::tight);
  ValueWriter(out, session, whole).fields_of(value, nullptr, 0);
  out.end();
}

void write_value(JsonWriter& out, std::string_view key, Session& session, const Value& value, bool whole) {
  out.begin_object(key, Shape::tight);
  ValueWriter(out, session, whole).fields_of(value, nullptr, 0);
  out.end();
}

}  // namespace sluice::cli
