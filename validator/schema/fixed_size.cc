// Sizes that no data decides: what `sizeof` may ask for.
#include <limits>
#include <vector>

#include "validator/expression/check.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

// Beyond this a size is as good as unknown; it keeps sums of sizes within 64 bits.
constexpr Integer kMaxBits = Integer{1} << 60;

std::optional<std::uint64_t> bounded(Integer bits) {
  if (bits < 0 || bits > kMaxBits) return std::nullopt;
  return static_cast<std::uint64_t>(bits);
}

std::optional<Integer> constant(const Expression& expression) {
  if (!expression) return std::nullopt;
  return expression::constant_integer(*expression.expr);
}

std::optional<std::uint64_t> element_bits(const Schema& schema, const Member& member) {
  const DataType& data = member.data;
  switch (data.kind) {
    case DataKind::integer:
    case DataKind::floating: return data.width * 8u;
    case DataKind::bits: return data.width;
    case DataKind::none: return std::nullopt;
    default: break;
  }
  if (member.sizing.size) {
    const std::optional<Integer> size = constant(member.sizing.size);
    return size && *size <= kMaxBits ? bounded(*size * 8) : std::nullopt;
  }
  if (data.kind != DataKind::structure || member.sizing.cuts_a_region()) return std::nullopt;
  return data.type_id == kNoType ? std::nullopt : schema.type(data.type_id).fixed_bits;
}

std::uint64_t align(std::uint64_t bits) { return (bits + 7) / 8 * 8; }

// Every type that stands in `type` without a size of its own must be done.
std::optional<std::uint64_t> type_bits(const Schema& schema, const TypeSpec& type) {
  if (type.opaque) return std::nullopt;
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < type.sequence_count; ++i) {
    const Member& member = type.members[type.first_sequence() + i];
    const std::optional<std::uint64_t> bits = member.condition ? std::nullopt : fixed_bits(schema, member);
    if (!bits) return std::nullopt;
    if (member.data.kind != DataKind::bits) total = align(total);
    const std::optional<std::uint64_t> sum = bounded(Integer{total} + *bits);
    if (!sum) return std::nullopt;
    total = *sum;
  }
  return total;
}

// Depth first without recursion, for nesting is as deep as the schema likes. A type met again while it is open contains
// itself and has no size.
class Sizer {
 public:
  explicit Sizer(Schema& schema) : schema_(schema), states_(schema.types.size(), State::fresh) {}

  void run() {
    for (TypeId id = 0; id < schema_.types.size(); ++id) {
      push(id);
      while (!open_.empty()) step();
    }
  }

 private:
  enum class State : std::uint8_t { fresh, open, done };
  struct Frame {
    TypeId type;
    std::uint32_t next = 0;  // of the seq members to look into
  };

  void push(TypeId id) {
    if (states_[id] != State::fresh) return;
    states_[id] = State::open;
    open_.push_back({.type = id});
  }

  void step() {
    Frame& frame = open_.back();
    const TypeSpec& type = schema_.type(frame.type);
    if (frame.next == type.sequence_count) {
      schema_.type(frame.type).fixed_bits = type_bits(schema_, type);
      states_[frame.type] = State::done;
      open_.pop_back();
      return;
    }
    const Member& member = type.members[type.first_sequence() + frame.next++];
    if (member.data.kind == DataKind::structure && member.data.type_id != kNoType) push(member.data.type_id);
  }

  Schema& schema_;
  std::vector<State> states_;
  std::vector<Frame> open_;
};

}  // namespace

std::optional<std::uint64_t> fixed_bits(const Schema& schema, const Member& member) {
  if (member.data.failed) return std::nullopt;
  const std::optional<std::uint64_t> element = element_bits(schema, member);
  if (!element || member.repeat == RepeatKind::none) return element;
  if (member.repeat != RepeatKind::count) return std::nullopt;
  const std::optional<Integer> count = constant(member.repeat_count);
  if (!count || *count < 0 || *count > kMaxBits) return std::nullopt;
  if (*element != 0 && *count > kMaxBits / *element) return std::nullopt;
  return bounded(*count * *element);
}

void find_fixed_sizes(Schema& schema) { Sizer(schema).run(); }

}  // namespace sluice::schema
