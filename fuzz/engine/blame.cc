#include "fuzz/engine/blame.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/settle.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

namespace {

using mutate::Node;
using mutate::NodeId;
using mutate::Tree;

constexpr std::size_t kMostTries = 4000;

// Near it first: a count that is one too high is to blame with one less, and not only with none.
std::vector<Integer> other_numbers(const Tree& tree, NodeId field) {
  const Integer now = tree.integer(field);
  std::vector<Integer> values;
  const auto add = [&](Integer value) {
    if (value != now && std::ranges::find(values, value) == values.end()) values.push_back(value);
  };
  if (tree[field].enum_id == schema::kNoEnum) {
    for (const Integer near : {now - 1, now + 1, now & ~Integer{3}, now / 2}) add(near);
    add(0);
    add(1);
  }
  for (const Integer value : mutate::named_values(tree, field)) add(value);
  constexpr std::size_t kMost = 24;
  if (values.size() > kMost) values.resize(kMost);
  return values;
}

std::size_t count_changed(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t changed = std::max(a.size(), b.size()) - size;
  for (std::size_t i = 0; i < size; ++i) changed += a[i] != b[i];
  return changed;
}

std::string shown(Integer number, std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kMost = 24;
  if (bytes.empty()) return to_string(number);
  std::string text(bytes.begin(), bytes.end());
  return text.size() > kMost ? text.substr(0, kMost) + ".." : text;
}

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

std::vector<std::uint8_t> Blame::input_with(std::span<const std::uint8_t> content) const {
  const auto container = bytes::read_fuzz_input(input_);
  if (!container) return {content.begin(), content.end()};
  return bytes::write_fuzz_input(
      {.content = content, .second = container->second, .operations = container->operations});
}

bool Blame::is_clean(std::span<const std::uint8_t> content) {
  const Execution::Result result = execution_.run(input_with(content));
  if (!result.is_accepted || result.num_faults != 0) return false;
  if (!needs_events_) return true;
  std::vector<run::Reached> reached;
  return execution_.explore(content, exploration_, reached).num_faults == 0;
}

bool Blame::is_refused(NodeId field) const {
  const std::string path = mutate::path_of(tree_, field);
  return std::ranges::find(refused_, path) != refused_.end();
}

std::vector<NodeId> Blame::fields() const {
  std::vector<NodeId> fields;
  for (NodeId id = 0; id < tree_.size(); ++id) {
    const Node& node = tree_[id];
    if (node.is_leaf() && node.size() != 0 && !node.is(mutate::node_flag::cut)) fields.push_back(id);
  }
  std::ranges::stable_partition(fields, [this](NodeId id) { return is_refused(id); });
  return fields;
}

std::vector<Blame::Value> Blame::others(NodeId field) const {
  std::vector<Value> values;
  const Node& node = tree_[field];
  if (node.is_number()) {
    for (const Integer number : other_numbers(tree_, field)) values.push_back({.number = number});
    return values;
  }
  const auto now = tree_.bytes().subspan(node.from, node.size());
  std::vector<std::uint8_t> other(now.begin(), now.end());
  other.back() = 0;
  values.push_back({.bytes = other});
  std::ranges::fill(other, std::uint8_t{'a'});
  values.push_back({.bytes = std::move(other)});
  return values;
}

bool Blame::change(NodeId field, const Value& value) {
  work_ = tree_;
  editor_.begin(work_, tree_.bytes().size() + 4096);
  if (!value.bytes.empty()) {
    editor_.overwrite(field, tree_[field].from, value.bytes);
  } else if (!editor_.set(field, value.number)) {
    return false;
  } else {
    editor_.pin(field);
  }
  repairer_.begin(mutate::Random(1));
  (void)repairer_.run();
  return !std::ranges::equal(work_.bytes(), tree_.bytes());
}

bool Blame::find(std::span<const std::uint8_t> input, std::uint64_t fault, BlameRecord& found) {
  input_ = input;
  const std::span<const std::uint8_t> content = bytes::content_part(input);
  tree_.parse(content);
  if (!has_fault(execution_.run(input), fault)) {
    std::vector<run::Reached> reached;
    if (!has_fault(execution_.explore(content, exploration_, reached), fault)) return false;
    needs_events_ = true;
  }
  for (const Finding& finding : mutate::judge(tree_).findings) {
    if (finding.severity == Severity::error) refused_.push_back(finding.path);
  }
  bool is_found = false;
  Rank best;
  std::size_t tries = 0;
  for (const NodeId field : fields()) {
    for (const Value& value : others(field)) {
      if (tries == kMostTries) return is_found;
      if (!change(field, value)) continue;
      const Rank rank{.is_accepted = !is_refused(field),
                      .is_reshaped = work_.size() != tree_.size(),
                      .is_choice = tree_[field].enum_id != schema::kNoEnum,
                      .changed = count_changed(work_.bytes(), tree_.bytes())};
      if (is_found && !(rank < best)) continue;
      ++tries;
      if (!is_clean(work_.bytes())) continue;
      is_found = true;
      best = rank;
      copy_text(mutate::path_of(tree_, field), found.path);
      copy_text(shown(value.number, value.bytes), found.value);
      found.from = tree_[field].from;
      found.to = tree_[field].to;
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
