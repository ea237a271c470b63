#include "fuzz/mutate/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::mutate {

namespace {

constexpr std::array<std::string_view, kVerbs> kNames{
    "set_field",        "grow_count",     "duplicate",    "delete",     "swap_siblings",     "splice",
    "retype",           "point_past_end", "overlap",      "make_cycle", "truncate_at_field", "zero_sector",
    "use_unused_field", "insert_new",     "change_bytes", "lengthen",   "insert_text"};
constexpr std::array<std::string_view, 4> kModes{"all", "sums", "none", "but_one"};

std::string hex_of(std::span<const std::uint8_t> bytes) {
  std::string out;
  for (const std::uint8_t b : bytes) out += fmt::format("{:02x}", b);
  return out;
}

int digit_of(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

// `name key=value ...`
struct Line {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> fields;

  [[nodiscard]] std::optional<std::string_view> find(std::string_view key) const {
    for (const auto& [k, v] : fields) {
      if (k == key) return v;
    }
    return std::nullopt;
  }
  template <typename Number>
  bool read(std::string_view key, Number& out) const {
    const auto text = find(key);
    if (!text) return true;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
    return error == std::errc{} && end == text->data() + text->size();
  }
};

std::optional<Line> split(std::string_view text) {
  Line line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.name.empty()) {
      line.name = word;
      continue;
    }
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    line.fields.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return line.name.empty() ? std::nullopt : std::optional(line);
}

bool read_integer(const Line& line, Integer& out) {
  auto text = line.find("value");
  if (!text) return true;
  const bool is_negative = text->starts_with('-');
  if (is_negative) text->remove_prefix(1);
  const auto value = parse_integer_literal(*text);
  if (!value) return false;
  out = is_negative ? -*value : *value;
  return true;
}

bool read_bytes(const Line& line, Recipe& recipe, std::uint32_t& from, std::uint32_t& size) {
  const auto text = line.find("bytes");
  if (!text) return true;
  if (text->size() % 2 != 0) return false;
  from = static_cast<std::uint32_t>(recipe.payload.size());
  size = static_cast<std::uint32_t>(text->size() / 2);
  for (std::size_t i = 0; i < text->size(); i += 2) {
    const int high = digit_of((*text)[i]), low = digit_of((*text)[i + 1]);
    if (high < 0 || low < 0) return false;
    recipe.payload.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return true;
}

bool read_step(const Line& line, Recipe& recipe) {
  const auto name = std::ranges::find(kNames, line.name);
  if (name == kNames.end()) return false;
  Step step;
  step.verb = static_cast<Verb>(name - kNames.begin());
  int keeps = 0;
  const bool good = line.read("node", step.node) && line.read("other", step.other) && line.read("seed", step.seed) &&
                    line.read("keeps", keeps) && read_integer(line, step.value) &&
                    read_bytes(line, recipe, step.from, step.size);
  step.keeps = keeps != 0;
  recipe.steps.push_back(step);
  return good;
}

bool read_repair(const Line& line, Recipe& recipe) {
  const auto mode = line.find("mode");
  const auto known = mode ? std::ranges::find(kModes, *mode) : kModes.end();
  if (known == kModes.end()) return false;
  recipe.repair = static_cast<RepairMode>(known - kModes.begin());
  return line.read("tie", recipe.left_wrong) && line.read("seed", recipe.seed);
}

}  // namespace

std::string_view name_of(Verb verb) { return kNames[static_cast<std::size_t>(verb)]; }

void Recipe::clear() {
  steps.clear();
  payload.clear();
  repair = RepairMode::all;
  left_wrong = 0;
  seed = 0;
  is_replaced = false;
}

std::string print(const Recipe& recipe) {
  if (recipe.is_replaced) return fmt::format("replace bytes={}\n", hex_of(recipe.payload));
  std::string out;
  for (const Step& s : recipe.steps) {
    out += name_of(s.verb);
    if (s.node != kNoNode) out += fmt::format(" node={}", s.node);
    if (s.other != kNoNode) out += fmt::format(" other={}", s.other);
    if (s.value != 0) out += fmt::format(" value={}", to_string(s.value));
    if (s.keeps) out += " keeps=1";
    if (s.seed != 0) out += fmt::format(" seed={}", s.seed);
    if (s.verb == Verb::change_bytes || s.verb == Verb::insert_text) {
      out += fmt::format(" bytes={}", hex_of(std::span(recipe.payload).subspan(s.from, s.size)));
    }
    out += '\n';
  }
  out += fmt::format("repair mode={}", kModes[static_cast<std::size_t>(recipe.repair)]);
  if (recipe.repair == RepairMode::but_one) out += fmt::format(" tie={}", recipe.left_wrong);
  out += fmt::format(" seed={}\n", recipe.seed);
  return out;
}

std::optional<Recipe> parse_recipe(std::string_view text) {
  Recipe recipe;
  bool has_end = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || has_end) return std::nullopt;
    const auto line = split(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (!line) return std::nullopt;
    if (line->name == "replace") {
      std::uint32_t from = 0, size = 0;
      if (!recipe.steps.empty() || !line->find("bytes") || !read_bytes(*line, recipe, from, size)) return std::nullopt;
      recipe.is_replaced = has_end = true;
    } else if (line->name == "repair") {
      if (!read_repair(*line, recipe)) return std::nullopt;
      has_end = true;
    } else if (!read_step(*line, recipe)) {
      return std::nullopt;
    }
  }
  return has_end ? std::optional(std::move(recipe)) : std::nullopt;
}

}  // namespace sluice::mutate
