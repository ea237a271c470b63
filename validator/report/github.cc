// GitHub workflow commands. A step shows ten errors, ten warnings and ten notices, and drops the rest without a word:
// so the first of each are kept here, and one last notice counts what is not shown.
#include <fmt/core.h>

#include <array>

#include "validator/report/escape.h"
#include "validator/report/writers.h"

namespace sluice::report {

namespace {

constexpr std::size_t kShownOfEach = 10;

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : visible(text)) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string message(std::string_view text) { return escaped(text, "%"); }
std::string property(std::string_view text) { return escaped(text, "%:,"); }

std::string command_of(Severity severity) {
  return severity == Severity::note ? "notice" : std::string(name_of(severity));
}

std::string annotation(const FileResult& result, const Finding& finding) {
  const TextPlace place = finding.text.value_or(TextPlace{});
  const std::string_view file = finding.file.empty() ? result.name : finding.file;
  const std::string title = fmt::format("{} {}", shown_id(finding), kind_of(finding.id).title);
  return fmt::format("::{} file={},line={},col={},title={}::{}\n", command_of(finding.severity), property(file),
                     place.line, place.column, property(title), message(one_line(finding)));
}

class GithubWriter final : public Writer {
 public:
  explicit GithubWriter(std::string& out) : out_(out) {}

  void file(const FileResult& result) override {
    dropped_ += result.omitted;
    for (const Finding& finding : result.findings) {
      Kept& kept = kept_[static_cast<std::size_t>(finding.severity)];
      // The last notice is the count's, should there be one.
      const std::size_t room = finding.severity == Severity::note ? kShownOfEach - 1 : kShownOfEach;
      if (kept.count == room) {
        ++dropped_;
      } else {
        kept.text += annotation(result, finding);
        ++kept.count;
      }
    }
  }

  void finish(const Totals& totals) override {
    for (auto kept = kept_.rbegin(); kept != kept_.rend(); ++kept) out_ += kept->text;
    if (dropped_ > 0) {
      out_ += fmt::format("::notice title=sluice::{} more findings are not shown here; verdict {} for {} files\n",
                          dropped_, name_of(totals.verdict), totals.files);
    }
  }

 private:
  struct Kept {
    std::string text;
    std::size_t count = 0;
  };

  std::string& out_;
  std::array<Kept, 3> kept_;  // by Severity
  std::uint64_t dropped_ = 0;
};

}  // namespace

std::unique_ptr<Writer> make_github_writer(const Options&, std::string& out) {
  return std::make_unique<GithubWriter>(out);
}

}  // namespace sluice::report
