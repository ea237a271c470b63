#include "fuzz/engine/blame.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "fuzz/mutate/settle.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

namespace {

using mutate::NodeId;
using mutate::Tree;

constexpr std::size_t kMostTries = 4000;
constexpr int kSteps = 1;  // from a number

void copy_text(std::string_view from, std::span<char> to) {
  const std::size_t size = std::min(from.size(), to.size() - 1);
  std::memcpy(to.data(), from.data(), size);
  to[size] = '\0';
}

}  // namespace

bool Blame::has_fault(const Execution::Result& result, std::uint64_t fault) const {
  const auto faults = std::span(result.faults).first(result.num_faults);
  return std::ranges::any_of(faults, [&](const Fault& f) { return hash_of(f) == fault; });
}

bool Blame::is_clean(std::span<const std::uint8_t> content) {
  const Execution::Result result = execution_.run(bytes::with_content(input_, content));
  if (!result.is_accepted || result.num_faults != 0) return false;
  if (!needs_events_) return true;
  std::vector<run::Reached> reached;
  return execution_.explore(content, exploration_, reached).num_faults == 0;
}

bool Blame::is_refused(NodeId field) const {
  const std::string path = mutate::path_of(flipper_.tree(), field);
  return std::ranges::find(refused_, path) != refused_.end();
}

std::vector<NodeId> Blame::fields() const {
  std::vector<NodeId> fields = flipper_.fields();
  std::ranges::stable_partition(fields, [this](NodeId id) { return is_refused(id); });
  return fields;
}

bool Blame::find(std::span<const std::uint8_t> input, std::uint64_t fault, BlameRecord& found) {
  input_ = input;
  const std::span<const std::uint8_t> content = bytes::content_part(input);
  flipper_.begin(content);
  const Tree& tree = flipper_.tree();
  if (!has_fault(execution_.run(input), fault)) {
    std::vector<run::Reached> reached;
    if (!has_fault(execution_.explore(content, exploration_, reached), fault)) return false;
    needs_events_ = true;
  }
  for (const Finding& finding : mutate::judge(tree).findings) {
    if (finding.severity == Severity::error) refused_.push_back(finding.path);
  }
  bool is_found = false;
  Rank best;
  std::size_t tries = 0;
  for (const NodeId field : fields()) {
    for (const mutate::FlipValue& value : flipper_.others(field, kSteps)) {
      if (tries == kMostTries) return is_found;
      if (!flipper_.flip(field, value, /*repairs=*/true)) continue;
      const Rank rank{.is_accepted = !is_refused(field),
                      .is_reshaped = flipper_.is_reshaped(),
                      .is_choice = tree[field].enum_id != schema::kNoEnum,
                      .changed = flipper_.num_changed()};
      if (is_found && !(rank < best)) continue;
      ++tries;
      if (!is_clean(flipper_.bytes())) continue;
      is_found = true;
      best = rank;
      copy_text(mutate::path_of(tree, field), found.path);
      copy_text(mutate::shown(value), found.value);
      found.from = tree[field].from;
      found.to = tree[field].to;
    }
  }
  return is_found;
}

std::string blame_text(const BlameRecord& record) {
  const BlameRecord copy = record;
  const auto text = [](std::span<const char> from) {
    return printable({from.data(), ::strnlen(from.data(), from.size())});
  };
  return fmt::format("{}={}@{}..{}", text(copy.path), text(copy.value), copy.from, copy.to);
}

std::string refused_field(const mutate::Format& format, std::span<const std::uint8_t> input) {
  Tree tree(format);
  tree.parse(bytes::content_part(input));
  for (const Finding& finding : mutate::judge(tree).findings) {
    if (finding.severity != Severity::error) continue;
    // What a rule says of all elements together has no place: they are it.
    const auto& rules = format.schema().rules.rules;
    const auto rule = std::ranges::find(rules, finding.rule, &schema::Rule::id);
    const bool is_of_all = finding.path.empty() && rule != rules.end();
    const std::string& path = is_of_all ? rule->each.text : finding.path;
    if (path.empty()) continue;
    const ByteRange at = is_of_all ? ByteRange{} : finding.bytes.value_or(ByteRange{});
    return fmt::format("{}=@{}..{}", path, at.begin, at.end);
  }
  return {};
}

}  // namespace sluice::engine
