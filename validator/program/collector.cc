#include "validator/program/collector.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "validator/program/compare.h"

namespace sluice::program {

namespace {

// Of one entry in a hash map or a tree, with its share of buckets and pointers.
constexpr std::uint64_t kEntry = 64;

std::string shown(const Value& value) {
  if (value.tag == Tag::string) return "\"" + printable(value.text(), 60) + "\"";
  if (value.tag == Tag::bytes) return fmt::format("{} bytes", value.size);
  return to_string(value.as_integer());
}

}  // namespace

std::string Where::text() const { return offset ? fmt::format("at {:#06x}", *offset) : "in decoded data"; }

void JoinTable::add(Key key, Object* object) {
  const std::size_t size = key.memory();
  Row& row = rows_[std::move(key)];
  if (row.count++ > 0) return;
  row.object = object;
  memory_ += kEntry + size;
}

const JoinTable::Row* JoinTable::find(const Key& key) const {
  const auto at = rows_.find(key);
  return at == rows_.end() ? nullptr : &at->second;
}

bool JoinTable::tell(Key key, std::uint64_t reader) {
  const std::size_t size = key.memory();
  const bool is_news = told_[std::move(key)].insert(reader).second;
  if (is_news) memory_ += 2 * kEntry + size;
  return is_news;
}

std::optional<std::string> Collector::add(std::span<const Value> values, Where where, std::uint64_t sequence) {
  switch (kind_) {
    case RuleKind::unique: return add_unique(values[0], where);
    case RuleKind::sorted: return add_sorted(values[0], sequence);
    case RuleKind::disjoint: return add_range(values[0], values[1], where);
    case RuleKind::acyclic:
    case RuleKind::limit_depth: return add_edge(values[0], values[1]);
    case RuleKind::closed:
    case RuleKind::nested: add_pair(values[0], values[1], where, sequence); return std::nullopt;
    case RuleKind::limit_sum: return add_to_sum(values[0]);
    case RuleKind::limit_count: ++total_; return std::nullopt;
    default: return std::nullopt;
  }
}

std::optional<std::string> Collector::add_unique(const Value& value, Where where) {
  auto key = Key::of(value);
  if (!key) return std::nullopt;
  const std::size_t size = key->memory();
  const auto [at, is_new] = seen_.try_emplace(std::move(*key), where);
  if (!is_new) return fmt::format("{} is there twice: first {}", shown(value), at->second.text());
  memory_ += kEntry + size;
  return std::nullopt;
}

std::optional<std::string> Collector::add_sorted(const Value& value, std::uint64_t sequence) {
  if (std::exchange(sequence_, sequence) != sequence) last_.reset();
  std::optional<std::string> wrong;
  if (last_) {
    Value last = *last_;
    if (last.tag == Tag::string || last.tag == Tag::bytes)
      last.data = reinterpret_cast<const std::uint8_t*>(last_text_.data());
    const auto order = compare(last, value);
    const int rise = !order ? -1 : order_.descending ? *order : -*order;
    if (rise < 0 || (rise == 0 && order_.strict)) {
      wrong = fmt::format("{} comes after {}", shown(value), shown(last));
    }
  }
  last_ = value;
  if (value.tag == Tag::string || value.tag == Tag::bytes)
    last_text_.assign(reinterpret_cast<const char*>(value.data), value.size);
  return wrong;
}

std::optional<std::string> Collector::add_range(const Value& from, const Value& size, Where where) {
  if (!is_integral(from) || !is_integral(size)) return std::nullopt;
  const Integer begin = from.as_integer();
  const Integer length = size.as_integer();
  if (begin < 0 || length < 0) return fmt::format("from {} with a size of {}", to_string(begin), to_string(length));
  if (length == 0) return std::nullopt;
  const Integer end = begin + length;  // each below 2^64, the sum in 128 bits
  const auto overlaps = [&](const std::pair<const Integer, Range>& other) {
    return fmt::format("{}..{} overlaps {}..{} ({})", to_string(begin), to_string(end), to_string(other.first),
                       to_string(other.second.end), other.second.where.text());
  };
  const auto next = ranges_.lower_bound(begin);
  if (next != ranges_.end() && next->first < end) return overlaps(*next);
  if (next != ranges_.begin() && std::prev(next)->second.end > begin) return overlaps(*std::prev(next));
  ranges_.emplace_hint(next, begin, Range{end, where});
  memory_ += kEntry + sizeof(Range);
  return std::nullopt;
}

std::optional<std::string> Collector::add_edge(const Value& node, const Value& to) {
  if (!is_integral(node) || !is_integral(to)) return std::nullopt;
  edges_[node.as_integer()].push_back(to.as_integer());
  memory_ += kEntry + 2 * sizeof(Integer);
  return std::nullopt;
}

// What opens and closes (a quotation mark) closes where something is open.
void Collector::add_pair(const Value& opens, const Value& closes, Where where, std::uint64_t sequence) {
  const auto at = open_.find(sequence);
  const bool is_open = at != open_.end();
  if (is_open && at->second.is_undecided) return;
  if (closes.bits != 0 && is_open) {
    if (--at->second.depth > 0) return;
    open_.erase(at);
    memory_ -= kEntry + sizeof(Open);
  } else if (opens.bits != 0 && !is_open) {
    open_.emplace(sequence, Open{.depth = 1, .first = where});
    memory_ += kEntry + sizeof(Open);
  } else if (kind_ == RuleKind::nested && opens.bits != 0) {
    ++at->second.depth;
  } else if (kind_ == RuleKind::nested && closes.bits != 0 && !stray_) {
    stray_ = where;
  }
}

void Collector::leave_undecided(std::uint64_t sequence) {
  const auto [at, is_new] = open_.try_emplace(sequence);
  at->second.is_undecided = true;
  if (is_new) memory_ += kEntry + sizeof(Open);
}

void Collector::give_up(std::uint64_t sequence) {
  if (open_.erase(sequence) != 0) memory_ -= kEntry + sizeof(Open);
}

std::optional<std::string> Collector::add_to_sum(const Value& value) {
  if (!is_integral(value)) return std::nullopt;
  // Elements are counted against a limit far below 2^60, so a sum of 64-bit values cannot leave 128 bits.
  total_ += value.as_integer();
  return std::nullopt;
}

namespace {

// Depth-first, with the way kept here and not on the host's stack: references come from the file.
class References {
 public:
  References(const std::map<Integer, std::vector<Integer>>& edges, std::uint64_t room) : edges_(edges), room_(room) {}

  // Follows all references, up to the first cycle. False: there is no room.
  bool follow() {
    for (const auto& [node, targets] : edges_) {
      if (!visit(node)) return false;
      if (cycle_) break;
    }
    return true;
  }

  // As `3 -> 5 -> 3`, if there is one.
  [[nodiscard]] const std::optional<std::string>& cycle() const { return cycle_; }

  // Of the longest way, in references; only where there is no cycle.
  [[nodiscard]] Integer depth() const {
    std::uint64_t deepest = 0;
    for (const auto& [node, state] : states_) deepest = std::max(deepest, state.depth);
    return deepest;
  }

 private:
  struct State {
    bool done = false;
    std::uint64_t depth = 0;  // of the longest way from here
  };
  struct Step {
    Integer node;
    std::size_t next = 0;
  };

  const std::vector<Integer>& targets(Integer node) const {
    static const std::vector<Integer> kNone;
    const auto at = edges_.find(node);
    return at == edges_.end() ? kNone : at->second;
  }

  bool has_room(const std::vector<Step>& way) const {
    return states_.size() * (kEntry + sizeof(State)) + way.capacity() * sizeof(Step) <= room_;
  }

  bool visit(Integer from) {
    if (states_.contains(from)) return true;
    std::vector<Step> way{{from}};
    states_[from];
    while (!way.empty()) {
      Step& step = way.back();
      const auto& next = targets(step.node);
      if (step.next == next.size()) {
        State& done = states_[step.node];
        done.done = true;
        const std::uint64_t depth = done.depth;
        way.pop_back();
        if (!way.empty()) {
          State& up = states_[way.back().node];
          up.depth = std::max(up.depth, depth + 1);
        }
        continue;
      }
      const Integer to = next[step.next++];
      const auto [at, is_new] = states_.try_emplace(to);
      if (is_new) {
        way.push_back({to});
        if (!has_room(way)) return false;
      } else if (!at->second.done) {
        cycle_ = describe(way, to);
        return true;
      } else {
        State& here = states_[step.node];
        here.depth = std::max(here.depth, at->second.depth + 1);
      }
    }
    return true;
  }

  static std::string describe(const std::vector<Step>& way, Integer to) {
    auto at = std::ranges::find(way, to, &Step::node);
    std::string out;
    constexpr std::ptrdiff_t kShown = 8;
    if (way.end() - at > kShown) {
      out = fmt::format("{} -> ... {} more ... -> ", to_string(to), way.end() - at - kShown);
      at = way.end() - kShown;
    }
    for (; at != way.end(); ++at) out += to_string(at->node) + " -> ";
    return out + to_string(to);
  }

  const std::map<Integer, std::vector<Integer>>& edges_;
  const std::uint64_t room_;
  std::map<Integer, State> states_;
  std::optional<std::string> cycle_;
};

}  // namespace

bool Collector::judge(std::optional<Integer> bound, std::uint64_t room, std::optional<std::string>& wrong) const {
  wrong.reset();
  if (kind_ == RuleKind::acyclic || kind_ == RuleKind::limit_depth) {
    References references(edges_, room);
    if (!references.follow()) return false;
    if (references.cycle()) {
      wrong = "the references form a cycle: " + *references.cycle();
    } else if (kind_ == RuleKind::limit_depth && bound && references.depth() > *bound) {
      wrong = fmt::format("the longest chain has {} references, at most {} are allowed", to_string(references.depth()),
                          to_string(*bound));
    }
    return true;
  }
  if (is_pairing(kind_)) {
    if (stray_) {
      wrong = fmt::format("what closes {} was not open", stray_->text());
      return true;
    }
    const auto open = std::ranges::find_if(open_, [](const auto& entry) { return !entry.second.is_undecided; });
    if (open != open_.end()) wrong = fmt::format("what opens {} is not closed", open->second.first.text());
    return true;
  }
  if (bound && total_ > *bound) {
    wrong = fmt::format("{} {}, at most {} {} allowed", kind_ == RuleKind::limit_count ? "there are" : "the sum is",
                        to_string(total_), to_string(*bound), *bound == 1 ? "is" : "are");
  }
  return true;
}

}  // namespace sluice::program
