#include "tests/difference/diff.h"

#include <fmt/core.h>

#include <catch2/catch.hpp>
#include <deque>

#include "validator/difference/compare.h"
#include "validator/difference/novelty.h"
#include "validator/rules/load.h"
#include "validator/schema/compile.h"

namespace sluice::difference {

namespace {

void expect_none(const std::vector<schema::Problem>& problems) {
  for (const auto& p : problems) {
    if (!p.is_warning) FAIL_CHECK(p.path + ": " + p.message);
  }
}

// The documents and the trees of one question.
class Bench {
 public:
  explicit Bench(const Question& question) : question_(question) {
    std::vector<schema::Problem> problems;
    schema_ = schema::load_schema_text("small.ksy", question.schema, problems);
    expect_none(problems);
    REQUIRE(schema_.has_value());
    if (!question.rules.empty()) {
      problems.clear();
      (void)rules::load_rules_text("small.rules.yaml", "format: " + schema_->id + "\n" + question.rules, *schema_,
                                   question.builds, problems);
      expect_none(problems);
    }
    program_ = schema::compile(*schema_, {.keep_everything = true, .builds = question.builds});
    plan_ = Plan::of(*schema_, program_);
    for (const std::string& content : question.older) add(content);
    add(question.now);
  }

  std::string changes() {
    Difference difference;
    Budget memory(question_.limits, 0);
    Usage usage(program_, memory);
    Budget budget(question_.limits, 0);
    for (auto& session : sessions_) {
      if (!survey(session, plan_, budget, usage, failure_)) return failed();
    }
    if (!compare(sessions_[sessions_.size() - 2], sessions_.back(), plan_, budget, difference, failure_)) {
      return failed();
    }
    std::string out;
    for (const Change& change : difference.changes) out += line(change);
    for (const Pattern& p : difference.patterns) {
      if (p.count > p.listed) out += fmt::format("{} more of {}\n", p.count - p.listed, p.path);
    }
    return out;
  }

  std::string first_uses() {
    Budget memory(question_.limits, 0);
    Usage usage(program_, memory);
    Budget budget(question_.limits, 0);
    for (std::size_t k = 0; k + 1 < sessions_.size(); ++k) {
      if (!survey(sessions_[k], plan_, budget, usage, failure_)) {
        if (!failure_) failure_ = usage.failure();
        return failed();
      }
    }
    Findings findings;
    if (!find_first_uses(sessions_.back(), plan_, budget, usage, question_.older.size(), "", findings, failure_)) {
      return failed();
    }
    std::string out;
    for (const Finding& f : findings.list()) {
      out += fmt::format("{} {}", kind_of(f.id).name, f.path);
      if (f.bytes) out += fmt::format(" @{}..{}", f.bytes->begin, f.bytes->end);
      out += ": " + because(f) + "\n";
      if (!f.suggest.empty()) out += "  " + f.suggest + "\n";
    }
    if (findings.omitted() > 0) out += fmt::format("{} more\n", findings.omitted());
    return out;
  }

 private:
  void add(const std::string& content) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(content.data());
    auto& session = sessions_.emplace_back(program_, std::span(data, content.size()), question_.limits);
    if (!session.read()) FAIL_CHECK(session.failure().path + ": " + because(session.failure()));
  }

  std::string failed() const { return failure_ ? "failed: " + because(*failure_) + "\n" : "failed without a reason\n"; }

  static std::string line(const Change& change) {
    const std::string head = std::string(change.is_derived ? ". " : "");
    switch (change.kind) {
      case Change::Kind::added: return fmt::format("{}+ {}: {}\n", head, change.path, change.after);
      case Change::Kind::removed: return fmt::format("{}- {}: {}\n", head, change.path, change.before);
      case Change::Kind::changed:
        return fmt::format("{}~ {}: {} -> {}\n", head, change.path, change.before, change.after);
      case Change::Kind::reordered: return fmt::format("{}> {}\n", head, change.path);
    }
    return {};
  }

  const Question& question_;
  std::optional<schema::Schema> schema_;
  program::Program program_;
  Plan plan_;
  std::deque<program::Session> sessions_;
  std::optional<Finding> failure_;
};

Question in_bytes(Question question) {
  for (std::string& content : question.older) content = bytes_of_hex(content);
  question.now = bytes_of_hex(question.now);
  return question;
}

}  // namespace

std::string bytes_of_hex(std::string_view text) {
  std::string out;
  int high = -1;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      out += static_cast<char>(high * 16 + digit);
      high = -1;
    }
  }
  return out;
}

std::string changes(const Question& question) { return changes_of_bytes(in_bytes(question)); }
std::string first_uses(const Question& question) { return first_uses_of_bytes(in_bytes(question)); }
std::string changes_of_bytes(const Question& question) { return Bench(question).changes(); }
std::string first_uses_of_bytes(const Question& question) { return Bench(question).first_uses(); }

}  // namespace sluice::difference
