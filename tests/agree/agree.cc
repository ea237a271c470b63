#include "tests/agree/agree.h"

#include <fmt/core.h>

#include <algorithm>

#include "tests/agree/twin.h"
#include "validator/program/walk.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

namespace sluice::agree {

std::optional<Pair> load_pair(const std::string& text) {
  std::vector<schema::Problem> problems;
  auto schema = schema::load_schema_text("small.ksy", text, problems);
  if (!schema) return std::nullopt;
  auto program = schema::compile(*schema);
  return Pair{text, std::move(*schema), std::move(program)};
}

static program::Limits walk_limits(const TwinLimits& twin) {
  program::Limits limits;
  limits.depth = twin.depth;
  limits.elements = twin.elements;
  limits.steps = 10'000'000;
  limits.empty_elements = twin.empty_elements;
  limits.process_bytes = twin.process_bytes;
  limits.memory = 64u << 20;
  limits.findings = 1'000'000;
  return limits;
}

// Limits whose units are each engine's own. `no_progress` and `instance_cycle` are not: both must find them.
static bool is_own_limit(FindingId id) {
  return id == FindingId::limit_depth || id == FindingId::limit_elements || id == FindingId::limit_steps ||
         id == FindingId::limit_process || id == FindingId::limit_memory;
}

static std::vector<TwinFinding> strip(const Findings& findings) {
  std::vector<TwinFinding> out;
  for (const Finding& f : findings.list()) {
    if (f.id != FindingId::overlap) out.push_back({f.id, f.path, f.bytes});
  }
  return out;
}

static void put_left_over_last(std::vector<TwinFinding>& findings) {
  auto is_other = [](const TwinFinding& f) { return f.id != FindingId::trailing_bytes; };
  auto left_over = std::stable_partition(findings.begin(), findings.end(), is_other);
  std::sort(left_over, findings.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
}

static void drop_left_over(std::vector<TwinFinding>& findings) {
  std::erase_if(findings, [](const TwinFinding& f) { return f.id == FindingId::trailing_bytes; });
}

static std::string print(const std::vector<TwinFinding>& findings) {
  std::string out;
  for (const TwinFinding& f : findings) {
    std::string range = f.bytes ? fmt::format("{}..{}", f.bytes->begin, f.bytes->end) : "-";
    out += fmt::format("    {:<20} {:<10} {}\n", kind_of(f.id).name, range, f.path);
  }
  return out.empty() ? "    (none)\n" : out;
}

std::string compare(const Pair& pair, std::span<const std::uint8_t> content, Tally& tally) {
  TwinLimits limits;
  TwinResult twin = twin_check(pair.schema, content, limits);
  Findings findings(1'000'000);
  program::check(pair.program, content, walk_limits(limits), "", findings);
  std::vector<TwinFinding> walk = strip(findings);

  ++tally.walks;
  tally.accepted += twin.findings.empty() ? 1 : 0;
  tally.redone += twin.redone ? 1 : 0;
  auto own_limit = [](const TwinFinding& f) { return is_own_limit(f.id); };
  if (std::ranges::any_of(twin.findings, own_limit) && findings.no_verdict()) {
    ++tally.out_of_limits;
    return {};
  }
  put_left_over_last(twin.findings);
  put_left_over_last(walk);
  auto ends_walk = [](const TwinFinding& f) { return f.id == FindingId::no_progress; };
  if (std::ranges::any_of(twin.findings, ends_walk)) {
    drop_left_over(twin.findings);
    drop_left_over(walk);
  }
  if (twin.findings == walk) return {};
  std::string hex;
  for (std::uint8_t byte : content) hex += fmt::format("{:02x} ", byte);
  return fmt::format("{}  content: {}\n  twin{}:\n{}  walk:\n{}", pair.text, hex, twin.redone ? " (redone)" : "",
                     print(twin.findings), print(walk));
}

}  // namespace sluice::agree
