#include "validator/difference/place.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/difference/shown.h"

namespace sluice::difference {

namespace {

using program::Object;

// From the root inwards, without the root.
std::vector<Object*> chain_of(Object* object) {
  std::vector<Object*> chain;
  for (Object* o = object; o != nullptr && o->container != nullptr; o = o->container) chain.push_back(o);
  std::ranges::reverse(chain);
  return chain;
}

void append_step(std::string& path, const Object& container, std::uint32_t member,
                 std::optional<std::uint64_t> element) {
  if (!path.empty()) path += '.';
  path += container.type->members[member].id;
  if (element) path += fmt::format("[{}]", *element);
}

std::optional<std::uint64_t> element_of(const Object& object) {
  return object.is_element ? std::optional(object.element) : std::nullopt;
}

}  // namespace

std::string path_of(const Spot& spot) {
  std::string path;
  for (const Object* o : chain_of(spot.object)) append_step(path, *o->container, o->member, element_of(*o));
  if (spot.member) append_step(path, *spot.object, *spot.member, spot.element);
  return path;
}

std::optional<ByteRange> bytes_of(const program::Session& session, const Spot& spot) {
  if (spot.member) {
    return spot.element ? session.bytes_of(spot.object, *spot.member, *spot.element)
                        : session.bytes_of(spot.object, *spot.member);
  }
  const Object* container = spot.object->container;
  if (container == nullptr) return std::nullopt;
  return bytes_of(session, {spot.object->container, spot.object->member, element_of(*spot.object)});
}

std::vector<std::string> trail_of(program::Session& session, const Plan& plan, const Spot& spot) {
  constexpr std::size_t kShown = 6;
  std::vector<std::string> trail;
  std::string path;
  for (Object* o : chain_of(spot.object)) {
    append_step(path, *o->container, o->member, element_of(*o));
    const auto& key = plan.of(o->container->type->id, o->member).key;
    if (!o->is_element || !key) continue;
    const auto element = program::Value::of(o);
    const auto value = key_value(session, *key, o->container, element, o->element);
    trail.push_back(fmt::format("{} ({})", path, key_text(session, *key, o, value)));
  }
  if (trail.size() > kShown) trail.erase(trail.begin(), trail.end() - kShown);
  return trail;
}

std::string field_name(const program::Program& program, std::uint32_t type, std::uint32_t member) {
  const program::TypeInfo& info = program.full.types[type];
  return fmt::format("{}.{}", info.name, info.members[member].id);
}

}  // namespace sluice::difference
