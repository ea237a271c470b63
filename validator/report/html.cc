// One self-contained page: no network, no scripts. Its parts are html_*.cc.
//
// The verdict stands on top and is known last, so that the parts below it are kept until then: a bounded number of
// them.
#include "validator/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "validator/report/grouping.h"
#include "validator/report/html_campaign.h"
#include "validator/report/html_finding.h"
#include "validator/report/html_matrix.h"
#include "validator/report/html_summary.h"
#include "validator/report/words.h"
#include "validator/report/writers.h"

namespace sluice::report {

namespace {

using html::ContentRow;

class HtmlReport final : public Writer {
 public:
  HtmlReport(const Options& options, std::string& out) : options_(options), out_(out) {}

  void file(const FileResult& result) override {
    ++files_;
    const std::set<std::size_t> deciding = note_first(result);
    const bool is_shown = add_findings(result, deciding);
    if (!result.is_document && !result.is_beside) add_row(result, is_shown);
    for (const SuppressedFinding& suppressed : result.suppressed) {
      if (suppressed_rows_++ < html::kMostSuppressed) suppressed_ += html::suppressed_row(result, suppressed);
    }
  }

  void finish(const Totals& totals) override {
    begin_page(totals);
    if (!totals.builds.empty()) add_section("builds", "Builds", html::builds_table(totals, first_));
    add_contents(totals);
    findings_ += findings_of_passed_;
    if (!findings_.empty() || left_out_ > 0) {
      add_section("findings", "Findings", findings_ + html::left_out(left_out_, "findings are"));
    }
    add_campaigns(totals);
    if (!totals.coverage.empty()) add_section("coverage", "Coverage", html::coverage_table(totals.coverage));
    if (totals.suppressed > 0) {
      add_section("suppressed", "Suppressed findings",
                  html::suppressed_table(suppressed_) +
                      html::left_out(totals.suppressed - std::min(totals.suppressed, shown_suppressed()), "are"));
    }
    if (totals.release && !totals.release->attestations.empty()) {
      add_section("attestations", "Attestations", html::attestations(*totals.release));
    }
    end_page();
  }

 private:
  [[nodiscard]] std::string anchor(std::size_t group) const { return fmt::format("f{}-{}", files_, group + 1); }
  [[nodiscard]] std::uint64_t shown_suppressed() const {
    return std::min<std::uint64_t>(suppressed_rows_, html::kMostSuppressed);
  }

  // The findings of this file that the table of builds tells of: those that a build has been worst for, so far.
  std::set<std::size_t> note_first(const FileResult& result) {
    std::set<std::size_t> deciding;
    for (const BuildVerdict& build : result.builds) {
      Verdict& worst = worst_[build.build];
      if (build.verdict > worst && build.first && *build.first < result.findings.size()) deciding.insert(*build.first);
    }
    return deciding;
  }

  // Whether any was shown.
  bool add_findings(const FileResult& result, const std::set<std::size_t>& deciding) {
    const std::vector<Group> groups = grouped(result.findings);
    group_of_.assign(result.findings.size(), groups.size());
    std::map<std::string, std::uint64_t> alike;
    std::string parts;
    std::size_t shown = 0;
    std::uint64_t hidden = result.omitted;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      std::vector<std::size_t> members = {index_of(result, groups[g].first)};
      for (const Finding* other : groups[g].others) members.push_back(index_of(result, other));
      const bool is_deciding = std::ranges::any_of(members, [&](std::size_t i) { return deciding.contains(i); });
      const bool has_room = shown < html::kMostFindingsOfFile && shown_ < html::kMostFindings;
      if (!is_deciding && (++alike[sameness(*groups[g].first)] > kAlikeShown || !has_room)) {
        hidden += members.size();
        continue;
      }
      for (const std::size_t i : members) group_of_[i] = g;
      ++shown;
      ++shown_;
      parts += html::finding(result, groups[g], anchor(g), hex_rows_);
    }
    note_anchors(result);
    if (shown == 0) {
      left_out_ += hidden;
      return false;
    }
    (result.verdict == Verdict::pass ? findings_of_passed_ : findings_) +=
        fmt::format("<section class=\"file\" id=\"f{}\">\n", files_) + html::file_heading(result) + parts +
        html::left_out(hidden, "findings of this file are") + "</section>\n";
    return true;
  }

  static std::size_t index_of(const FileResult& result, const Finding* finding) {
    return static_cast<std::size_t>(finding - result.findings.data());
  }

  // `#..` of a finding, if it is on the page.
  [[nodiscard]] std::string anchor_of(const BuildVerdict& build) const {
    if (!build.first || *build.first >= group_of_.size()) return {};
    const std::size_t group = group_of_[*build.first];
    return group < group_of_.size() ? anchor(group) : "";
  }

  // As BuildTotals::add chooses them.
  void note_anchors(const FileResult& result) {
    for (const BuildVerdict& build : result.builds) {
      Verdict& worst = worst_[build.build];
      if (build.verdict > worst && build.first) first_[build.build] = anchor_of(build);
      worst = std::max(worst, build.verdict);
    }
  }

  // Those with something wrong come before those without: there is room for so many of each until it is known how many
  // there are.
  void add_row(const FileResult& result, bool is_shown) {
    auto& rows = result.verdict == Verdict::pass ? passed_ : not_passed_;
    if (rows.size() == html::kMostContents) return;
    ContentRow& row = rows.emplace_back();
    row.name = result.name.substr(0, html::kLongestText);
    if (is_shown) row.anchor = fmt::format("f{}", files_);
    row.verdict = result.verdict;
    row.findings = result.findings.size() + result.omitted;
    for (const BuildVerdict& build : result.builds) {
      if (row.cells.size() == html::kMostColumns) break;
      row.cells.push_back({build.build, build.verdict, anchor_of(build), build.ran});
    }
  }

  void add_contents(const Totals& totals) {
    std::vector<ContentRow> rows = std::move(not_passed_);
    const std::size_t room = html::kMostContents - rows.size();
    std::move(passed_.begin(), passed_.begin() + static_cast<std::ptrdiff_t>(std::min(room, passed_.size())),
              std::back_inserter(rows));
    if (rows.empty()) return;
    add_section(
        "contents", "Content",
        html::contents_table(totals, rows, totals.contents - std::min<std::uint64_t>(totals.contents, rows.size())));
  }

  void add_campaigns(const Totals& totals) {
    if (!totals.release || totals.release->campaigns.empty()) return;
    std::string parts;
    for (const Campaign& campaign : totals.release->campaigns) parts += html::campaign(campaign);
    add_section("campaigns", "Fuzz campaigns", parts);
  }

  void add_section(std::string_view id, std::string_view heading, const std::string& body) {
    sections_.emplace_back(id, heading);
    body_ +=
        fmt::format("<section id=\"{}\" aria-labelledby=\"{}-heading\">\n<h2 id=\"{}-heading\">{}</h2>\n{}</section>\n",
                    id, id, id, heading, body);
  }

  void begin_page(const Totals& totals) {
    out_ += html::begin_page(fmt::format("{}: {}", name_of(totals.verdict), html::title(totals, options_)),
                             html::style(), {});
    out_ += html::banner(totals, options_);
  }

  void end_page() {
    if (sections_.size() > 1) {
      out_ += "<nav aria-label=\"On this page\"><ul>\n";
      for (const auto& [id, heading] : sections_) out_ += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", id, heading);
      out_ += "</ul></nav>\n";
    }
    out_ += "<main>\n" + body_ + "</main>\n";
    out_ += fmt::format(
        "<footer><p>sluice {}{}. The same content, documents and version give the same page.</p></footer>\n",
        html::text(options_.tool_version, 80),
        options_.schema.empty() ? "" : ", schema " + html::code(options_.schema, 120));
    out_ += html::end_page({});
  }

  const Options options_;
  std::string& out_;
  std::size_t files_ = 0;
  std::size_t shown_ = 0;  // findings
  std::uint64_t left_out_ = 0;
  std::size_t hex_rows_ = html::kMostHexRows;
  std::size_t suppressed_rows_ = 0;
  std::string findings_;  // of files that did not pass
  std::string findings_of_passed_;
  std::string suppressed_;
  std::string body_;
  std::vector<std::pair<std::string_view, std::string_view>> sections_;
  std::vector<ContentRow> not_passed_;
  std::vector<ContentRow> passed_;
  html::Links first_;
  std::map<std::string, Verdict> worst_;  // of each build
  std::vector<std::size_t> group_of_;     // of each finding of the file at hand; none: more than there are groups
};

}  // namespace

std::unique_ptr<Writer> make_html_writer(const Options& options, std::string& out) {
  return std::make_unique<HtmlReport>(options, out);
}

}  // namespace sluice::report
