// What triage made of faults, one identity after another, as its writers see it (docs/triage.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/finding/finding.h"
#include "validator/report/model.h"

namespace sluice::report {

// Where a fault stands in its life: docs/triage.md.
enum class CaseState : std::uint8_t { fresh, open, regression, returned };
[[nodiscard]] std::string_view name_of(CaseState state);  // `new`, `open`, `regression`, `returned`

inline constexpr CaseState kWorstFirst[] = {CaseState::returned, CaseState::fresh, CaseState::open,
                                            CaseState::regression};

struct TriageField {
  std::string path;
  ByteRange bytes;
  std::string value;
  std::string clean;  // with which there is no fault; empty: not known
  std::string does;   // "each step moves the read 8 bytes further"; empty: no more than that the fault needs it
  bool is_guilty = false;
};

// What one target does with the smallest file.
struct TriageTarget {
  std::string build;
  std::string target;  // `image`, `replica`
  bool is_hit = false;
  std::string outcome;  // a sentence
};

struct CodeLine {
  std::string place;  // `+0x1942`, `91`
  std::string text;
  bool is_fault = false;
};

// Lines of a file or of a function around the fault.
struct CodeExcerpt {
  std::string title;  // `match_criterion in sensor.sys`, `fuzz/reference/sensor_interpret.c`
  std::vector<CodeLine> lines;
  std::string note;  // what is to be known of it, or why there are no lines; may be empty
};

struct TriageSuggestion {
  std::string kind;  // `contract`, `rule`, `valid`, `refused already`, `none`
  std::string text;  // the rule; of `refused already` the rule that does; of `none` what was tried
  std::string patch;
  std::vector<std::string> evidence;
};

struct TriageCase {
  std::string identity;
  CaseState state = CaseState::fresh;
  std::string since;                // of one that returned or is open: the date that its folder tells; may be empty
  std::optional<Finding> fault;     // what `sluice run` says of the smallest file: field, event, instruction, stack
  std::string sentence;             // for who writes content: field, value, what it became, how far it left what
  std::string inequality;           // `20 >= 20 supplied`; may be empty
  std::uint64_t count = 0;          // of files
  std::vector<std::string> files;   // the first of them
  std::vector<std::string> builds;  // that are hit, in the driver's order
  std::vector<std::string> places;  // function and line, where there are several
  std::vector<TriageTarget> targets;
  std::uint64_t reproduced = 0;  // times of `runs` that the smallest original was run
  std::uint64_t runs = 0;
  std::uint64_t size_before = 0;    // of the smallest file that was given
  FileResult smallest;              // the shrunk one; its name, its excerpts with fields
  std::vector<std::string> events;  // that it is run with, one a line; empty: those that sluice makes
  bool is_shrunk_fully = true;
  std::vector<TriageField> fields;  // those that matter, the guilty one first
  std::vector<CodeExcerpt> code;    // disassembly, then source
  std::string recipe;               // how the fuzzer came to it; may be empty
  TriageSuggestion suggestion;
  std::vector<std::string> commands;  // to be copied
};

// A file of the folder of which nothing came.
struct NotTriaged {
  std::string file;
  std::string reason;  // "no longer faults on 7.11", "cannot be read: ..", "faults in 1 of 10 runs"
};

struct Triage {
  std::string driver;  // names of the documents
  std::string schema;
  std::string rules;
  std::uint64_t files = 0;
  std::vector<TriageCase> cases;  // worst first: returned, new, open, regressions
  std::vector<NotTriaged> not_triaged;
};

struct TriageOptions {
  std::string tool_version = {};
  bool colour = false;  // text
};

// The same facts in each form. Whatever the names and values, each is well-formed; the same triage gives the same
// bytes.
[[nodiscard]] std::string triage_text(const Triage& triage, const TriageOptions& options);
[[nodiscard]] std::string triage_html(const Triage& triage, const TriageOptions& options);  // docs/page.md
[[nodiscard]] std::string triage_json(const Triage& triage, const TriageOptions& options);  // docs/triage-json.md

// `1 returned, 2 new`: the states that there are, the worst first.
[[nodiscard]] std::string states_text(const Triage& triage);

// `a rule:`, what the text or the patch behind it is; of no suggestion nothing.
[[nodiscard]] std::string suggestion_text(const TriageSuggestion& suggestion);

}  // namespace sluice::report
