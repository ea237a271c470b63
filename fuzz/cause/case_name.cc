#include "fuzz/cause/case_name.h"

#include <fmt/format.h>

#include "fuzz/cause/signature.h"

namespace sluice::cause {

namespace {

std::uint32_t mix(std::uint32_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193u;
  return (hash ^ 0xFFu) * 0x01000193u;
}

}  // namespace

std::string name_of(const Place& place, const std::string& function) {
  const bool has_field = !place.field.empty();
  const std::string& what = has_field ? place.field : function;
  std::uint32_t hash = mix(mix(0x811C9DC5u, place.shown.kind), what);
  if (!has_field) hash = mix(hash, std::to_string(static_cast<std::uint32_t>(place.shown.step)));
  return fmt::format("{}-{}-{:08x}", word_of(place.shown.kind), what.empty() ? "nowhere" : word_of(what), hash);
}

std::string Names::take(const std::string& wanted, const std::string& build) {
  std::string name = wanted;
  if (taken_.contains(name)) name += "-" + word_of(build);
  // Two builds may be called alike in what a name of a file can hold.
  for (int i = 2; taken_.contains(name); ++i) name = fmt::format("{}-{}-{}", wanted, word_of(build), i);
  taken_.insert(name);
  return name;
}

}  // namespace sluice::cause
