#include "validator/report/paint.h"

#include <fmt/format.h>

#include <iterator>

namespace sluice::report {

std::string painted(std::string_view text, std::string_view code, bool colour) {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "36";
    case Severity::warning: return "33";
    case Severity::error: return "1;31";
  }
  return "0";
}

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "32";
    case Verdict::fail: return "1;31";
    case Verdict::no_verdict: return "1;35";
  }
  return "0";
}

void add_line(std::string& out, std::string_view label, std::string_view text) {
  if (!text.empty()) fmt::format_to(std::back_inserter(out), "  {:<8} {}\n", label, text);
}

}  // namespace sluice::report
