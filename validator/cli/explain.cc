// sluice explain: what a finding means and what to do about it.
#include <fmt/core.h>

#include <algorithm>

#include "validator/cli/command.h"
#include "validator/cli/nearest.h"
#include "validator/cli/output.h"
#include "validator/cli/vendor_rules.h"
#include "validator/finding/finding.h"
#include "validator/report/escape.h"

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

std::string explanation(const report::VendorRule& rule) {
  std::string out = fmt::format("{} {}  {}\n  because  {}\n", rule.id, name_of(rule.severity),
                                kind_of(FindingId::rule_violated).title, printable(rule.text, 2000, Quotes::keep));
  if (!rule.help.empty()) out += "\n" + report::visible_lines(rule.help);
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

std::vector<std::string> known_words(const std::vector<report::VendorRule>& rules) {
  std::vector<std::string> words;
  for (const FindingKind& kind : all_finding_kinds()) {
    words.push_back(code_of(kind.id));
    words.emplace_back(kind.name);
  }
  for (const report::VendorRule& rule : rules) words.push_back(rule.id);
  return words;
}

// What there is to say about `id`, or empty.
std::string explanation(const std::string& id, const std::vector<report::VendorRule>& rules) {
  if (const auto found = finding_by_code(id)) return explanation(kind_of(*found));
  const auto rule = std::ranges::find_if(rules, [&id](const report::VendorRule& known) { return known.id == id; });
  return rule == rules.end() ? "" : explanation(*rule);
}

}  // namespace

int run_explain(Arguments& arguments) {
  std::vector<std::string> ids;
  VendorRules vendor;
  arguments.positionals("ID", ids, "As `sluice rules list` has them: SL0102, terminator_missing, channel/known-type");
  vendor.declare(arguments);
  if (!arguments.parse()) return arguments.exit_code();
  if (!vendor.load()) return static_cast<int>(Verdict::no_verdict);
  std::string out;
  int exit_code = 0;
  for (const std::string& id : ids) {
    const std::string text = explanation(id, vendor.rules());
    if (!text.empty()) {
      out += (out.empty() ? "" : "\n") + text;
      continue;
    }
    const bool is_vendors = id.find('/') != std::string::npos && !vendor.is_given();
    complain(fmt::format(
        "no finding is called '{}'{}", id,
        is_vendors ? "; --rules names the document of a vendor's rule" : suggestion(id, known_words(vendor.rules()))));
    exit_code = static_cast<int>(Verdict::no_verdict);
  }
  return print(out, exit_code);
}

}  // namespace sluice::cli
