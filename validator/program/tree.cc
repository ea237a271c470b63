#include "validator/program/tree.h"

#include <vector>

namespace sluice::program {

namespace {

// Where the walk is in one structure.
struct Visit {
  Object* object;
  enum class Step : std::uint8_t { members, checksums, instances, asserts } step = Step::members;
  std::uint32_t member = 0;
  std::uint64_t element = 0;
};

// The next structure in `value` that has not been visited, from `element` on.
Object* next_object(const Value& value, std::uint64_t& element) {
  if (value.tag == Tag::object) return element++ == 0 ? value.object : nullptr;
  if (value.tag != Tag::array || value.array->packed != nullptr) return nullptr;
  while (element < value.array->count) {
    const Value& v = value.array->items[element++];
    if (v.tag == Tag::object) return v.object;
  }
  return nullptr;
}

bool may_go_on(Machine::Ending ending) { return ending == Machine::Ending::done || ending == Machine::Ending::failed; }

// A value may be reached twice (`value: other_field`); its own place is where its container says.
bool is_at_home(const Object* child, const Object* object, std::uint32_t member) {
  return child->container == object && child->member == member;
}

// Runs one entry of each structure's type, in the order of a depth-first dump, outermost last.
bool run_everywhere(Machine& machine, std::uint32_t TypeInfo::* entry) {
  std::vector<Visit> stack{{machine.root()}};
  while (!stack.empty()) {
    Visit& v = stack.back();
    const TypeInfo& type = *v.object->type;
    if (v.member == type.members.size()) {
      Value ignored;
      if (v.object->state == Object::State::read && type.*entry != kNoEntry &&
          !may_go_on(machine.evaluate(v.object, type.*entry, ignored))) {
        return false;
      }
      stack.pop_back();
      continue;
    }
    const MemberInfo& info = type.members[v.member];
    const bool holds_structures = info.role == MemberRole::sequence || info.role == MemberRole::parse_instance;
    Object* child = holds_structures ? next_object(v.object->slots()[info.slot], v.element) : nullptr;
    if (child == nullptr) {
      ++v.member;
      v.element = 0;
    } else if (is_at_home(child, v.object, v.member)) {
      stack.push_back({child});
    }
  }
  return true;
}

}  // namespace

bool judge_rules(Machine& machine) {
  return run_everywhere(machine, &TypeInfo::tables) && run_everywhere(machine, &TypeInfo::rules);
}

bool force_everything(Machine& machine) {
  std::vector<Visit> stack{{machine.root()}};
  while (!stack.empty()) {
    Visit& v = stack.back();
    const TypeInfo& type = *v.object->type;
    Value ignored;
    if (v.step == Visit::Step::checksums || v.step == Visit::Step::asserts) {
      const std::uint32_t entry = v.step == Visit::Step::checksums ? type.checksums : type.asserts;
      if (v.object->state == Object::State::read && entry != kNoEntry &&
          !may_go_on(machine.evaluate(v.object, entry, ignored))) {
        return false;
      }
      if (v.step == Visit::Step::asserts) {
        stack.pop_back();
      } else {
        v.step = Visit::Step::instances;
      }
      continue;
    }
    if (v.member == type.members.size()) {
      v.step = v.step == Visit::Step::members ? Visit::Step::checksums : Visit::Step::asserts;
      continue;
    }
    const MemberInfo& info = type.members[v.member];
    const bool is_instance = info.role == MemberRole::value_instance || info.role == MemberRole::parse_instance;
    if (is_instance && v.step == Visit::Step::members) {
      v.step = Visit::Step::checksums;
      continue;
    }
    if (is_instance && v.object->state != Object::State::read) {
      ++v.member;
      continue;
    }
    const Value& slot = v.object->slots()[info.slot];
    if (is_instance && slot.tag == Tag::absent) {
      if (!may_go_on(machine.evaluate_member(v.object, v.member, ignored))) return false;
    }
    if (info.role == MemberRole::parameter || info.role == MemberRole::value_instance) {
      ++v.member;
      continue;
    }
    Object* child = next_object(slot, v.element);
    if (child == nullptr) {
      ++v.member;
      v.element = 0;
    } else if (is_at_home(child, v.object, v.member)) {
      stack.push_back({child});
    }
  }
  return true;
}

std::optional<Value> member_value(Machine& machine, Object* object, std::uint32_t member) {
  const MemberInfo& info = object->type->members[member];
  const Value& slot = object->slots()[info.slot];
  if (slot.tag != Tag::absent || info.entry == kNoEntry) return slot;
  Value out;
  if (machine.evaluate_member(object, member, out) != Machine::Ending::done) return std::nullopt;
  return out;
}

}  // namespace sluice::program
