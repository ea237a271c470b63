// Writers: findings in, text out. A writer knows nothing but results; it opens no file and reads no clock.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "validator/report/model.h"

namespace sluice::report {

enum class Format : std::uint8_t { text, json, sarif, junit, github, gitlab, html, markdown };

// GitHub code scanning knows no byte offsets; SARIF forbids line numbers for binaries. One profile for each.
enum class SarifProfile : std::uint8_t { spec, github };

// A rule of a vendor's rules document, for formats that list the rules beside the results.
struct VendorRule {
  std::string id;  // `channel/known-type`
  Severity severity = Severity::error;
  std::string text;  // the condition
  std::string help;
};

struct Options {
  std::string tool_version = {};
  std::string schema = {};                 // its id, for JUnit's class names
  std::vector<VendorRule> rules = {};      // of the rules document
  std::vector<std::string> left_out = {};  // supported builds of the driver document that are not judged
  bool has_suppressions = false;           // a document was given
  bool is_run = false;                     // builds were run: the table says how much of a file they evaluated
  bool is_gate = false;                    // one verdict over all files, and the reason for it
  bool colour = false;                     // text
  bool show_passed = true;                 // text: a line for each file without findings
  bool show_summary = true;                // text: a line for each file with findings, and the total
  SarifProfile sarif_profile = SarifProfile::spec;
};

// Results come in the order in which they are to be read; `finish` comes once, last. A writer appends to the string
// that it was made with, from its making on; the string's owner may empty it between two calls. Whatever the names and
// values in the results, what was appended altogether is well-formed in its format.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void file(const FileResult& result) = 0;
  virtual void finish(const Totals& totals) = 0;
};

[[nodiscard]] std::unique_ptr<Writer> make_writer(Format format, const Options& options, std::string& out);

// `text`, `json`, ...
[[nodiscard]] std::optional<Format> format_by_name(std::string_view name);

// One finding in the text layout, several lines.
[[nodiscard]] std::string finding_text(const Finding& finding, bool colour = false);

// ` (build 7.11)` where the finding is about a build and its sentence does not say so; else nothing.
[[nodiscard]] std::string build_note(const Finding& finding);

// `0x01f4..0x01f6`, or `0x01f4` for a range of no bytes.
[[nodiscard]] std::string range_text(ByteRange range);

// Where and why on one line, for formats without a place for byte ranges:
// `offset 0x01f4 (instances[1].criteria[20].input): 20 is greater than 19`.
[[nodiscard]] std::string one_line(const Finding& finding);

}  // namespace sluice::report
