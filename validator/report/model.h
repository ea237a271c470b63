// What a run found, as the writers see it: results one file at a time, so that a run over a million clean files needs
// no memory for them. Nothing here knows the clock or the machine: the same content gives the same report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/finding/finding.h"
#include "validator/report/matrix.h"

namespace sluice::report {

// A finding that a suppressions document hides.
struct SuppressedFinding {
  Finding finding;
  std::string reason;
  std::string until;  // when somebody has to look at it again
};

// A field of a content file, for pages that show bytes.
struct FieldSpan {
  ByteRange bytes;
  std::string path;
  std::string value;  // printable
};

// Bytes of a content file around a finding, and the fields that they lie in: the innermost of each byte, ascending.
struct Excerpt {
  std::uint64_t begin = 0;
  std::vector<std::uint8_t> bytes;
  std::vector<FieldSpan> fields;
};

// The judgement on one content file, or on one document: one that is judged itself (`schema check`), one that stopped
// the run, or one beside the content, of which there is something to say.
struct FileResult {
  std::string name;  // as the user gave it: any bytes at all
  bool is_document = false;
  bool is_beside = false;
  std::optional<std::uint64_t> size;  // absent where the file could not be read
  std::optional<std::string> sha256;  // lower-case hex
  Verdict verdict = Verdict::pass;
  std::vector<Finding> findings;
  std::size_t omitted = 0;           // findings that were counted and not kept
  std::vector<BuildVerdict> builds;  // in the driver's order; empty: judged for no build in particular
  std::vector<SuppressedFinding> suppressed;
  std::size_t suppressed_count = 0;  // those not kept included
  std::vector<Excerpt> excerpts;     // where a page will show them; they do not overlap, ascending
};

// How much of a build's image ran, over all files.
struct BuildCoverage {
  std::string build;
  std::uint64_t blocks = 0;
  std::uint64_t hit = 0;
  std::uint64_t reachable = 0;  // by direct jumps and calls from what was hit, this included
  std::string reason;           // why nothing was counted; empty: it was
};

// A fuzz campaign on one build, begun with the content that is to be released.
struct Campaign {
  // How far it was after so many executions.
  struct Point {
    std::uint64_t executions = 0;
    std::uint64_t blocks = 0;
    std::uint64_t corpus = 0;
  };
  std::string build;
  Verdict verdict = Verdict::pass;
  std::string problem;  // why there is no verdict
  std::uint64_t executions = 0;
  std::uint64_t accepted = 0;  // of them, content that the driver loaded
  std::uint64_t restarts = 0;  // of its processes
  std::uint64_t escapes = 0;   // faults with content that would pass, ..
  std::uint64_t kept_out = 0;  // .. and with content that the gate refuses
  std::uint64_t blocks_of_seeds = 0;
  std::uint64_t blocks_covered = 0;
  std::uint64_t blocks_reachable = 0;
  std::uint64_t blocks = 0;       // of the driver; 0: not counted
  std::uint64_t expressible = 0;  // template type x input x operator that the schema can express
  std::uint64_t executed = 0;     // of them
  std::vector<std::string> dark;  // those that were not, in words; at most some
  std::vector<Point> progress;
};

// What a release comes to beside its files.
struct Release {
  std::string name;
  std::vector<std::string> asked;         // what was done to each file: `check`, `run`, `drift`, `fuzz 20000 runs`
  std::vector<Campaign> campaigns;        // in the order of the builds; empty: none was asked for
  std::uint64_t judged = 0;               // files x builds
  std::uint64_t remembered = 0;           // of them, results that are those of an earlier run
  std::uint64_t first_uses = 0;           // that no release before had
  std::uint64_t signed_off = 0;           // of them
  std::vector<std::string> attestations;  // files written
  std::string policy_sha256;              // of what decided, as attestations have it
};

// What all results add up to. The verdict is the worst: one file without a verdict leaves the run without one.
struct Totals {
  std::uint64_t files = 0;  // documents beside the content are not counted here
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  std::uint64_t undecided = 0;
  std::uint64_t contents = 0;   // of `files`, those that are content
  std::uint64_t documents = 0;  // beside the content
  std::uint64_t errors = 0;
  std::uint64_t warnings = 0;
  std::uint64_t notes = 0;
  std::uint64_t omitted = 0;
  std::uint64_t suppressed = 0;
  Verdict verdict = Verdict::pass;
  std::vector<BuildTotals> builds;
  std::vector<BuildCoverage> coverage;  // `run --coverage`
  std::optional<Release> release;       // `gate`

  void add(const FileResult& result);
};

[[nodiscard]] std::string_view name_of(Verdict verdict);  // `PASS`, `FAIL`, `NO VERDICT`

// One step of a field path: `criteria[20]` is the field `criteria` and the index 20.
struct PathElement {
  std::string_view field;  // empty for a second index, `[1]` in `a[0][1]`
  std::optional<std::uint64_t> index;
};

// Splits `instances[1].criteria[20].input`. The elements alias `path`. What does not look like an index stays part of
// its field, so nothing is lost.
[[nodiscard]] std::vector<PathElement> split_path(std::string_view path);

// A field path for people. One of many steps (recursion that the file controls) keeps its ends and counts what lies
// between: `root.child.child ... 994 more ... child.child.size`.
[[nodiscard]] std::string short_path(std::string_view path);

// Identifies a finding across runs by what it says and where in the schema's words, not by its offset, which moves
// with every edit. Equal findings of one run are told apart by `occurrence`, counting from 1.
[[nodiscard]] std::string fingerprint(const Finding& finding, std::uint64_t occurrence);

}  // namespace sluice::report
