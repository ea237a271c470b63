// One function for each file of this room; `make_writer` chooses.
#pragma once

#include "validator/report/writer.h"

namespace sluice::report {

[[nodiscard]] std::unique_ptr<Writer> make_text_writer(const Options& options, std::string& out);
[[nodiscard]] std::unique_ptr<Writer> make_json_writer(const Options& options, std::string& out);
[[nodiscard]] std::unique_ptr<Writer> make_sarif_writer(const Options& options, std::string& out);
[[nodiscard]] std::unique_ptr<Writer> make_junit_writer(const Options& options, std::string& out);
[[nodiscard]] std::unique_ptr<Writer> make_github_writer(const Options& options, std::string& out);
[[nodiscard]] std::unique_ptr<Writer> make_gitlab_writer(const Options& options, std::string& out);
[[nodiscard]] std::unique_ptr<Writer> make_html_writer(const Options& options, std::string& out);
[[nodiscard]] std::unique_ptr<Writer> make_markdown_writer(const Options& options, std::string& out);

}  // namespace sluice::report
