// Judgements over one value, and over a stream that has been read.
#include <fmt/core.h>

#include <algorithm>

#include "validator/bytes/sha256.h"
#include "validator/program/compare.h"
#include "validator/program/machine.h"
#include "validator/program/transform.h"

namespace sluice::program {

bool Machine::step_check(const Instruction& i) {
  const auto bound_checked = [&](FindingId id, auto&& violated, std::string_view name) {
    const Value bound = pop();
    const Value& v = operands_.back();
    if (!v.is_there()) return true;
    if (bound.tag == Tag::failed) return fail_silently();
    if (!bound.is_there()) return fail(FindingId::null_access, {{"what", "the bound"}});
    if (!charge_compared(v, bound)) return false;
    const auto order = compare(v, bound);
    if (order && !violated(*order)) return true;
    return violation(id, {{"actual", describe(v)}, {std::string(name), describe(bound)}},
                     i.op == Op::check_equal && i.a != 0);
  };
  switch (i.op) {
    case Op::check_equal: return bound_checked(FindingId::not_equal, [](int o) { return o != 0; }, "expected");
    case Op::check_minimum: return bound_checked(FindingId::too_small, [](int o) { return o < 0; }, "bound");
    case Op::check_maximum: return bound_checked(FindingId::too_large, [](int o) { return o > 0; }, "bound");
    case Op::check_any_of: {
      const std::size_t first = operands_.size() - i.b;
      const Value v = operands_[first - 1];
      std::string allowed;
      bool found = !v.is_there();
      for (std::size_t k = first; k < operands_.size() && !found; ++k) {
        if (!charge_compared(v, operands_[k])) return false;
        const auto order = compare(v, operands_[k]);
        found = order && *order == 0;
        if (k < first + 16) allowed += (allowed.empty() ? "" : ", ") + describe(operands_[k]);
      }
      operands_.resize(first);
      return found || violation(FindingId::not_any_of, {{"actual", describe(v)}, {"allowed", allowed}}, false);
    }
    case Op::check_enum: {
      const Value& v = operands_.back();
      if (v.tag != Tag::enumeration) return true;
      if (i.a == 0 && mode_ != Mode::judge) return true;
      const EnumInfo& info = program_.enums[i.b];
      if (info.find(v.as_integer()) != nullptr) return true;
      return violation(i.a != 0 ? FindingId::not_in_enum : FindingId::unknown_enum,
                       {{"actual", describe(v)}, {"enum", info.full_name}}, false);
    }
    case Op::check_expression: {
      const Value holds = pop();
      const Value& v = operands_.back();
      if (holds.tag == Tag::failed) return fail_silently();
      if (holds.tag == Tag::boolean && holds.bits != 0) return true;
      if (holds.tag != Tag::boolean) return fail(FindingId::null_access, {{"what", "the condition"}});
      return violation(FindingId::expression_false,
                       {{"expression", std::string(program_.text(i.b))}, {"actual", describe(v)}}, false);
    }
    case Op::check_assertion: {
      const Value holds = pop();
      if (holds.tag == Tag::failed) return fail_silently();
      if (holds.tag == Tag::boolean && holds.bits != 0) return true;
      return violation(FindingId::assertion_false, {{"expression", std::string(program_.text(i.b))}}, false);
    }
    case Op::check_checksum: {
      const Value& v = operands_.back();
      const Value begin = top().self->slots()[i.b];
      const Value end = top().self->slots()[i.b + 1];
      if (begin.tag != Tag::integer || end.tag != Tag::integer || begin.bits > end.bits || end.bits > reader().size() ||
          !v.is_there()) {
        return true;  // the region was not read, which was a finding of its own or an `if`
      }
      const bytes::View region = top().self->stream->reader.all().subspan(begin.bits, end.bits - begin.bits);
      if (!charge_bytes(region.size())) return false;
      const auto algorithm = static_cast<ChecksumAlgorithm>(i.a);
      Value actual;
      std::string digest;
      if (algorithm == ChecksumAlgorithm::sha256) {
        digest = bytes::sha256(region);
        actual = Value::bytes({reinterpret_cast<const std::uint8_t*>(digest.data()), digest.size()});
      } else {
        actual = Value::unsigned_integer(checksum(algorithm, region));
      }
      const auto order = compare(v, actual);
      if (order && *order == 0) return true;
      const auto show = [&](const Value& x) {
        return x.tag == Tag::bytes ? describe(x) : fmt::format("{:#x}", static_cast<std::uint64_t>(x.bits));
      };
      return violation(FindingId::checksum_mismatch,
                       {{"algorithm", std::string(name_of(algorithm))},
                        {"region", std::string(program_.text(static_cast<std::uint32_t>(i.c)))},
                        {"actual", show(actual)},
                        {"expected", show(v)}},
                       false);
    }
    default: std::abort();
  }
}

// A value as a finding shows it.
std::string Machine::describe(const Value& value) const {
  switch (value.tag) {
    case Tag::integer:
      // Large numbers are marks and offsets as often as amounts.
      return value.negative || value.bits < 4096 ? to_string(value.as_integer())
                                                 : fmt::format("{} ({:#x})", value.bits, value.bits);
    case Tag::enumeration: {
      const EnumInfo::Label* label = program_.enums[value.enum_id].find(value.as_integer());
      Value plain = value;
      plain.tag = Tag::integer;
      return label == nullptr ? describe(plain) : fmt::format("{} ({})", label->text, to_string(value.as_integer()));
    }
    case Tag::floating: return fmt::format("{}", value.number);
    case Tag::boolean: return value.bits != 0 ? "true" : "false";
    case Tag::string: return "\"" + printable(value.text(), 60) + "\"";
    case Tag::bytes: {
      constexpr std::uint64_t kShown = 16;
      std::string out = "[";
      for (std::uint64_t k = 0; k < std::min(value.size, kShown); ++k)
        out += fmt::format("{}{:02x}", k == 0 ? "" : " ", value.data[k]);
      return out + (value.size > kShown ? fmt::format(" ... {} bytes]", value.size) : "]");
    }
    case Tag::object: return value.object->type->name;
    case Tag::array: return counted(value.array->count, "element");
    case Tag::stream: return "a stream";
    default: return "nothing";
  }
}

}  // namespace sluice::program
