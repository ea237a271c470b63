#include "validator/run/symbolizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "validator/finding/finding.h"
#include "validator/members/members.h"
#include "validator/run/process.h"

namespace sluice::run {

namespace {

using nlohmann::json;

constexpr std::size_t kMostLines = 8;
constexpr std::size_t kLargestAnswer = 1u << 20;
constexpr std::chrono::seconds kPatience{20};

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::vector<std::string> Symbolizer::lines(std::span<const StackFrame> frames, const std::string& target) {
  const std::lock_guard lock(mutex_);
  const auto is_ours = [&](const StackFrame& frame) { return frame.module == base_name(target); };
  std::vector<std::uint64_t> unknown;
  for (const StackFrame& frame : frames) {
    if (is_ours(frame) && !known_.contains({target, frame.offset})) unknown.push_back(frame.offset);
  }
  if (!unknown.empty()) ask(target, unknown);

  std::vector<std::string> lines;
  bool was_inside = false;
  for (const StackFrame& frame : frames) {
    // Behind the target comes whoever called it.
    if (was_inside && !is_ours(frame)) break;
    was_inside = was_inside || is_ours(frame);
    const Lines* known = is_ours(frame) ? &known_[{target, frame.offset}] : nullptr;
    if (known != nullptr && !known->empty()) {
      lines.insert(lines.end(), known->begin(), known->end());
    } else {
      const std::string name = frame.symbol.empty() ? "" : printable(frame.symbol) + "  ";
      lines.push_back(is_ours(frame) || name.empty()
                          ? fmt::format("{}{}+0x{:x}", name, printable(frame.module), frame.offset)
                          : fmt::format("{}{}", name, printable(frame.module)));
    }
    if (lines.size() >= kMostLines) break;
  }
  lines.resize(std::min(lines.size(), kMostLines));
  return lines;
}

bool Symbolizer::run(const char* program, const std::string& target, const std::vector<std::uint64_t>& offsets,
                     std::string& out) const {
  std::vector<std::string> words = {program, "--output-style=JSON", "--relative-address", "--obj=" + target};
  for (const std::uint64_t offset : offsets) words.push_back(fmt::format("0x{:x}", offset));
  Process process;
  std::string problem;
  if (!process.start(words, problem)) return false;
  const auto take = [&out](std::string_view bytes) {
    out += bytes;
    return out.size() > kLargestAnswer ? Process::Took::enough : Process::Took::more;
  };
  return process.talk({}, take, kPatience) == Process::Talk::ended && !out.empty();
}

void Symbolizer::ask(const std::string& target, const std::vector<std::uint64_t>& offsets) {
  for (const std::uint64_t offset : offsets) known_[{target, offset}] = {};
  std::string out;
  if (!run("llvm-symbolizer-19", target, offsets, out)) {
    out.clear();
    if (!run("llvm-symbolizer", target, offsets, out)) return;
  }
  const json answer = json::parse(out, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_array() || answer.size() != offsets.size()) return;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const auto symbols = answer[i].is_object() ? answer[i].find("Symbol") : answer[i].end();
    if (!answer[i].is_object() || symbols == answer[i].end() || !symbols->is_array()) continue;
    for (const json& symbol : *symbols) {
      if (!symbol.is_object()) continue;
      const std::string function = members::text(symbol, "FunctionName");
      const std::string source = members::text(symbol, "FileName");
      if (function.empty() || source.empty()) continue;
      known_[{target, offsets[i]}].push_back(fmt::format("{}  {}:{}", printable(function),
                                                         printable(source_name(source, folders_), 200),
                                                         members::number(symbol, "Line")));
    }
  }
}

// Where sources were compiled says nothing to whoever reads of them.
std::string source_name(const std::string& written, std::span<const std::string> folders) {
  // Compilers write `build/release/../../fuzz/..` too.
  const std::string source = std::filesystem::path(written).lexically_normal().string();
  for (const std::string& folder : folders) {
    if (!folder.empty() && source.starts_with(folder + "/")) return source.substr(folder.size() + 1);
  }
  const std::size_t fuzz = source.rfind("/fuzz/");
  return fuzz == source.npos ? source : source.substr(fuzz + 1);
}

}  // namespace sluice::run
