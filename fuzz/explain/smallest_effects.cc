#include "fuzz/explain/smallest_effects.h"

#include <algorithm>
#include <optional>

#include "fuzz/cause/signature.h"
#include "fuzz/mutate/tree.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::explain {

namespace {

constexpr std::size_t kMostAsked = 3;  // of the larger ones

// `field` of another file as the tree has it; nothing: it has not.
std::optional<Effect> found_in(const mutate::Tree& tree, const Effect& field) {
  if (!field.number) return std::nullopt;
  const std::string name = cause::field_without_indices(field.path);
  for (mutate::NodeId id = 0; id < tree.size(); ++id) {
    if (!tree[id].is_number() || tree.integer(id) != *field.number) continue;
    const std::string path = mutate::path_of(tree, id);
    if (cause::field_without_indices(path) != name) continue;
    Effect same = field;
    same.path = path;
    same.bytes = {tree[id].from, tree[id].to};
    return same;
  }
  return std::nullopt;
}

}  // namespace

Effects find_smallest_effects(const mutate::Format& format, std::span<const std::uint8_t> smallest,
                              std::span<const std::vector<std::uint8_t>> larger, std::uint64_t place,
                              engine::Oracle& oracle) {
  Effects effects = find_effects(format, smallest, place, oracle);
  if (!effects.is_of_parts()) return effects;
  mutate::Tree tree(format);
  (void)tree.parse(bytes::content_part(smallest));
  for (const std::vector<std::uint8_t>& other : larger.first(std::min(larger.size(), kMostAsked))) {
    const Effects before = find_effects(format, other, place, oracle);
    if (before.guilty() == nullptr || before.is_of_parts()) continue;
    auto same = found_in(tree, *before.guilty());
    if (!same) continue;
    std::erase_if(effects.fields, [&](const Effect& field) { return field.path == same->path; });
    effects.fields.insert(effects.fields.begin(), std::move(*same));
    break;
  }
  return effects;
}

}  // namespace sluice::explain
