#include "validator/report/writer.h"

#include <array>

#include "validator/report/writers.h"

namespace sluice::report {

namespace {

struct Row {
  std::string_view name;
  Format format;
  std::unique_ptr<Writer> (*make)(const Options&, std::string&);
};

constexpr std::array kWriters = {
    Row{"text", Format::text, make_text_writer},       Row{"json", Format::json, make_json_writer},
    Row{"sarif", Format::sarif, make_sarif_writer},    Row{"junit", Format::junit, make_junit_writer},
    Row{"github", Format::github, make_github_writer}, Row{"gitlab", Format::gitlab, make_gitlab_writer},
    Row{"html", Format::html, make_html_writer},       Row{"markdown", Format::markdown, make_markdown_writer},
};

}  // namespace

std::unique_ptr<Writer> make_writer(Format format, const Options& options, std::string& out) {
  for (const Row& row : kWriters) {
    if (row.format == format) return row.make(options, out);
  }
  return nullptr;
}

std::optional<Format> format_by_name(std::string_view name) {
  for (const Row& row : kWriters) {
    if (row.name == name) return row.format;
  }
  return std::nullopt;
}

}  // namespace sluice::report
