// For people:
//
//   ~ header.version1: 1 -> 2
//   + instances[id 1004]: type_id 3, state enabled, action detect, criteria (21)
//
//   SL0323 warning  first use: an input of a template type
//   ..
//   PASS  new.bin  1 finding
//   1 added, 1 changed
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "validator/cli/diff_report.h"
#include "validator/report/escape.h"

namespace sluice::cli {

namespace {

using difference::Change;
using difference::Difference;
using difference::Pattern;

// All changes are told if they are few; else a few of each pattern.
constexpr std::uint64_t kFew = 40;
constexpr std::uint64_t kShownOfPattern = 5;

char sign_of(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::added: return '+';
    case Change::Kind::removed: return '-';
    case Change::Kind::changed: return '~';
    case Change::Kind::reordered: return '>';
  }
  return '?';
}

std::string_view colour_of(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::added: return "32";
    case Change::Kind::removed: return "31";
    default: return "33";
  }
}

std::string change_text(const Change& change) {
  std::string text = fmt::format("{} {}", sign_of(change.kind), report::short_path(change.path));
  if (change.kind == Change::Kind::reordered) return text + ": in another order";
  if (change.kind == Change::Kind::changed) return text + fmt::format(": {} -> {}", change.before, change.after);
  const std::string& like = change.kind == Change::Kind::added ? change.after : change.before;
  return like.empty() ? text : text + ": " + like;
}

std::string painted(const std::string& text, Change::Kind kind, bool colour) {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m", colour_of(kind), report::visible(text)) : report::visible(text);
}

std::string changes_text(const Difference& difference, const DiffTextOptions& options) {
  const auto is_told = [&](bool is_derived) { return options.with_derived || !is_derived; };
  const std::uint64_t total = difference.total() + (options.with_derived ? difference.derived : 0);
  const std::uint64_t most = options.verbose ? difference::kKeptOfPattern : (total <= kFew ? kFew : kShownOfPattern);
  std::vector<std::uint64_t> told(difference.patterns.size(), 0);
  std::string out;
  for (const Change& change : difference.changes) {
    if (!is_told(change.is_derived) || told[change.pattern] == most) continue;
    ++told[change.pattern];
    out += painted(change_text(change), change.kind, options.report.colour) + "\n";
  }
  for (std::size_t k = 0; k < told.size(); ++k) {
    const Pattern& pattern = difference.patterns[k];
    if (!is_told(pattern.is_derived) || pattern.count == told[k]) continue;
    const std::string like = fmt::format("{} {}: {} more like these", sign_of(pattern.kind),
                                         report::short_path(pattern.path), pattern.count - told[k]);
    out += painted(like, pattern.kind, options.report.colour) + "\n";
  }
  return out;
}

std::string summary_text(const DiffReport& report, const DiffTextOptions& options) {
  const Difference& d = report.difference;
  if (report.is_identical) return "nothing changed: the files are the same\n";
  if (d.total() + d.derived == 0) return "no field changed; the files differ in bytes that no field shows\n";
  std::string out;
  for (const auto& [count, verb] : {std::pair(d.added, "added"), std::pair(d.removed, "removed"),
                                    std::pair(d.changed, "changed"), std::pair(d.reordered, "in another order")}) {
    if (count > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, verb);
  }
  if (d.derived > 0) {
    const std::string_view hint = options.with_derived ? "" : " (--derived lists them)";
    out = fmt::format("{}, and {} {}{}", out.empty() ? "nothing else" : out, d.derived,
                      d.derived == 1 ? "position, size, count or checksum" : "positions, sizes, counts and checksums",
                      hint);
  }
  return out + "\n";
}

}  // namespace

std::string diff_text(const DiffReport& report, const DiffTextOptions& options) {
  std::string out;
  const auto writer = report::make_writer(report::Format::text, options.report, out);
  if (!report.is_compared()) {
    for (const report::FileResult& broken : report.broken) writer->file(broken);
    return out;
  }
  std::string changes;
  if (options.report.show_summary) {
    changes = report::visible(fmt::format("OLD  {}", report.older[*report.base].name));
    if (report.older.size() > 1) changes += fmt::format("  (first uses: against {} files)", report.older.size());
    changes += "\n" + report::visible(fmt::format("NEW  {}", report.now.name)) + "\n";
  }
  const std::string list = changes_text(report.difference, options);
  if (!list.empty()) changes += (changes.empty() ? "" : "\n") + list;
  writer->file(report.now);
  const std::string gap = changes.empty() || out.empty() ? "" : "\n";
  out = changes + gap + out;
  if (options.report.show_summary) out += summary_text(report, options);
  return out;
}

}  // namespace sluice::cli
