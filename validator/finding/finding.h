// What can be wrong, as data.
//
// A finding is an id, a place and named parameters; no sentence is built where it is found. The sentences are one
// table (finding_ids.def), so that text, SARIF and `explain` say the same thing, and ids never change their meaning.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

enum class Severity : std::uint8_t { note, warning, error };

enum class FindingId : std::uint16_t {
#define SLUICE_FINDING(name, number, severity, title, because, help) name = number,
#include "validator/finding/finding_ids.def"
#undef SLUICE_FINDING
};

// One row of the table.
struct FindingKind {
  FindingId id;
  std::string_view name;     // `end_of_stream`
  Severity severity;         // unless a finding overrides it
  std::string_view title;    // after the severity: `layout: the file ends inside a field`
  std::string_view because;  // a sentence with {parameters}
  std::string_view help;     // a paragraph or more, for `sluice explain`
};

[[nodiscard]] const FindingKind& kind_of(FindingId id);
[[nodiscard]] const std::vector<FindingKind>& all_finding_kinds();              // by number
[[nodiscard]] std::string code_of(FindingId id);                                // `SL0102`
[[nodiscard]] std::optional<FindingId> finding_by_code(std::string_view code);  // `SL0102`, `sl0102` or its name
[[nodiscard]] std::string_view name_of(Severity severity);                      // `error`

// A half-open range of absolute byte offsets in a content file.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// A place in a text document, both counting from 1.
struct TextPlace {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const TextPlace&, const TextPlace&) = default;
};

struct Parameter {
  std::string name;
  std::string value;
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

struct Finding {
  FindingId id;
  Severity severity;
  std::string file;                // the path as the user gave it; empty where there is none
  std::string path;                // field path `a.b[3].c`, or the YAML path `/seq/0/id` of a document
  std::optional<ByteRange> bytes;  // content
  std::optional<TextPlace> text;   // document
  std::string excerpt;             // document: the line and a caret, ready to print
  std::string derived;  // where the bytes are not the file's own: `offsets count in the output of zlib at 0x10`
  std::vector<Parameter> parameters;
  std::vector<std::string> trail;  // from the file inwards, what led here: `instances[1] (id 4711)`
  std::string event;               // running: what the driver was asked then, in words
  std::string instruction;         // running: what the processor was about to do, where the driver is machine code
  std::vector<std::string> stack;  // running: where the driver was, innermost first: `sensor_match match.c:214`
  std::string suggest;             // what to change, if that is known
  std::string rule;                // a vendor's rule, `channel/known-type`; empty for what sluice itself knows
  std::string build;               // the driver build that it is about; empty: all
  bool ends_reading = false;       // what follows in the same structure was not read

  // A finding with its kind's severity and nothing else.
  static Finding of(FindingId id);
  Finding& with(std::string_view name, std::string value);
  [[nodiscard]] std::string_view parameter(std::string_view name) const;  // empty if absent
};

// What users know a finding by: the id of a vendor's rule that does not hold, else the code.
[[nodiscard]] std::string shown_id(const Finding& finding);

// The kind's `because` with the finding's parameters filled in. A placeholder without a parameter stays as written.
[[nodiscard]] std::string because(const Finding& finding);

// `1 byte`, `2 bytes`.
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view one);

// Text that came from a content file or a document, made safe to print: control bytes, invalid UTF-8, quotes and
// backslashes become escapes, at most `limit` characters are kept and what was cut is counted. `Quotes::keep` is for
// text that is shown as a line of its own, not between quotes.
enum class Quotes : std::uint8_t { escape, keep };
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 80, Quotes quotes = Quotes::escape);

// Says which entry of a list of suppressions hides a finding; none: it counts. Asked from several threads.
using Suppressor = std::function<std::optional<std::size_t>(const Finding&)>;

// A finding that was hidden, and the entry that hid it.
struct Suppressed {
  Finding finding;
  std::size_t entry = 0;
};

// A bounded list. Adding past the limit counts and keeps nothing, except the first finding of each build and severity:
// a build's verdict can always be traced to a finding.
class Findings {
 public:
  // `suppressor` is aliased; null: nothing is hidden. What gives no verdict and what ends the reading of a structure is
  // never hidden: bytes that nobody read would pass.
  explicit Findings(std::size_t limit = 100, const Suppressor* suppressor = nullptr)
      : limit_(limit), suppressor_(suppressor) {}

  // An empty list that keeps and hides what this one does.
  [[nodiscard]] Findings like() const { return Findings(limit_, suppressor_); }

  // The reference is to the added finding or, where it was not kept, to a scratch one; valid until the next call.
  Finding& add(Finding finding);

  // Whether `add` would keep this finding or hide it, by its severity and build: if not, its place need not be made
  // out.
  [[nodiscard]] bool keeps(const Finding& finding) const;

  // Adds all of `other`, what it did not keep included.
  void merge(Findings&& other);

  [[nodiscard]] const std::vector<Finding>& list() const { return list_; }
  [[nodiscard]] std::vector<Finding>& list() { return list_; }
  [[nodiscard]] std::size_t omitted() const { return omitted_; }  // counted and not kept
  [[nodiscard]] bool empty() const { return list_.empty() && omitted_ == 0; }

  // What was hidden: at most the limit is kept, all is counted.
  [[nodiscard]] std::vector<Suppressed>& suppressed() { return suppressed_; }
  [[nodiscard]] std::size_t suppressed_count() const { return suppressed_count_; }

  // How bad it is, what was not kept included.
  struct Tally {
    std::optional<Severity> worst;
    // Whether a finding says that no verdict was reached: a limit, an unreadable input (see `is_no_verdict`).
    bool no_verdict = false;

    void add(const Tally& other);
  };
  [[nodiscard]] const Tally& tally() const { return total_; }
  [[nodiscard]] std::optional<Severity> worst() const { return total_.worst; }
  [[nodiscard]] bool no_verdict() const { return total_.no_verdict; }
  // Of the findings about `build` and of those about all builds.
  [[nodiscard]] Tally tally_of(const std::string& build) const;

 private:
  std::vector<Finding> list_;
  Finding scratch_;
  std::size_t limit_;
  const Suppressor* suppressor_;
  std::size_t omitted_ = 0;
  std::vector<Suppressed> suppressed_;
  std::size_t suppressed_count_ = 0;
  Tally total_;
  std::map<std::string, Tally> tallies_;  // by build
};

// Limits (SL04xx), inputs or documents that could not be used (SL00xx, SL05xx), targets that could not be run (SL069x)
// and demands of a policy that could not be met (SL079x): exit 2, never 1.
[[nodiscard]] bool is_no_verdict(FindingId id);

// Exit codes, everywhere.
enum class Verdict : std::uint8_t { pass = 0, fail = 1, no_verdict = 2 };

}  // namespace sluice
