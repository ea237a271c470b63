// For the summary of a job, and for tickets: the verdict and its reason, the matrix, then the findings as the text
// report has them. Both places refuse what is too long, GitHub a summary of 1 MiB and a ticket of 64 KiB: what is told
// of findings is bounded, the worst first, and the rest is counted.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "validator/report/escape.h"
#include "validator/report/paint.h"
#include "validator/report/release_text.h"
#include "validator/report/words.h"
#include "validator/report/writers.h"

namespace sluice::report {

namespace {

constexpr std::size_t kMostFindings = 20;
constexpr std::size_t kMostBytes = 40'000;

// A block of code that no line of `text` can end.
std::string fenced(std::string_view text) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : text) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(longest + 1, '`');
  return fmt::format("{0}text\n{1}{0}\n", fence, text);
}

class MarkdownWriter final : public Writer {
 public:
  MarkdownWriter(const Options& options, std::string& out) : options_(options), out_(out) {}

  void file(const FileResult& result) override {
    count_ += result.findings.size() + result.omitted;
    for (const Finding& finding : result.findings) {
      std::vector<std::string>& kept = kept_[static_cast<std::size_t>(finding.severity)];
      if (kept.size() == kMostFindings) continue;
      std::string text = finding_text(finding);
      if (text.size() <= kMostBytes) kept.push_back(std::move(text));
    }
  }

  void finish(const Totals& totals) override {
    out_ += fmt::format("## {}\n\n", name_of(totals.verdict));
    if (totals.release) out_ += markdown_inline(headline_of(totals)) + "\n\n";
    const bool is_by_build = !totals.builds.empty();
    out_ += markdown_inline(is_by_build ? deployable(totals, options_.left_out).reason : files_text(totals)) + "\n";
    if (is_by_build) out_ += "\n" + matrix_of(totals).markdown();
    if (totals.release && !totals.release->campaigns.empty()) out_ += "\n" + campaigns_of(*totals.release).markdown();
    if (totals.release) {
      for (const std::string& line : counts_of(*totals.release)) out_ += "\n" + markdown_inline(line) + "\n";
    }
    add_findings();
  }

 private:
  void add_findings() {
    std::string text;
    std::size_t shown = 0;
    for (auto kept = kept_.rbegin(); kept != kept_.rend(); ++kept) {
      for (const std::string& finding : *kept) {
        if (shown == kMostFindings || text.size() + finding.size() > kMostBytes) continue;
        text += (text.empty() ? "" : "\n") + finding;
        ++shown;
      }
    }
    if (!text.empty()) out_ += "\n" + fenced(text);
    if (count_ > shown) out_ += fmt::format("\nNot shown: {}.\n", count_text(count_ - shown, "finding"));
  }

  const Options options_;
  std::string& out_;
  std::array<std::vector<std::string>, 3> kept_;  // by Severity
  std::uint64_t count_ = 0;
};

}  // namespace

std::unique_ptr<Writer> make_markdown_writer(const Options& options, std::string& out) {
  return std::make_unique<MarkdownWriter>(options, out);
}

}  // namespace sluice::report
