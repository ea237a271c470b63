#include "validator/run/lcov.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <ranges>
#include <string_view>

namespace sluice::run {

namespace {

// A record is a line: a name must not end it.
std::string one_line(std::string_view name) {
  std::string text(name);
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }, '?');
  return text;
}

std::string test_name(std::string_view name) {
  std::string text(name);
  std::ranges::replace_if(text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return text;
}

}  // namespace

std::string write_lcov(std::string_view name, std::span<const CoveredLine> lines) {
  std::map<std::string, std::map<std::uint64_t, bool>> files;
  for (const CoveredLine& line : lines) {
    if (line.line == 0 || line.file.empty()) continue;
    bool& is_hit = files[one_line(line.file)][line.line];
    is_hit = is_hit || line.is_hit;
  }
  std::string text = "TN:" + test_name(name) + "\n";
  for (const auto& [file, hits] : files) {
    text += "SF:" + file + "\n";
    for (const auto& [line, is_hit] : hits) text += "DA:" + std::to_string(line) + (is_hit ? ",1\n" : ",0\n");
    text += "LF:" + std::to_string(hits.size()) + "\n";
    text += "LH:" + std::to_string(std::ranges::count(hits | std::views::values, true)) + "\nend_of_record\n";
  }
  return text;
}

}  // namespace sluice::run
