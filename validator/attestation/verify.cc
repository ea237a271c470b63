#include "validator/attestation/verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/attestation/base64.h"
#include "validator/attestation/envelope.h"
#include "validator/attestation/predicate.h"
#include "validator/attestation/strict_json.h"
#include "validator/bytes/sha256.h"

namespace sluice::attestation {

namespace {

// Enough of a digest to tell two apart by eye.
std::string beginning(std::string_view digest) { return fmt::format("{}..", printable(digest.substr(0, 16))); }

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

// A bundle may have as many lines as bytes.
constexpr std::size_t kMostReasons = 20;
constexpr std::size_t kMostLines = 4;  // by their numbers, of those with one reason

// Lines that prove nothing, all for one reason.
struct PassedOver {
  std::string why;
  std::size_t first = 0;
  std::string more;  // further lines, of which there are
  std::size_t count = 0;
};

// A line that was signed by the key and is about the content.
struct Attestation {
  std::size_t line = 0;
  std::string sha256;  // of the line as it stands
  Statement statement;
  std::vector<std::string> inputs;
};

class Verification {
 public:
  Verification(const PublicKey& key, const Expected& expected, std::vector<std::string>& reasons)
      : key_(key), expected_(expected), reasons_(reasons) {}

  std::optional<Statement> run(std::string_view bundle) {
    read_lines(bundle);
    if (all_understood_) tell_of_absent_lines();
    for (const Attestation& summary : summaries_) {
      if (summary.statement.verdict == Verdict::pass) continue;
      tell_of_failure(summary);
      return std::nullopt;  // whatever another line says
    }
    std::optional<Statement> proved;
    for (const Attestation& summary : summaries_) {
      if (!proved && is_as_expected(summary)) proved = with_test_result(summary);
    }
    return proved;
  }

 private:
  void refuse(std::size_t line, std::string_view why) { reasons_.push_back(fmt::format("line {}: {}", line, why)); }

  void read_lines(std::string_view bundle) {
    for (std::size_t number = 1; !bundle.empty(); ++number) {
      const std::string_view line = bundle.substr(0, bundle.find('\n'));
      bundle.remove_prefix(std::min(line.size() + 1, bundle.size()));
      if (line.empty()) continue;
      is_empty_ = false;
      std::string why;
      if (!read_line(number, line, why)) pass_over(number, why);
    }
    for (const PassedOver& each : passed_over_) {
      reasons_.push_back(fmt::format("line{} {}{}: {}", each.count > 1 ? "s" : "", each.first, each.more, each.why));
    }
    if (num_untold_ > 0) reasons_.push_back(fmt::format("{}, for other reasons", counted(num_untold_, "more line")));
  }

  void pass_over(std::size_t line, const std::string& why) {
    const auto same = std::ranges::find(passed_over_, why, &PassedOver::why);
    if (same != passed_over_.end()) {
      if (++same->count <= kMostLines) same->more += fmt::format(", {}", line);
      if (same->count == kMostLines + 1) same->more += ", ..";
    } else if (passed_over_.size() < kMostReasons) {
      passed_over_.push_back({why, line, "", 1});
    } else {
      ++num_untold_;
    }
  }

  bool read_line(std::size_t number, std::string_view line, std::string& why) {
    const auto payload = unseal(line, key_, why);
    const auto json = payload ? parse_strictly(*payload, why) : std::nullopt;
    const auto statement = json ? read_statement(*json, why) : std::nullopt;
    if (!statement) {
      all_understood_ = false;
      return false;
    }
    Attestation found{number, bytes::hex(bytes::sha256(view_of(line))), {}, {}};
    if (statement->predicate_type == kTestResult) {
      saw_test_result_ = true;
      if (!take_subject(*statement, found.statement, why) || !read_test_result(*json, found.statement, why))
        return false;
      test_results_.push_back(std::move(found));
      return true;
    }
    if (statement->predicate_type == kSummary) {
      saw_summary_ = true;
      if (!take_subject(*statement, found.statement, why)) return false;
      if (!read_summary(*json, found.statement, found.inputs, why)) return false;
      summaries_.push_back(std::move(found));
      return true;
    }
    why = fmt::format("it says nothing that sluice asks for: {}", printable(statement->predicate_type));
    return false;
  }

  bool take_subject(const SignedStatement& signed_statement, Statement& statement, std::string& why) const {
    const auto& subjects = signed_statement.subjects;
    const auto found = std::ranges::find(subjects, expected_.content_sha256, &Digested::sha256);
    if (found != subjects.end()) {
      statement.subject = *found;
      return true;
    }
    why = "it names no content by a SHA-256";
    if (!subjects.empty()) {
      why = fmt::format("it is about other content, {} with SHA-256 {}; this has {}", printable(subjects[0].name),
                        beginning(subjects[0].sha256), beginning(expected_.content_sha256));
    }
    return false;
  }

  void tell_of_absent_lines() {
    if (is_empty_) {
      reasons_.emplace_back("there is no attestation in it");
      return;
    }
    if (!saw_test_result_) reasons_.push_back(fmt::format("no line is a test result ({})", kTestResult));
    if (!saw_summary_) reasons_.push_back(fmt::format("no line is a summary ({})", kSummary));
  }

  bool is(const Attestation& summary, const std::string& got, const std::optional<std::string>& wanted,
          std::string_view what) {
    if (!wanted || got == *wanted) return true;
    refuse(summary.line, fmt::format("the {} is '{}', not '{}'", what, printable(got), printable(*wanted)));
    return false;
  }

  bool is_as_expected(const Attestation& summary) {
    const Statement& said = summary.statement;
    bool good = is(summary, said.policy_sha256, expected_.policy_sha256, "policy");
    good &= is(summary, said.verifier_id, expected_.verifier_id, "verifier");
    good &= is(summary, said.resource_uri, expected_.resource_uri, "resource");
    if (contains(said.levels, "FAILED")) {
      refuse(summary.line, "it passed, and its levels say FAILED");
      good = false;
    }
    for (const std::string& level : expected_.levels) {
      if (contains(said.levels, level)) continue;
      refuse(summary.line, fmt::format("it does not say {}", printable(level)));
      good = false;
    }
    return good;
  }

  // What `summary` sums up, or null.
  const Attestation* test_result_of(const Attestation& summary) const {
    const auto found = std::ranges::find_if(
        test_results_, [&summary](const Attestation& each) { return contains(summary.inputs, each.sha256); });
    return found == test_results_.end() ? nullptr : &*found;
  }

  void tell_of_failure(const Attestation& summary) {
    const Attestation* result = test_result_of(summary);
    std::string builds;
    if (result != nullptr && !result->statement.failed.empty()) {
      builds = " for " + printable(fmt::format("{}", fmt::join(result->statement.failed, ", ")), 400);
    }
    refuse(summary.line, "the verdict is FAILED" + builds);
  }

  // The statement with what the test result that it sums up says of builds.
  std::optional<Statement> with_test_result(const Attestation& summary) {
    const Attestation* result = test_result_of(summary);
    if (result == nullptr) {
      refuse(summary.line, "it sums up a test result that is not here");
      return std::nullopt;
    }
    const Statement& builds = result->statement;
    bool good = builds.verdict == Verdict::pass;
    if (!good) refuse(result->line, "the result is FAILED");
    for (const std::string& build : expected_.builds) {
      if (contains(builds.passed, build) && !contains(builds.failed, build)) continue;
      const std::string_view state = contains(builds.failed, build) ? "failed" : "is not among those that passed";
      refuse(result->line, fmt::format("build {} {}", printable(build), state));
      good = false;
    }
    if (!good) return std::nullopt;
    Statement whole = summary.statement;
    whole.passed = builds.passed;
    whole.failed = builds.failed;
    whole.configuration = builds.configuration;
    return whole;
  }

  const PublicKey& key_;
  const Expected& expected_;
  std::vector<std::string>& reasons_;
  std::vector<PassedOver> passed_over_;
  std::size_t num_untold_ = 0;
  std::vector<Attestation> test_results_;
  std::vector<Attestation> summaries_;
  bool is_empty_ = true;
  bool saw_test_result_ = false;
  bool saw_summary_ = false;
  bool all_understood_ = true;
};

}  // namespace

std::optional<Statement> verify(std::string_view bundle, const PublicKey& key, const Expected& expected,
                                std::vector<std::string>& reasons) {
  reasons.clear();
  if (bundle.size() > kLargestBundle) {
    reasons.push_back(fmt::format("it is larger than {} MiB", kLargestBundle >> 20));
    return std::nullopt;
  }
  auto proved = Verification(key, expected, reasons).run(bundle);
  if (proved) reasons.clear();
  return proved;
}

}  // namespace sluice::attestation
