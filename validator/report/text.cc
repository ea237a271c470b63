// For people:
//
//   SL0203 error  value: above its maximum
//     at       C-00000291.bin  0x01f4..0x01f6  instances[1].criteria[20].input
//     because  20 is greater than 19
//
//   BUILD  SUPPORT  VERDICT  FIRST FINDING
//   7.11   fielded  FAIL     SL0203 instances[1].criteria[20].input
//   proven for no build
//
//   FAIL  C-00000291.bin  1 finding
#include <fmt/format.h>

#include <cctype>
#include <iterator>
#include <map>

#include "validator/report/escape.h"
#include "validator/report/grouping.h"
#include "validator/report/paint.h"
#include "validator/report/release_text.h"
#include "validator/report/words.h"
#include "validator/report/writers.h"

namespace sluice::report {

namespace {

std::string place_text(const Finding& finding) {
  std::string out = visible(finding.file);
  const auto add = [&out](const std::string& part) {
    if (!part.empty()) out += (out.empty() ? "" : "  ") + part;
  };
  if (finding.text) out += fmt::format(":{}:{}", finding.text->line, finding.text->column);
  if (finding.bytes) add(range_text(*finding.bytes));
  add(visible(short_path(finding.path)));
  return out;
}

std::string joined(const std::vector<std::string>& trail) {
  std::string out;
  for (const std::string& step : trail) out += (out.empty() ? "" : " -> ") + visible(short_path(step));
  return out;
}

// The excerpt comes with its own two spaces; it stands under the text of the lines around it.
void add_excerpt(std::string& out, std::string_view excerpt) {
  const std::string safe = visible_lines(excerpt);
  for (std::string_view rest = safe; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (end > 0) fmt::format_to(std::back_inserter(out), "{:9}{}\n", "", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

class TextWriter final : public Writer {
 public:
  TextWriter(const Options& options, std::string& out) : options_(options), out_(out) {}

  void file(const FileResult& result) override {
    if (result.findings.empty() && result.omitted == 0 && result.verdict == Verdict::pass) {
      if (options_.show_passed && !result.is_beside) add_verdict(result);
      return;
    }
    std::map<std::string, std::uint64_t> seen;
    for (const Group& group : grouped(result.findings)) {
      if (++seen[sameness(*group.first)] <= kAlikeShown) add(Part::block, group_text(group));
    }
    for (const auto& [key, count] : seen) {
      if (count > kAlikeShown)
        add(Part::block, fmt::format("{}: {} more like these\n", visible(short_path(key)), count - kAlikeShown));
    }
    const bool is_told = result.is_beside && result.verdict == Verdict::pass;  // a warning: there is no more to say
    if (options_.show_summary && !is_told) add_verdict(result);
  }

  void finish(const Totals& totals) override {
    if (!options_.show_summary) return;
    if (!totals.coverage.empty()) add(Part::block, coverage_text(totals.coverage));
    if (totals.release) return add(Part::block, release_text(totals, options_.colour));
    if (totals.files < 2) return;
    add(Part::block, files_text(totals) + "\n");
  }

 private:
  // An empty line stands around blocks; lines follow each other.
  enum class Part : std::uint8_t { nothing, line, block };

  void add(Part part, const std::string& text) {
    if (last_ == Part::block || (last_ == Part::line && part == Part::block)) out_ += "\n";
    out_ += text;
    last_ = part;
  }

  std::string group_text(const Group& group) const {
    std::string text = finding_text(*group.first, options_.colour);
    for (const Finding* other : group.others) {
      add_line(text, "also", visible(because(*other) + build_note(*other)));
    }
    return text;
  }

  // The table of builds, if there is one, and the line that sums up.
  void add_verdict(const FileResult& result) {
    const bool has_table = !result.builds.empty() && !options_.is_gate;
    const bool is_line = !has_table && result.findings.empty() && result.omitted == 0;
    if (has_table) add(Part::block, matrix_text(result));
    add(is_line ? Part::line : Part::block, verdict_text(result));
  }

  std::string matrix_text(const FileResult& result) const {
    std::size_t name_width = std::string_view("BUILD").size();
    std::size_t support_width = std::string_view("SUPPORT").size();
    for (const BuildVerdict& build : result.builds) {
      name_width = std::max(name_width, visible(build.build).size());
      support_width = std::max(support_width, visible(build.support).size());
    }
    const auto verdict_width = name_of(Verdict::no_verdict).size();
    const auto [instances_width, criteria_width] = ran_widths(result);
    const std::string ran_header =
        fmt::format("{:<{}}  {:<{}}  ", "EVALUATED", instances_width, "CRITERIA", criteria_width);
    std::string text = fmt::format("{:<{}}  {:<{}}  {:<{}}  {}FIRST FINDING\n", "BUILD", name_width, "SUPPORT",
                                   support_width, "VERDICT", verdict_width, options_.is_run ? ran_header : "");
    for (const BuildVerdict& build : result.builds) {
      const std::string padding(verdict_width - name_of(build.verdict).size(), ' ');
      fmt::format_to(std::back_inserter(text), "{:<{}}  {:<{}}  {}{}  {}{}\n", visible(build.build), name_width,
                     visible(build.support), support_width,
                     painted(name_of(build.verdict), colour_of(build.verdict), options_.colour), padding,
                     options_.is_run ? ran_text(build, instances_width, criteria_width) : "",
                     build.first ? headline(result.findings[*build.first]) : "-");
    }
    // What ran clean is not proven: other events might come.
    return text + visible((options_.is_run ? "clean on " : "proven for ") + proven_text(result.builds)) + "\n";
  }

  static std::string coverage_text(const std::vector<BuildCoverage>& coverage) {
    std::size_t width = 0;
    for (const BuildCoverage& build : coverage) width = std::max(width, visible(build.build).size());
    std::string text;
    for (const BuildCoverage& build : coverage) {
      const std::string what = build.reason.empty()
                                   ? fmt::format("{} of {} of the image ran, {} are reachable", with_commas(build.hit),
                                                 with_commas(build.blocks), with_commas(build.reachable))
                                   : "not counted: " + visible(build.reason);
      fmt::format_to(std::back_inserter(text), "{:<{}}  blocks: {}\n", visible(build.build), width, what);
    }
    return text;
  }

  static std::string share(std::uint64_t count, std::uint64_t of) { return fmt::format("{} of {}", count, of); }

  // Of the two columns of what was come to.
  static std::pair<std::size_t, std::size_t> ran_widths(const FileResult& result) {
    std::pair<std::size_t, std::size_t> widths{9, 9};
    for (const BuildVerdict& build : result.builds) {
      if (!build.ran) continue;
      widths.first = std::max(widths.first, share(build.ran->evaluated, build.ran->instances).size());
      widths.second = std::max(widths.second, share(build.ran->dereferenced, build.ran->criteria).size());
    }
    return widths;
  }

  static std::string ran_text(const BuildVerdict& build, std::size_t instances_width, std::size_t criteria_width) {
    const auto& ran = build.ran;
    return fmt::format("{:<{}}  {:<{}}  ", ran ? share(ran->evaluated, ran->instances) : "-", instances_width,
                       ran ? share(ran->dereferenced, ran->criteria) : "-", criteria_width);
  }

  static std::string headline(const Finding& finding) {
    const std::string path = short_path(finding.path);
    return visible(shown_id(finding) + (path.empty() ? "" : " " + path));
  }

  std::string verdict_text(const FileResult& result) const {
    std::string text = painted(name_of(result.verdict), colour_of(result.verdict), options_.colour);
    text += "  " + visible(result.name);
    if (!result.findings.empty()) text += "  " + count_text(result.findings.size(), "finding");
    if (result.omitted > 0) text += fmt::format(", {} more not shown", result.omitted);
    if (result.suppressed_count > 0) {
      text += fmt::format("{}{} suppressed", result.findings.empty() && result.omitted == 0 ? "  " : ", ",
                          result.suppressed_count);
    }
    return text + "\n";
  }

  const Options options_;
  std::string& out_;
  Part last_ = Part::nothing;
};

}  // namespace

std::string range_text(ByteRange range) {
  if (range.begin == range.end) return fmt::format("0x{:04x}", range.begin);
  return fmt::format("0x{:04x}..0x{:04x}", range.begin, range.end);
}

std::string build_note(const Finding& finding) {
  if (finding.build.empty()) return {};
  const std::string build = "build " + finding.build;
  const std::string text = because(finding);
  for (std::size_t at = text.find(build); at != text.npos; at = text.find(build, at + 1)) {
    // `build 7.1` is not `build 7.11`.
    const std::size_t end = at + build.size();
    const char after = end < text.size() ? text[end] : ' ';
    if (std::isalnum(static_cast<unsigned char>(after)) == 0 && after != '.') return {};
  }
  return fmt::format(" ({})", build);
}

std::string finding_text(const Finding& finding, bool colour) {
  const FindingKind& kind = kind_of(finding.id);
  std::string out = fmt::format("{} {}  {}\n", painted(visible(shown_id(finding)), "1", colour),
                                painted(name_of(finding.severity), colour_of(finding.severity), colour), kind.title);
  add_line(out, "at", place_text(finding));
  add_excerpt(out, finding.excerpt);
  add_line(out, "within", visible(finding.derived));
  add_line(out, "because", visible(because(finding) + build_note(finding)));
  if (shown_id(finding) != finding.rule) add_line(out, "rule", visible(finding.rule));
  add_line(out, "path", joined(finding.trail));
  add_line(out, "event", visible(finding.event));
  add_line(out, "code", visible(finding.instruction));
  for (const std::string& frame : finding.stack) {
    add_line(out, &frame == &finding.stack.front() ? "stack" : "", visible(frame));
  }
  add_line(out, "suggest", visible(finding.suggest));
  return out;
}

std::string one_line(const Finding& finding) {
  std::string place = finding.bytes ? fmt::format("offset 0x{:04x}", finding.bytes->begin) : "";
  const std::string path = short_path(finding.path);
  if (!path.empty()) place += place.empty() ? path : fmt::format(" ({})", path);
  if (!finding.derived.empty()) place += (place.empty() ? "" : ", ") + finding.derived;
  return visible((place.empty() ? "" : place + ": ") + because(finding) + build_note(finding));
}

std::unique_ptr<Writer> make_text_writer(const Options& options, std::string& out) {
  return std::make_unique<TextWriter>(options, out);
}

}  // namespace sluice::report
