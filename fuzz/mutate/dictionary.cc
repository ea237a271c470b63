#include "fuzz/mutate/dictionary.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "validator/expression/check.h"
#include "validator/schema/expressions.h"

namespace sluice::mutate {

namespace {

using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using schema::DataKind;
using schema::DataType;
using schema::Endian;
using schema::Expression;
using schema::Member;
using schema::TypeSpec;
using schema::Validation;

// How a number lies in the content.
struct Format {
  unsigned width = 0;  // bytes; 0: none
  bool big_endian = false;
  auto operator<=>(const Format&) const = default;
};

std::vector<Format> formats_of(const DataType& data) {
  if (data.kind == DataKind::bits && data.width <= 8) return {{1, false}};
  if (data.kind != DataKind::integer) return {};
  if (data.width == 1) return {{1, false}};
  if (data.endian == Endian::calculated) return {{data.width, false}, {data.width, true}};
  return {{data.width, data.endian == Endian::big}};
}

std::string clean(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += is_plain ? c : '_';
  }
  return name;
}

class Collector {
 public:
  explicit Collector(const schema::Schema& schema) : schema_(schema) {}

  std::vector<Word> run() {
    for (const auto& type : schema_.types) {
      for (const Member& member : type->members) add_member(*type, member);
    }
    for (const auto& type : schema_.types) {
      schema::for_each_expression(*type, [&](const Expression& e) { add_constants(e, type->name); });
    }
    schema::for_each_expression(schema_.rules, [&](const Expression& e) { add_constants(e, "rule"); });
    return std::move(words_);
  }

 private:
  void add(std::string name, std::vector<std::uint8_t> bytes) {
    if (bytes.empty() || bytes.size() > kLongestWord || words_.size() == kMostWords) return;
    if (seen_.insert(bytes).second) words_.push_back({std::move(name), std::move(bytes)});
  }

  void add_number(const std::string& name, Integer value, Format format) {
    const unsigned bits = format.width * 8;
    const Integer above = Integer{1} << bits;
    if (value >= above || value < -(above / 2)) return;  // no such field can hold it
    std::vector<std::uint8_t> bytes(format.width);
    for (unsigned i = 0; i < format.width; ++i) {
      const unsigned at = format.big_endian ? format.width - 1 - i : i;
      bytes[at] = static_cast<std::uint8_t>(value >> (8 * i) & 0xFF);
    }
    add(name, std::move(bytes));
  }

  void add_text(const std::string& name, std::string_view text) { add(name, {text.begin(), text.end()}); }

  void add_enum(const std::string& name, const DataType& data) {
    if (data.enum_id == schema::kNoEnum) return;
    for (const Format format : formats_of(data)) {
      for (const schema::EnumMember& m : schema_.enumeration(data.enum_id).members) {
        add_number(name + "_" + m.label, m.value, format);
      }
    }
  }

  void add_bound(const std::string& name, const DataType& data, const Expression& bound, int outside) {
    if (!bound) return;
    const auto value = expression::constant_integer(*bound.expr);
    if (!value) return;
    for (const Format format : formats_of(data)) {
      add_number(name, *value, format);
      if (outside != 0) add_number(name + "_outside", *value + outside, format);
    }
  }

  void add_data(const std::string& name, const DataType& data) {
    add_enum(name, data);
    for (const schema::Case& item : data.cases) add_data(name, item.type);
  }

  void add_member(const TypeSpec& type, const Member& member) {
    const std::string name = clean(type.name + "_" + member.id);
    if (member.contents) add(name, *member.contents);
    add_data(name, member.data);
    add_bound(name, member.data, member.valid.equal, 1);
    add_bound(name + "_min", member.data, member.valid.min, -1);
    add_bound(name + "_max", member.data, member.valid.max, 1);
    for (const Expression& choice : member.valid.any_of) add_bound(name, member.data, choice, 0);
  }

  // The formats of the fields that an expression reads.
  void find_formats(const Expr& expr, std::set<Format>& formats) const {
    if (expr.binding.kind == Binding::Kind::member && expr.binding.owner < schema_.types.size()) {
      const TypeSpec& owner = schema_.type(expr.binding.owner);
      if (expr.binding.index < owner.members.size()) {
        for (const Format f : formats_of(owner.members[expr.binding.index].data)) formats.insert(f);
      }
    }
    for (const auto& child : expr.children) find_formats(*child, formats);
  }

  // The narrowest that holds the number, where no field says how it is written.
  [[nodiscard]] Format usual_format(Integer value) const {
    const bool big = schema_.type(schema_.root).endian == Endian::big;
    if (value < 0) return {};
    for (const unsigned width : {1u, 2u, 4u}) {
      if (value < Integer{1} << (8 * width)) return {width, big};
    }
    return {8, big};
  }

  void add_constants(const Expression& e, const std::string& place) {
    if (!e) return;
    std::set<Format> formats;
    find_formats(*e.expr, formats);
    add_constants(*e.expr, clean(place) + "_constant", formats);
  }

  void add_constants(const Expr& expr, const std::string& name, const std::set<Format>& formats) {
    if (expr.kind == ExprKind::integer || expr.kind == ExprKind::enum_label) {
      if (formats.empty()) add_number(name, expr.value, usual_format(expr.value));
      for (const Format format : formats) add_number(name, expr.value, format);
    }
    if (expr.kind == ExprKind::string) add_text(name, expr.text);
    for (const auto& child : expr.children) add_constants(*child, name, formats);
  }

  const schema::Schema& schema_;
  std::vector<Word> words_;
  std::set<std::vector<std::uint8_t>> seen_;
};

}  // namespace

std::vector<Word> words_of(const schema::Schema& schema) { return Collector(schema).run(); }

std::string as_dictionary(std::span<const Word> words) {
  std::string out;
  for (const Word& word : words) {
    out += word.name + "=\"";
    for (const std::uint8_t byte : word.bytes) {
      const bool is_plain = byte > ' ' && byte < 0x7F && byte != '"' && byte != '\\';
      out += is_plain ? std::string(1, static_cast<char>(byte)) : fmt::format("\\x{:02x}", byte);
    }
    out += "\"\n";
  }
  return out;
}

}  // namespace sluice::mutate
