#include "validator/schema/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sluice::schema {
namespace {

// A schema of a megabyte can be wrong in a hundred thousand places; nobody reads them.
constexpr std::size_t kMaxProblems = 200;

}  // namespace

std::uint32_t Problems::add_file(std::string name, std::string_view text) {
  files_.push_back({.name = std::move(name), .text = text, .lines = {}});
  return static_cast<std::uint32_t>(files_.size() - 1);
}

void Problems::add(const Place& place, std::string message, bool is_warning) {
  has_errors_ = has_errors_ || !is_warning;
  // An error is never lost to warnings that came first.
  if (out_.size() >= kMaxProblems) {
    const auto warning = std::ranges::find_if(out_, [](const Problem& p) { return p.is_warning; });
    if (is_warning || warning == out_.end()) return;
    out_.erase(warning);
  }
  File& file = files_[place.file];
  out_.push_back({.is_warning = is_warning,
                  .file = file.name,
                  .path = place.path,
                  .mark = place.mark,
                  .message = std::move(message),
                  .excerpt = excerpt(file, place.mark)});
}

std::string Problems::excerpt(File& file, document::Mark mark) {
  if (file.lines.empty()) {
    file.lines.push_back(0);
    for (std::size_t i = 0; i < file.text.size(); ++i) {
      if (file.text[i] == '\n') file.lines.push_back(i + 1);
    }
  }
  if (mark.line == 0 || mark.line > file.lines.size()) return {};
  const std::size_t begin = file.lines[mark.line - 1];
  return document::excerpt(file.text.substr(begin, file.text.find('\n', begin) - begin), {1, mark.column});
}

void Problems::sort() {
  const auto rank = [this](const Problem& problem) {
    const auto file = std::ranges::find(files_, problem.file, &File::name);
    return std::tuple(file - files_.begin(), problem.mark.line, problem.mark.column, problem.path, problem.message);
  };
  std::ranges::sort(out_, {}, rank);
}

}  // namespace sluice::schema
