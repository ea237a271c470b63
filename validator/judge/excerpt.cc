#include "validator/judge/excerpt.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/program/tree_walk.h"
#include "validator/program/value_text.h"

namespace sluice::judge {

namespace {

using program::MemberInfo;
using program::Value;
using report::Excerpt;
using report::FieldSpan;

constexpr std::uint64_t kRow = 16;
constexpr std::uint64_t kAround = 4 * kRow;  // before and behind
constexpr std::uint64_t kHead = 16 * kRow;   // of a long range, its begin
constexpr std::uint64_t kTail = 2 * kRow;    // and its end
constexpr std::uint64_t kMostBytes = 64u << 10;
constexpr std::size_t kMostSpans = 2'000;
constexpr std::size_t kMostFields = 20'000;     // taken note of, before the innermost are chosen
constexpr std::size_t kMostVisits = 2'000'000;  // of fields

bool has_bytes(const Finding& finding, bytes::View content) {
  return finding.bytes && finding.derived.empty() && finding.bytes->begin <= finding.bytes->end &&
         finding.bytes->begin <= content.size();
}

// Whole rows; `begin` and `end` lie in the content, and so no sum overflows.
void add_window(std::vector<ByteRange>& windows, std::uint64_t begin, std::uint64_t end, bytes::View content) {
  begin -= begin % kRow;
  begin -= std::min(begin, kAround);
  end = (end + kRow - 1) / kRow * kRow;
  windows.push_back({begin, std::min<std::uint64_t>(end + kAround, content.size())});
}

std::vector<ByteRange> windows_of(bytes::View content, const std::vector<Finding>& findings) {
  std::vector<ByteRange> windows;
  for (const Finding& finding : findings) {
    if (!has_bytes(finding, content)) continue;
    const std::uint64_t begin = finding.bytes->begin;
    const std::uint64_t end = std::min<std::uint64_t>(finding.bytes->end, content.size());
    if (end - begin <= kHead + kTail) {
      add_window(windows, begin, end, content);
    } else {
      add_window(windows, begin, begin + kHead, content);
      add_window(windows, end - kTail, end, content);
    }
  }
  // The first findings are the first causes: what is too much is left out from behind.
  std::uint64_t left = kMostBytes;
  for (ByteRange& window : windows) {
    window.end = std::min(window.end, window.begin + left);
    left -= window.end - window.begin;
  }
  std::erase_if(windows, [](const ByteRange& window) { return window.begin == window.end; });
  std::ranges::sort(windows, {}, &ByteRange::begin);
  std::vector<ByteRange> merged;
  for (const ByteRange& window : windows) {
    if (!merged.empty() && window.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, window.end);
    } else {
      merged.push_back(window);
    }
  }
  return merged;
}

bool meet(ByteRange a, ByteRange b) { return a.begin < b.end && b.begin < a.end; }

// Takes note of what lies in the windows.
class Fields : public program::TreeSink {
 public:
  Fields(const program::Session& session, const std::vector<ByteRange>& windows)
      : session_(session), windows_(windows), wanders_(has_positions(session.program())) {}

  [[nodiscard]] std::vector<FieldSpan> take() { return std::move(fields_); }

  // What is somewhere else may have fields anywhere, if the schema has positions at all.
  [[nodiscard]] bool wants(std::optional<ByteRange> range) {
    ++visits_;
    return wanders_ || (range && is_shown(*range));
  }
  [[nodiscard]] bool goes_on() const { return visits_ < kMostVisits && fields_.size() < kMostFields; }

  void begin(const std::string& name, const MemberInfo&, const Value& value, std::optional<ByteRange> range) {
    enter(name);
    note(range, [&] { return value.object->type->name; });
  }
  void end() { leave(); }
  void begin_items(const std::string& name, const MemberInfo& info, const Value& value,
                   std::optional<ByteRange> range) {
    enter(name);
    note(range, [&] { return fmt::format("{} of {}", value.array->count, info.kind); });
  }
  void end_items() { leave(); }
  void leaf(const std::string& name, const MemberInfo&, const Value& value, std::optional<ByteRange> range) {
    ++visits_;
    enter(name);
    note(range, [&] { return program::value_text(session_, value); });
    leave();
  }
  void failed(const MemberInfo&, const Finding&) { ++visits_; }

 private:
  static bool has_positions(const program::Program& program) {
    return std::ranges::any_of(program.full.types, [](const auto& type) {
      return std::ranges::any_of(type.members,
                                 [](const auto& m) { return m.role == program::MemberRole::parse_instance; });
    });
  }

  [[nodiscard]] bool is_shown(ByteRange range) const {
    const auto first = std::ranges::upper_bound(windows_, range.begin, {}, &ByteRange::end);
    return first != windows_.end() && meet(*first, range);
  }

  template <typename Text>
  void note(std::optional<ByteRange> range, const Text& text) {
    if (range && is_shown(*range)) fields_.push_back({*range, report::short_path(path_), text()});
  }

  void enter(const std::string& name) {
    lengths_.push_back(path_.size());
    if (!path_.empty() && !name.starts_with('[')) path_ += '.';
    path_ += name;
  }
  void leave() {
    path_.resize(lengths_.back());
    lengths_.pop_back();
  }

  const program::Session& session_;
  const std::vector<ByteRange>& windows_;
  const bool wanders_;
  std::vector<FieldSpan> fields_;
  std::string path_;
  std::vector<std::size_t> lengths_;
  std::size_t visits_ = 0;
};

// The fields of an excerpt, where each byte belongs to the smallest that it lies in.
std::vector<FieldSpan> innermost(const std::vector<FieldSpan>& by_size, ByteRange window) {
  const std::size_t size = window.end - window.begin;
  const std::size_t none = by_size.size();
  std::vector<std::size_t> owner(size, none);
  std::vector<std::size_t> next(size + 1);  // the first byte from here on that has no owner, or a step towards it
  for (std::size_t k = 0; k <= size; ++k) next[k] = k;
  const auto free_from = [&next](std::size_t at) {
    while (next[at] != at) at = next[at] = next[next[at]];
    return at;
  };
  for (std::size_t i = 0; i < by_size.size(); ++i) {
    const ByteRange range = by_size[i].bytes;
    if (!meet(range, window)) continue;
    const std::size_t end = std::min(range.end, window.end) - window.begin;
    for (std::size_t at = free_from(std::max(range.begin, window.begin) - window.begin); at < end; at = free_from(at)) {
      owner[at] = i;
      next[at] = at + 1;
    }
  }
  std::vector<FieldSpan> spans;
  for (std::size_t at = 0; at < size;) {
    const std::size_t begin = at;
    while (at < size && owner[at] == owner[begin]) ++at;
    if (owner[begin] == none) continue;
    const FieldSpan& field = by_size[owner[begin]];
    spans.push_back({{window.begin + begin, window.begin + at}, field.path, field.value});
  }
  return spans;
}

std::vector<FieldSpan> fields_in(const program::Program* tree, const program::Limits& limits, bytes::View content,
                                 const std::vector<ByteRange>& windows) {
  if (tree == nullptr) return {};
  program::Session session(*tree, content, limits, program::Session::Reading::past_failures);
  (void)session.read();  // what could be read is there
  if (session.root() == nullptr) return {};
  Fields fields(session, windows);
  program::TreeWalk(session, fields).structure(session.root());
  return fields.take();
}

}  // namespace

std::vector<Excerpt> excerpts_of(const program::Program* tree, const program::Limits& limits, bytes::View content,
                                 const std::vector<Finding>& findings) {
  const std::vector<ByteRange> windows = windows_of(content, findings);
  if (windows.empty()) return {};
  std::vector<FieldSpan> fields = fields_in(tree, limits, content, windows);
  // What could not be read is in no tree: the finding says what it is.
  for (const Finding& finding : findings) {
    if (has_bytes(finding, content) && !finding.path.empty() && fields.size() < 2 * kMostFields) {
      fields.push_back({*finding.bytes, report::short_path(finding.path), ""});
    }
  }
  std::ranges::stable_sort(fields, {}, [](const FieldSpan& field) { return field.bytes.end - field.bytes.begin; });
  std::vector<Excerpt> excerpts;
  std::size_t left = kMostSpans;
  for (const ByteRange& window : windows) {
    Excerpt& excerpt = excerpts.emplace_back();
    excerpt.begin = window.begin;
    const bytes::View part = content.subspan(window.begin, window.end - window.begin);
    excerpt.bytes.assign(part.begin(), part.end());
    excerpt.fields = innermost(fields, window);
    if (excerpt.fields.size() > left) excerpt.fields.resize(left);
    left -= excerpt.fields.size();
  }
  return excerpts;
}

}  // namespace sluice::judge
