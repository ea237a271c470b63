#include "fuzz/mutate/format.h"

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/mutate/lenient.h"
#include "fuzz/mutate/tie.h"
#include "validator/contract/driver.h"
#include "validator/rules/load.h"
#include "validator/schema/compile.h"

namespace sluice::mutate {

namespace {

// Content that a fuzzer makes is small; what asks for more than this is not worth its time.
constexpr program::Limits kJudging{.depth = 200,
                                   .elements = 1'000'000,
                                   .steps = 16'000'000,
                                   .empty_elements = 4096,
                                   .process_bytes = 4u << 20,
                                   .memory = 64u << 20,
                                   .findings = 100};

bool tell(const std::vector<schema::Problem>& found, std::vector<std::string>& problems) {
  bool is_good = true;
  for (const schema::Problem& p : found) {
    if (p.is_warning) continue;
    is_good = false;
    problems.push_back(fmt::format("{}:{}:{}: {}: {}", p.file, p.mark.line, p.mark.column, p.path, p.message));
  }
  return is_good;
}

std::optional<std::vector<program::BuildFacts>> load_builds(const FormatFiles& files,
                                                            std::vector<std::string>& problems) {
  std::vector<program::BuildFacts> facts;
  if (files.driver.empty()) return facts;
  std::vector<Finding> found;
  const auto driver = contract::load_driver(files.driver, found);
  for (const Finding& f : found) {
    if (driver && f.severity != Severity::error) continue;
    problems.push_back(
        fmt::format("{}:{}:{}: {}", f.file, f.text ? f.text->line : 0, f.text ? f.text->column : 0, because(f)));
  }
  if (!driver) return std::nullopt;
  std::string problem;
  for (const std::size_t index : contract::select_builds(*driver, files.builds, problem)) {
    facts.push_back(driver->builds[index].facts);
  }
  if (problem.empty()) return facts;
  problems.push_back(fmt::format("{}: {}", files.driver.string(), problem));
  return std::nullopt;
}

bool passes(const program::Program& program, std::span<const std::uint8_t> content) {
  Findings findings(1);
  program::check(program, content, kJudging, "", findings);
  return !findings.no_verdict() && (!findings.worst() || *findings.worst() < Severity::error);
}

}  // namespace

Format::Format(schema::Schema schema, schema::Schema lenient, std::vector<program::BuildFacts> builds)
    : schema_(std::move(schema)), builds_(std::move(builds)) {
  judging_ = schema::compile(schema_, {.builds = builds_});
  // The rules are the second document's, so that the first serves for both.
  schema::RuleBook rules = std::move(schema_.rules);
  schema_.rules = {};
  layout_ = schema::compile(schema_);
  schema_.rules = std::move(rules);
  reading_ = schema::compile(lenient, {.keep_everything = true});
  for (const auto& type : schema_.types) {
    first_sites_.push_back(static_cast<SiteId>(sites_.size()));
    for (std::uint32_t i = 0; i < type->members.size(); ++i) sites_.push_back({type->id, i, &type->members[i]});
  }
  ties_ = std::make_unique<const Ties>(*this);
}

Format::~Format() = default;

std::unique_ptr<Format> Format::load(const FormatFiles& files, std::vector<std::string>& problems) {
  schema::LoadOptions options;
  options.include = files.include;
  std::vector<schema::Problem> found;
  auto schema = schema::load_schema(files.schema, options, found);
  std::vector<schema::Problem> again;
  auto lenient = schema::load_schema(files.schema, options, again);
  if (!tell(found, problems) || !schema || !lenient) return nullptr;
  auto builds = load_builds(files, problems);
  if (!builds) return nullptr;
  schema::relax(*schema, files.allow);
  make_lenient(*lenient);
  if (!files.rules.empty()) {
    found.clear();
    const bool is_loaded = rules::load_rules(files.rules, *schema, *builds, found);
    if (!tell(found, problems) || !is_loaded) return nullptr;
  }
  return std::unique_ptr<Format>(new Format(std::move(*schema), std::move(*lenient), std::move(*builds)));
}

std::unique_ptr<Format> Format::load_text(const std::string& schema_text, const std::string& rules,
                                          const std::vector<program::BuildFacts>& builds,
                                          std::vector<std::string>& problems) {
  std::vector<schema::Problem> found;
  auto schema = schema::load_schema_text("schema.ksy", schema_text, found);
  std::vector<schema::Problem> again;
  auto lenient = schema::load_schema_text("schema.ksy", schema_text, again);
  if (!tell(found, problems) || !schema || !lenient) return nullptr;
  make_lenient(*lenient);
  if (!rules.empty()) {
    found.clear();
    const bool is_loaded = rules::load_rules_text("rules.yaml", rules, *schema, builds, found);
    if (!tell(found, problems) || !is_loaded) return nullptr;
  }
  return std::unique_ptr<Format>(new Format(std::move(*schema), std::move(*lenient), builds));
}

bool Format::accepts(std::span<const std::uint8_t> content) const { return passes(judging_, content); }

bool Format::accepts_layout(std::span<const std::uint8_t> content) const { return passes(layout_, content); }

void Format::judge(std::span<const std::uint8_t> content, Findings& findings) const {
  program::check(judging_, content, kJudging, "", findings);
}

}  // namespace sluice::mutate
