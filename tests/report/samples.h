// Runs that the tests of the writers report on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "validator/report/writer.h"

namespace sluice::report {

// One of everything: passed, failed, undecided, a document, a hostile name, findings that were not kept.
[[nodiscard]] std::vector<FileResult> sample_run();

// Files against four builds, with rules and suppressions, and documents beside them.
[[nodiscard]] std::vector<FileResult> matrix_run();
[[nodiscard]] Options matrix_options();

// A file that was run on four builds: one faults, with an event and a stack.
[[nodiscard]] std::vector<FileResult> ran_run();
[[nodiscard]] Options ran_options();

// Names and values put together from what breaks formats: quotes, tags, escapes, controls, bytes that are not UTF-8.
[[nodiscard]] std::vector<FileResult> hostile_run(std::uint64_t seed);
[[nodiscard]] Options hostile_options();

[[nodiscard]] std::string report_of(Format format, const Options& options, const std::vector<FileResult>& results,
                                    const std::optional<Release>& release = std::nullopt);

// Every writer with the name of its approved file, but for the page, of which one is approved.
struct Variant {
  const char* file;
  Format format;
  SarifProfile profile = SarifProfile::spec;
};
inline constexpr Variant kVariants[] = {
    {"report.txt", Format::text},           {"report.json", Format::json},
    {"report.sarif", Format::sarif},        {"report.github.sarif", Format::sarif, SarifProfile::github},
    {"report.junit.xml", Format::junit},    {"report.github.txt", Format::github},
    {"report.gitlab.json", Format::gitlab}, {"report.md", Format::markdown},
};

}  // namespace sluice::report
