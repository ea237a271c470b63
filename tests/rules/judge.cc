#include "tests/rules/judge.h"

#include <fmt/core.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "validator/program/walk.h"
#include "validator/rules/load.h"
#include "validator/schema/compile.h"

namespace sluice::rules {

namespace {

std::vector<std::uint8_t> from_hex(std::string_view text) {
  std::vector<std::uint8_t> out;
  int high = -1;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  return out;
}

schema::Schema load(const Question& question, std::vector<schema::Problem>& problems) {
  std::vector<schema::Problem> of_schema;
  auto schema = schema::load_schema_text("small.ksy", question.schema, of_schema);
  for (const auto& p : of_schema) {
    if (!p.is_warning) FAIL_CHECK(p.path + ": " + p.message);
  }
  REQUIRE(schema.has_value());
  (void)load_rules_text("small.rules.yaml", "format: " + schema->id + "\n" + question.rules, *schema, question.builds,
                        problems);
  return std::move(*schema);
}

std::string findings_of(const program::Program& program, const std::vector<std::uint8_t>& content,
                        std::uint64_t memory) {
  Findings findings(50);
  program::Limits limits;
  limits.memory = memory;
  const program::Statistics statistics = program::check(program, content, limits, "", findings);
  std::string out;
  for (const Finding& f : findings.list()) {
    out += f.id == FindingId::rule_violated ? f.rule : std::string(kind_of(f.id).name);
    if (!f.path.empty()) out += " " + f.path;
    if (f.bytes) out += fmt::format(" @{}..{}", f.bytes->begin, f.bytes->end);
    if (!f.build.empty()) out += " [" + f.build + "]";
    out += ": " + because(f) + "\n";
  }
  if (statistics.declared) out += fmt::format("for {} to {}\n", statistics.declared->first, statistics.declared->last);
  return out;
}

std::string sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at + 1));
    at = end + 1;
  }
  std::ranges::sort(lines);
  std::string out;
  for (const auto& line : lines) out += line;
  return out;
}

}  // namespace

std::string judge(const Question& question) {
  std::vector<schema::Problem> problems;
  const schema::Schema schema = load(question, problems);
  for (const auto& p : problems) FAIL_CHECK(p.path + ": " + p.message);
  const auto content = from_hex(question.bytes);
  program::Program program = schema::compile(schema, {.builds = question.builds});
  const std::string lean = findings_of(program, content, question.memory);
  program::Program with_full = schema::compile(schema, {.keep_everything = true, .builds = question.builds});
  program.full = std::move(with_full.full);
  program.lean.instructions[program.lean.types[program.root].entry] = {.op = program::Op::look_ahead};
  std::swap(program.chains, with_full.chains);
  const std::string full = findings_of(program, content, question.memory);
  // The order is that of reading in one and of a dump in the other.
  if (sorted_lines(lean) == sorted_lines(full)) return lean;
  return "lean:\n" + lean + "full:\n" + full;
}

std::string problems_of(const Question& question) {
  std::vector<schema::Problem> problems;
  (void)load(question, problems);
  std::string out;
  // The line of `format` is the test's.
  for (const auto& p : problems) out += fmt::format("{}:{} {}\n", p.mark.line - 1, p.mark.column, p.message);
  return out;
}

}  // namespace sluice::rules
