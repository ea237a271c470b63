#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <set>
#include <streambuf>

#include "validator/bytes/utf8.h"
#include "validator/document/document.h"
#include "validator/finding/finding.h"

namespace sluice::document {
namespace {

// yaml-cpp keeps every token of an unfinished flow collection, about 230 bytes for a `[`, before it tells of the first.
// So no single scalar, comment or flow collection may be longer than this.
constexpr std::size_t kLookahead = 256u << 10;

// Thrown through yaml-cpp, and caught in parse() below: it leaves no other way to stop.
struct Refusal {
  Problem problem;
};

[[noreturn]] void refuse(Mark mark, std::string message) { throw Refusal{{mark, std::move(message)}}; }

Mark to_mark(const YAML::Mark& mark) {
  return {static_cast<std::uint32_t>(std::max(mark.line, 0)) + 1,
          static_cast<std::uint32_t>(std::max(mark.column, 0)) + 1};
}

Mark mark_at(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, position);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = newline == before.npos ? position : position - newline - 1;
  return {static_cast<std::uint32_t>(lines) + 1, static_cast<std::uint32_t>(column) + 1};
}

// Hands out the text in blocks and no further than kLookahead past the last event.
class BoundedInput : public std::streambuf {
 public:
  explicit BoundedInput(std::string_view text) : text_(text) {}
  void reached(std::size_t position) { reached_ = position; }

 protected:
  std::streamsize xsgetn(char* out, std::streamsize count) override {
    if (next_ - std::min(reached_, next_) > kLookahead) {
      refuse(mark_at(text_, reached_),
             fmt::format("a scalar, comment or [...] or {{...}} collection longer than {} bytes", kLookahead));
    }
    const std::size_t size = std::min(static_cast<std::size_t>(count), text_.size() - next_);
    text_.copy(out, size, next_);
    next_ += size;
    return static_cast<std::streamsize>(size);
  }

 private:
  std::string_view text_;
  std::size_t next_ = 0;
  std::size_t reached_ = 0;
};

// Builds the tree from events. An open collection is a frame; it moves into its parent when it ends.
class Builder : public YAML::EventHandler {
 public:
  Builder(std::string_view text, const Limits& limits, BoundedInput& input)
      : text_(text), limits_(limits), input_(input) {}

  Node take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) refuse(to_mark(mark), "a second document, or text after the end of the first");
  }
  void OnDocumentEnd() override {
    if (!is_quote_closed()) refuse(to_mark(last_quoted_), "a quote that is not closed");
  }

  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    refuse(to_mark(mark), "anchors are not allowed");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse(to_mark(mark), "aliases are not allowed"); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(start(Node::Kind::null, mark, "")); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    Node node = start(Node::Kind::scalar, mark, tag);
    node.quoted = tag == "!";  // yaml-cpp's own mark for scalars that are not plain
    if (node.quoted) last_quoted_ = mark;
    node.text = value;
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(start(Node::Kind::sequence, mark, tag));
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(start(Node::Kind::mapping, mark, tag));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    std::set<std::string> keys;
    Entry entry;  // whose key was read and whose value comes next
    bool has_key = false;

    [[nodiscard]] bool expects_key() const { return node.is_mapping() && !has_key; }
  };

  Node start(Node::Kind kind, const YAML::Mark& mark, const std::string& tag) {
    const auto position = static_cast<std::size_t>(std::max(mark.pos, 0));
    input_.reached(position);
    if (++nodes_ > limits_.nodes) refuse(to_mark(mark), fmt::format("more than {} nodes", limits_.nodes));
    // A tag that is written stands where its node starts; yaml-cpp's `?` and `!` for untagged nodes do not.
    const bool is_written = position < text_.size() && text_[position] == '!';
    if (is_written || (!tag.empty() && tag != "?" && tag != "!")) refuse(to_mark(mark), "tags are not allowed");
    Node node;
    node.kind = kind;
    node.mark = to_mark(mark);
    return node;
  }

  // yaml-cpp takes the end of the file for the closing quote. Only the last quoted scalar can be the one.
  [[nodiscard]] bool is_quote_closed() const {
    if (last_quoted_.is_null()) return true;
    const auto start = static_cast<std::size_t>(last_quoted_.pos);
    const char quote = text_[start];
    if (quote != '"' && quote != '\'') return true;  // a block
    for (std::size_t at = start + 1; at < text_.size(); ++at) {
      const bool is_escape = quote == '"' ? text_[at] == '\\' : text_.substr(at, 2) == "''";
      if (is_escape) {
        ++at;
      } else if (text_[at] == quote) {
        return true;
      }
    }
    return false;
  }

  void open(Node node) {
    if (!frames_.empty() && frames_.back().expects_key()) refuse(node.mark, "a key must be a scalar");
    if (frames_.size() >= limits_.depth) {
      refuse(node.mark, fmt::format("nested more than {} levels deep", limits_.depth));
    }
    frames_.emplace_back().node = std::move(node);
  }

  void close() {
    Node node = std::move(frames_.back().node);
    frames_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (frames_.empty()) {
      root_ = std::move(node);
    } else if (Frame& top = frames_.back(); top.expects_key()) {
      add_key(top, std::move(node));
    } else if (top.node.is_mapping()) {
      if (node.is_null()) node.mark = top.entry.mark;  // yaml-cpp puts what is not there at the token that follows
      top.entry.value = std::move(node);
      top.node.entries.push_back(std::exchange(top.entry, {}));
      top.has_key = false;
    } else {
      top.node.items.push_back(std::move(node));
    }
  }

  static void add_key(Frame& top, Node node) {
    if (!node.is_scalar()) refuse(node.mark, "a key must be a scalar");
    if (node.text == "<<" && !node.quoted) refuse(node.mark, "merge keys are not allowed");
    if (!top.keys.insert(node.text).second) {
      refuse(node.mark, fmt::format("found duplicate key {}", printable(node.text)));
    }
    top.entry.key = std::move(node.text);
    top.entry.mark = node.mark;
    top.entry.key_quoted = node.quoted;
    top.has_key = true;
  }

  std::string_view text_;
  const Limits& limits_;
  BoundedInput& input_;
  std::vector<Frame> frames_;
  Node root_;
  YAML::Mark last_quoted_ = YAML::Mark::null_mark();
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

// What YAML does not allow in its text, and what its readers do not agree is a line break. yaml-cpp itself takes a
// byte 04 for the end of the file.
const char* refused_character(std::string_view text, std::size_t at, char32_t c) {
  if (c == '\r') return text.substr(at + 1, 1) == "\n" ? nullptr : "a carriage return without a line feed";
  if (c == 0x85 || c == 0x2028 || c == 0x2029) return "a line break that YAML readers disagree about";
  if (c < 0x20 && c != '\t' && c != '\n') return "a control character";
  if ((0x7F <= c && c <= 0x9F) || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE) return "a character that YAML does not allow";
  return nullptr;
}

void check_characters(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const bytes::CodePoint point = bytes::first_code_point(text.substr(at));
    if (point.length == 0) refuse(mark_at(text, at), "not UTF-8");
    if (const char* why = refused_character(text, at, point.value)) {
      refuse(mark_at(text, at), fmt::format("{} (U+{:04X})", why, static_cast<unsigned>(point.value)));
    }
    at += point.length;
  }
}

Node read_tree(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) refuse(Mark{}, fmt::format("larger than {} bytes", limits.bytes));
  check_characters(text);
  BoundedInput buffer(text);
  std::istream stream(&buffer);
  YAML::Parser parser(stream);
  Builder builder(text, limits, buffer);
  while (parser.HandleNextDocument(builder)) {
  }
  return builder.take_root();
}

}  // namespace

std::optional<Document> parse(std::string name, std::string text, Problem& problem, const Limits& limits) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  try {
    Node root = read_tree(text, limits);
    return Document{std::move(name), std::move(text), std::move(root)};
  } catch (Refusal& refusal) {
    problem = std::move(refusal.problem);
  } catch (const YAML::Exception& exception) {
    const bool is_alias = exception.msg.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR);
    problem = {to_mark(exception.mark),
               is_alias ? "aliases are not allowed" : printable(exception.msg, 200, Quotes::keep)};
  }
  return std::nullopt;
}

}  // namespace sluice::document
