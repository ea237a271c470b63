#include <algorithm>
#include <array>
#include <limits>

#include "validator/contract/loader.h"

namespace sluice::contract {

namespace {

using document::Node;

// No driver passes more; a number above it is a slip of the pen.
constexpr std::uint64_t kMaxInputs = std::numeric_limits<std::uint32_t>::max();

// Whether other YAML readers take the text for a number, and with it 7.10 for 7.1.
bool looks_like_a_number(std::string_view text) {
  const bool has_digit = std::ranges::any_of(text, [](char c) { return '0' <= c && c <= '9'; });
  return has_digit && text.find_first_not_of("0123456789.+-_eExXoOabcdfABCDF") == text.npos &&
         std::ranges::count(text, '.') <= 1;
}

bool is_identifier(std::string_view text) {
  if (text.empty() || text[0] < 'a' || text[0] > 'z') return false;
  return std::ranges::all_of(text, [](char c) { return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '_'; });
}

void load_name(Loader& loader, const Node& node, const std::string& path, Build& build) {
  const Node* name = node.find("name");
  if (name == nullptr) {
    loader.error(node.mark, path, "`name` is missing");
    return;
  }
  build.mark = name->mark;
  build.facts.name = loader.text(node, path, "name");
  if (!name->quoted && looks_like_a_number(build.facts.name)) {
    loader.error(
        name->mark, path + "/name",
        fmt::format("write \"{}\" in quotes: without them it is a number to other YAML readers, and 7.10 is 7.1",
                    build.facts.name));
  }
}

void load_support(Loader& loader, const Node& node, const std::string& path, Build& build) {
  build.facts.support = name_of(build.support);
  if (node.find("support") == nullptr) return;
  const std::string word = loader.text(node, path, "support");
  if (word.empty()) return;
  for (const Support support : {Support::fielded, Support::canary, Support::ended}) {
    if (word != name_of(support)) continue;
    build.support = support;
    build.facts.support = word;
    return;
  }
  loader.error(node.find("support")->mark, path + "/support",
               fmt::format("expected fielded, canary or ended, found \"{}\"", word));
}

// Template type -> number of inputs.
void load_inputs(Loader& loader, const Node& node, const std::string& path, std::string_view key,
                 std::map<Integer, Integer>& inputs, std::map<Integer, document::Mark>& marks) {
  const Node* mapping = node.find(key);
  if (mapping == nullptr) return;
  const std::string here = fmt::format("{}/{}", path, key);
  if (!mapping->is_mapping()) {
    loader.error(mapping->mark, here, "expected a mapping of template types to inputs, found " + describe(*mapping));
    return;
  }
  for (const document::Entry& entry : mapping->entries) {
    const std::string place = fmt::format("{}/{}", here, printable(entry.key, 40));
    document::Problem problem;
    const auto type = document::as_number(key_of(entry), problem);
    if (!type) {
      loader.error(problem, place);
      continue;
    }
    if (type->is_negative) {
      loader.error(entry.mark, place, "a template type below 0");
      continue;
    }
    const auto count = document::as_unsigned(entry.value, problem);
    if (!count) {
      loader.error(problem, place);
      continue;
    }
    if (*count > kMaxInputs) {
      loader.error(entry.value.mark, place, fmt::format("more than {} inputs", kMaxInputs));
      continue;
    }
    // `1` and `0x1` are two keys to YAML.
    if (!inputs.emplace(type->magnitude, *count).second) {
      loader.error(entry.mark, place, fmt::format("template type {} is named twice", type->magnitude));
      continue;
    }
    marks[type->magnitude] = entry.mark;
  }
}

void load_caps(Loader& loader, const Node& node, const std::string& path, Build& build) {
  const Node* caps = node.find("caps");
  if (caps == nullptr) return;
  if (!caps->is_mapping()) {
    loader.error(caps->mark, path + "/caps", "expected a mapping of names to numbers, found " + describe(*caps));
    return;
  }
  for (const document::Entry& entry : caps->entries) {
    const std::string place = fmt::format("{}/caps/{}", path, printable(entry.key, 40));
    document::Problem problem;
    const auto number = document::as_number(entry.value, problem);
    if (!is_identifier(entry.key)) {
      loader.error(entry.mark, place, "expected a name that rules can read, as `max_instances`");
    } else if (!number) {
      loader.error(problem, place);
    } else {
      const Integer value = number->is_negative ? -Integer{number->magnitude} : Integer{number->magnitude};
      if (!in_range(value)) loader.error(entry.value.mark, place, "a number below -2^63");
      build.facts.caps[entry.key] = value;
    }
  }
}

void check_supplies(Loader& loader, const std::string& path, const Build& build) {
  for (const auto& [type, mark] : build.supply_marks) {
    if (build.facts.defines.contains(type)) continue;
    loader.error(mark, fmt::format("{}/supplies/{}", path, to_string(type)),
                 fmt::format("supplies inputs of template type {}, which it does not define", to_string(type)));
  }
}

}  // namespace

Build load_build(Loader& loader, const Node& node, const std::string& path) {
  constexpr std::array<std::string_view, 8> kKeys = {"name",    "support", "image",    "replica",
                                                     "adapter", "defines", "supplies", "caps"};
  Build build;
  build.mark = node.mark;
  if (!loader.is_mapping(node, path, kKeys)) return build;
  load_name(loader, node, path, build);
  load_support(loader, node, path, build);
  build.image = loader.text(node, path, "image");
  build.replica = loader.text(node, path, "replica");
  build.adapter = loader.text(node, path, "adapter");
  load_inputs(loader, node, path, "defines", build.facts.defines, build.definition_marks);
  load_inputs(loader, node, path, "supplies", build.facts.supplies, build.supply_marks);
  check_supplies(loader, path, build);
  load_caps(loader, node, path, build);
  return build;
}

}  // namespace sluice::contract
