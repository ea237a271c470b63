// sluice explain: what a finding means and what to do about it.
#include <fmt/core.h>

#include "validator/cli/command.h"
#include "validator/cli/nearest.h"
#include "validator/cli/output.h"
#include "validator/finding/finding.h"

namespace sluice::cli {

namespace {

std::string wrapped(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (column > 0 && column + 1 + word.size() > width) {
      out += '\n';
      column = 0;
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return out + '\n';
}

std::string explanation(const FindingKind& kind) {
  return fmt::format("{} {}  {}\n  because  {}\n\n{}", code_of(kind.id), name_of(kind.severity), kind.title,
                     kind.because, wrapped(kind.help, 80));
}

std::vector<std::string> known_words() {
  std::vector<std::string> words;
  for (const FindingKind& kind : all_finding_kinds()) {
    words.push_back(code_of(kind.id));
    words.emplace_back(kind.name);
  }
  return words;
}

}  // namespace

int run_explain(Arguments& arguments) {
  std::vector<std::string> ids;
  arguments.positionals("ID", ids, "As `sluice rules list` has them: SL0102, or terminator_missing");
  if (!arguments.parse()) return arguments.exit_code();
  std::string out;
  int exit_code = 0;
  for (const std::string& id : ids) {
    if (const auto found = finding_by_code(id)) {
      out += (out.empty() ? "" : "\n") + explanation(kind_of(*found));
    } else {
      complain(fmt::format("no finding is called '{}'{}", id, suggestion(id, known_words())));
      exit_code = static_cast<int>(Verdict::no_verdict);
    }
  }
  return print(out, exit_code);
}

}  // namespace sluice::cli
