#include "validator/schema/schema.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace sluice::schema {

std::vector<std::uint32_t> order_by_id(const std::vector<Member>& members) {
  std::vector<std::uint32_t> order(members.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::pair(std::string_view(members[i].id), i); });
  return order;
}

const EnumMember* Enum::find(Integer value) const {
  const auto found = std::ranges::lower_bound(members, value, {}, &EnumMember::value);
  return found != members.end() && found->value == value ? &*found : nullptr;
}

const EnumMember* Enum::find(std::string_view label) const {
  const auto label_of = [this](std::uint32_t i) -> std::string_view { return members[i].label; };
  const auto found = std::ranges::lower_bound(by_label, label, {}, label_of);
  return found != by_label.end() && members[*found].label == label ? &members[*found] : nullptr;
}

std::optional<std::uint32_t> TypeSpec::find_member(std::string_view member) const {
  const auto id_of = [this](std::uint32_t i) -> std::string_view { return members[i].id; };
  const auto found = std::ranges::lower_bound(by_id, member, {}, id_of);
  if (found == by_id.end() || members[*found].id != member) return std::nullopt;
  return *found;
}

namespace {

void add(Allowances& to, const Allowances& more) {
  to.trailing_bytes |= more.trailing_bytes;
  to.overlap |= more.overlap;
  to.unknown_enum |= more.unknown_enum;
  to.unmatched_switch |= more.unmatched_switch;
}

}  // namespace

void relax(Schema& schema, const Allowances& allow) {
  for (const auto& type : schema.types) {
    add(type->allow, allow);
    for (Member& member : type->members) add(member.allow, allow);
  }
}

}  // namespace sluice::schema
