// Tables of jumps, as clang and Microsoft's compiler write them for x86-64: four bytes for each case, that count from
// the table or from the image, or eight that are the address. What of another shape there is stays unknown; AArch64's,
// whose entries may be one byte, are.
#include <algorithm>
#include <cstring>
#include <optional>
#include <ranges>

#include "fuzz/image/function.h"

namespace sluice::image {

namespace {

constexpr std::size_t kMaxCases = 1024;

using Backwards = std::span<const Operation>;

bool writes(const Operation& operation, Register reg) {
  if ((operation.defines >> reg & 1) != 0) return true;
  const auto effects = std::span(operation.effects).first(operation.num_effects);
  return std::ranges::any_of(
      effects, [&](const Effect& effect) { return effect.kind != Effect::Kind::store && effect.destination == reg; });
}

// The number that the register has at the end of `before`, if the last that was written to it is one.
std::optional<std::int64_t> number_in(Backwards before, Register reg) {
  for (const Operation& operation : before | std::views::reverse) {
    if (!writes(operation, reg)) continue;
    const Effect& effect = operation.effects[0];
    return effect.kind == Effect::Kind::constant ? std::optional(effect.number) : std::nullopt;
  }
  return std::nullopt;
}

// The read by an index that gave the register its value; null where another thing did. One addition may come between.
const Operation* table_read(Backwards before, Register reg) {
  bool has_sum = false;
  for (const Operation& operation : before | std::views::reverse) {
    if (!writes(operation, reg)) continue;
    const bool is_read = operation.read.size != 0 && operation.effects[0].kind == Effect::Kind::load &&
                         operation.effects[0].destination == reg;
    if (is_read) return &operation;
    if (has_sum || operation.flow != Flow::next) return nullptr;
    has_sum = true;
  }
  return nullptr;
}

// How many cases a comparison in front says there are.
std::size_t num_cases(Backwards before) {
  for (const Operation& operation : before | std::views::reverse) {
    const Term& right = operation.comparison.right;
    if (!operation.comparison.is_there || operation.comparison.is_test || right.kind != Term::Kind::number) continue;
    const bool is_bound = right.number >= 0 && right.number < static_cast<std::int64_t>(kMaxCases);
    return is_bound ? static_cast<std::size_t>(right.number) + 1 : 0;
  }
  return 0;
}

std::optional<std::uint64_t> entry_at(const Code& code, std::uint64_t at, std::size_t width) {
  if (at > code.bytes.size() || code.bytes.size() - at < width) return std::nullopt;
  if (width == 8) {
    std::uint64_t value = 0;
    std::memcpy(&value, code.bytes.data() + at, width);
    return value;
  }
  std::int32_t value = 0;
  std::memcpy(&value, code.bytes.data() + at, width);
  return static_cast<std::uint64_t>(std::int64_t{value});
}

}  // namespace

std::vector<std::uint32_t> read_jump_table(const Code& code, std::span<const Operation> before, const Operation& jump) {
  std::vector<std::uint32_t> targets;
  if (code.image->machine != Machine::x86_64) return targets;
  const Operation* reading = nullptr;
  Backwards in_front = before;
  if (jump.read.size != 0) {
    reading = &jump;
  } else if (jump.comparison.left.kind == Term::Kind::reg && jump.comparison.left.reg != kNoRegister) {
    reading = table_read(before, jump.comparison.left.reg);
    if (reading != nullptr) in_front = before.first(static_cast<std::size_t>(reading - before.data()));
  }
  if (reading == nullptr || (reading->read.size != 4 && reading->read.size != 8)) return targets;

  // Microsoft's entries count from the image and their table lies at a displacement; here the image lies at 0.
  const Place& place = reading->read;
  const auto base = place.base == kNoRegister ? 0 : number_in(in_front, place.base).value_or(-1);
  if (base < 0) return targets;
  const auto table = static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(place.displacement);
  const std::size_t count = num_cases(before);
  for (std::size_t i = 0; i < count; ++i) {
    const auto entry = entry_at(code, table + i * place.scale, place.size);
    if (!entry) break;
    const std::uint64_t target = place.size == 8 ? *entry : *entry + static_cast<std::uint64_t>(base);
    if (target >= code.bytes.size() || !(*code.is_code)[target]) break;
    targets.push_back(static_cast<std::uint32_t>(target));
  }
  std::ranges::sort(targets);
  const auto twice = std::ranges::unique(targets);
  targets.erase(twice.begin(), twice.end());
  return targets;
}

}  // namespace sluice::image
