#include "validator/difference/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <tuple>

#include "validator/difference/matching.h"
#include "validator/difference/place.h"
#include "validator/difference/shown.h"

namespace sluice::difference {

namespace {

using program::Array;
using program::MemberInfo;
using program::MemberRole;
using program::Object;
using program::Session;
using program::Tag;
using program::Value;
using Kind = Change::Kind;

// Up to this many, a list of plain values is told whole.
constexpr std::uint64_t kWholeList = 12;

class Comparer {
 public:
  Comparer(Session& before, Session& now, const Plan& plan, Budget& budget, Difference& out,
           std::optional<Finding>& failure)
      : before_(before), now_(now), plan_(plan), budget_(budget), out_(out), failure_(failure) {}

  bool run() {
    bool good = push(before_.root(), now_.root());
    while (good && !frames_.empty()) good = budget_.step() && go_on();
    if (!good && budget_.failure()) failure_ = budget_.failure();
    return good;
  }

 private:
  // Two structures that are one and the same in the schema's eyes.
  struct Frame {
    Object* before;
    Object* now;
    std::uint32_t member = 0;
    // While the member is a sequence of structures:
    const Array* olds = nullptr;
    const Array* news = nullptr;
    Matching matching;
    std::uint64_t next = 0;
    Match match;
    // While it is a list of plain values: those that differ.
    std::uint64_t from = kNone;
    std::uint64_t to = kNone;
  };

  bool push(Object* before, Object* now) {
    if (!budget_.hold(sizeof(Frame))) return false;
    frames_.push_back({.before = before, .now = now, .matching = {}, .match = {}});
    return true;
  }

  bool go_on() {
    Frame& f = frames_.back();
    if (f.news != nullptr) return next_record(f);
    if (f.member < f.now->type->members.size()) return compare_member(f);
    frames_.pop_back();
    budget_.give_back(sizeof(Frame));
    if (!frames_.empty() && frames_.back().news == nullptr) ++frames_.back().member;
    return true;
  }

  bool compare_member(Frame& f) {
    const MemberInfo& info = f.now->type->members[f.member];
    if (info.role == MemberRole::parameter || info.role == MemberRole::value_instance) {
      ++f.member;
      return true;
    }
    const auto before = before_.member(f.before, f.member);
    if (!before) return fail(before_);
    const auto now = now_.member(f.now, f.member);
    if (!now) return fail(now_);
    const bool are_lists = before->tag == Tag::array && now->tag == Tag::array;
    if (are_lists && plan(f).holds_structures) return begin_records(f, *before->array, *now->array);
    if (is_same_structure(*before, *now)) return push(before->object, now->object);
    const bool good = are_lists ? compare_lists(f, *before->array, *now->array) : compare_values(f, *before, *now);
    ++frames_.back().member;
    return good;
  }

  static bool is_same_structure(const Value& a, const Value& b) {
    return a.tag == Tag::object && b.tag == Tag::object && a.object->type->id == b.object->type->id;
  }

  bool compare_values(const Frame& f, const Value& before, const Value& now) {
    if (!before.is_there() && !now.is_there()) return true;
    if (!before.is_there()) return record(f, Kind::added, before, now);
    if (!now.is_there()) return record(f, Kind::removed, before, now);
    bool is_equal = false;
    return equal(before, now, is_equal) && (is_equal || record(f, Kind::changed, before, now));
  }

  // False: the budget is at its end.
  bool equal(const Value& a, const Value& b, bool& is_equal) {
    is_equal = false;
    if (a.tag != b.tag) return true;
    switch (a.tag) {
      case Tag::string:
      case Tag::bytes:
        if (a.size != b.size) return true;
        if (!budget_.look_at(a.size)) return false;
        is_equal = a.size == 0 || std::memcmp(a.data, b.data, a.size) == 0;
        return true;
      case Tag::floating: is_equal = a.bits == b.bits || a.number == b.number; return true;
      case Tag::object:
      case Tag::array: return true;  // of different types, or a list beside none
      default: is_equal = a.bits == b.bits && a.negative == b.negative; return true;
    }
  }

  // --- Sequences of structures

  bool begin_records(Frame& f, const Array& olds, const Array& news) {
    const auto& key = plan(f).key;
    if (key) {
      const std::uint64_t memory = (olds.count + news.count) * sizeof(Value);
      if (!budget_.step(olds.count + news.count) || !budget_.hold(memory)) return false;
      auto matching =
          Matching::by_key(keys_of(before_, *key, f.before, olds), keys_of(now_, *key, f.now, news), budget_);
      if (!matching) return false;
      budget_.give_back(memory);
      if (matching->reordered() && !record(f, Kind::reordered, {}, {})) return false;
      f.matching = std::move(*matching);
    } else {
      f.matching = Matching::by_index(olds.count, news.count);
    }
    f.olds = &olds;
    f.news = &news;
    f.next = 0;
    return true;
  }

  static std::vector<Value> keys_of(Session& session, const RecordKey& key, Object* container, const Array& items) {
    std::vector<Value> keys;
    keys.reserve(items.count);
    for (std::uint64_t k = 0; k < items.count; ++k) {
      keys.push_back(key_value(session, key, container, items.at(k), k));
    }
    return keys;
  }

  bool next_record(Frame& f) {
    if (f.next == f.matching.size()) {
      budget_.give_back(f.matching.memory());
      f.matching = {};
      f.olds = f.news = nullptr;
      ++f.member;
      return true;
    }
    f.match = f.matching.at(f.next++);
    const Value before = f.match.before == kNone ? Value::null() : f.olds->at(f.match.before);
    const Value now = f.match.now == kNone ? Value::null() : f.news->at(f.match.now);
    return is_same_structure(before, now) ? push(before.object, now.object) : compare_values(f, before, now);
  }

  // --- Lists of plain values

  bool compare_lists(Frame& f, const Array& olds, const Array& news) {
    const std::uint64_t common = std::min(olds.count, news.count);
    const bool is_short = std::max(olds.count, news.count) <= kWholeList;
    bool good = true;
    bool is_equal = olds.count == news.count;
    for (std::uint64_t k = 0; good && k < common; ++k) {
      bool same = false;
      good = budget_.step() && equal(olds.at(k), news.at(k), same);
      is_equal = is_equal && same;
      if (!good || same || is_short) continue;
      f.from = f.to = k;
      good = record(f, Kind::changed, olds.at(k), news.at(k));
    }
    f.from = f.to = kNone;
    if (!good || is_equal) return good;
    if (is_short) return record(f, Kind::changed, array_of(olds), array_of(news));
    if (olds.count == news.count) return true;
    f.from = common;
    f.to = std::max(olds.count, news.count);
    good = record(f, news.count > common ? Kind::added : Kind::removed, {}, {});
    f.from = f.to = kNone;
    return good;
  }

  static Value array_of(const Array& array) { return Value::of(const_cast<Array*>(&array)); }

  // --- What is told

  bool record(const Frame& f, Kind kind, const Value& before, const Value& now) {
    const bool is_derived = plan(f).is_derived;
    count(kind, is_derived);
    const std::size_t number = pattern(f, kind, is_derived);
    Pattern& pattern = out_.patterns[number];
    ++pattern.count;
    if (pattern.listed == kKeptOfPattern || out_.changes.size() == kKept || kept_bytes_ > kKeptBytes) return true;
    ++pattern.listed;
    Change& change = out_.changes.emplace_back();
    change.kind = kind;
    change.is_derived = is_derived;
    change.pattern = number;
    change.path = path(false);
    tell(f, before, now, change);
    if (kind != Kind::added) change.before_bytes = bytes(before_, f, f.before, f.match.before);
    if (kind != Kind::removed) change.after_bytes = bytes(now_, f, f.now, f.match.now);
    const std::uint64_t text = change.path.size() + change.before.size() + change.after.size();
    kept_bytes_ += text;
    return budget_.hold(sizeof(Change) + text);
  }

  void count(Kind kind, bool is_derived) {
    if (is_derived) {
      ++out_.derived;
      return;
    }
    switch (kind) {
      case Kind::added: ++out_.added; return;
      case Kind::removed: ++out_.removed; return;
      case Kind::changed: ++out_.changed; return;
      case Kind::reordered: ++out_.reordered; return;
    }
  }

  std::size_t pattern(const Frame& f, Kind kind, bool is_derived) {
    const std::uint32_t type = f.now->type->id;
    const auto [at, is_new] = patterns_.try_emplace({kind, type, f.member}, out_.patterns.size());
    if (is_new) {
      out_.patterns.push_back({.kind = kind,
                               .field = field_name(now_.program(), type, f.member),
                               .path = path(true),
                               .is_derived = is_derived});
    }
    return at->second;
  }

  void tell(const Frame& f, const Value& before, const Value& now, Change& change) {
    if (change.kind == Kind::reordered) return;
    if (f.to != f.from) {
      (change.kind == Kind::added ? change.after : change.before) = fmt::format("{} elements", f.to - f.from);
      return;
    }
    std::uint64_t from = 0;
    const bool is_text = before.tag == Tag::string || before.tag == Tag::bytes;
    if (is_text && now.tag == before.tag) from = first_difference(before, now);
    const bool is_record = f.news != nullptr && change.kind != Kind::changed;
    if (before.is_there()) change.before = text_of(before_, f, before, from, is_record);
    if (now.is_there()) change.after = text_of(now_, f, now, from, is_record);
  }

  // Where to begin, so that what is shown of two long values differs.
  static std::uint64_t first_difference(const Value& before, const Value& now) {
    constexpr std::uint64_t kBeginning = 8;
    constexpr std::uint64_t kContext = 2;
    const bytes::View a = before.view();
    const bytes::View b = now.view();
    const auto at = static_cast<std::uint64_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    return at <= kBeginning ? 0 : at - kContext;
  }

  std::string text_of(Session& session, const Frame& f, const Value& value, std::uint64_t from, bool is_record) {
    if (value.tag != Tag::object) return shown(session.program(), value, from);
    const auto& key = plan(f).key;
    const std::string like = summary(session, plan_, value.object, is_record && key ? &*key : nullptr);
    return is_record ? like : fmt::format("{} ({})", value.object->type->name, like);
  }

  std::optional<ByteRange> bytes(const Session& session, const Frame& f, const Object* object, std::uint64_t element) {
    if (f.news != nullptr) return session.bytes_of(object, f.member, element);
    if (f.from == kNone) return session.bytes_of(object, f.member);
    const auto first = session.bytes_of(object, f.member, f.from);
    const auto last = session.bytes_of(object, f.member, std::max(f.from + 1, f.to) - 1);
    return first && last ? std::optional(ByteRange{first->begin, last->end}) : std::nullopt;
  }

  std::string path(bool starred) {
    std::string out;
    for (const Frame& f : frames_) {
      out += (out.empty() ? "" : ".") + f.now->type->members[f.member].id;
      const bool has_index = f.news != nullptr || f.from != kNone;
      if (has_index) out += starred ? "[*]" : fmt::format("[{}]", label(f));
    }
    return out;
  }

  std::string label(const Frame& f) {
    if (f.news == nullptr) return f.from == f.to ? std::to_string(f.from) : fmt::format("{}..{}", f.from, f.to);
    const bool is_removed = f.match.now == kNone;
    const std::uint64_t index = is_removed ? f.match.before : f.match.now;
    const Value record = is_removed ? f.olds->at(index) : f.news->at(index);
    const auto& key = plan(f).key;
    if (!key || record.tag != Tag::object) return std::to_string(index);
    Session& session = is_removed ? before_ : now_;
    const Value value = key_value(session, *key, is_removed ? f.before : f.now, record, index);
    if (!value.is_there()) return std::to_string(index);
    const std::string text = key_text(session, *key, record.object, value);
    return f.match.repeat == 1 ? text : fmt::format("{} #{}", text, f.match.repeat);
  }

  const MemberPlan& plan(const Frame& f) const { return plan_.of(f.now->type->id, f.member); }

  bool fail(const Session& session) {
    failure_ = session.failure();
    return false;
  }

  Session& before_;
  Session& now_;
  const Plan& plan_;
  Budget& budget_;
  Difference& out_;
  std::optional<Finding>& failure_;
  std::vector<Frame> frames_;
  std::map<std::tuple<Kind, std::uint32_t, std::uint32_t>, std::size_t> patterns_;
  std::uint64_t kept_bytes_ = 0;
};

}  // namespace

bool compare(Session& before, Session& now, const Plan& plan, Budget& budget, Difference& difference,
             std::optional<Finding>& failure) {
  return Comparer(before, now, plan, budget, difference, failure).run();
}

}  // namespace sluice::difference
