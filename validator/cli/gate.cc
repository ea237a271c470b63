// sluice gate: a release, judged as a whole: one command, one verdict.
#include "validator/gate/gate.h"

#include <fmt/format.h>

#include <thread>

#include "validator/cli/clock.h"
#include "validator/cli/command.h"
#include "validator/cli/limit_options.h"
#include "validator/cli/output.h"
#include "validator/cli/progress.h"
#include "validator/cli/reporting.h"
#include "validator/gate/attest.h"

namespace sluice::cli {

namespace {

constexpr int kNoVerdict = static_cast<int>(Verdict::no_verdict);

struct Options {
  std::vector<std::string> releases;
  std::string key;
  std::string today;
  bool no_cache = false;
  bool no_progress = false;
  gate::Options gate;
  std::uint64_t jobs = 0;
  Reporting reporting;
};

void declare(Arguments& arguments, Options& options) {
  arguments.positionals("RELEASE", options.releases, "The .release.yaml: content, driver builds and policy");
  arguments.text("--sign", options.key, "KEY", "Sign the verdict on each file: an Ed25519 private key, in PEM");
  arguments.text("--attestations", options.gate.attestations, "DIR",
                 "Where attestations are written (default: beside each content file)");
  arguments.text("--work", options.gate.work, "DIR",
                 "What is kept between runs: results, history, faults (default: .sluice beside the release)");
  arguments.flag("--no-cache", options.no_cache, "Judge everything anew");
  arguments.flag("--record", options.gate.records, "It is released if it passes: what it uses is known from now on");
  arguments.text("--today", options.today, "YYYY-MM-DD", "The day that review dates are compared with (default: UTC)");
  arguments.number("-j,--jobs", options.jobs, 1, 1024, "Threads (default: one for each core)");
  arguments.flag("--no-progress", options.no_progress, "Say nothing until it is done, on a terminal too");
  options.reporting.declare_for_gate(arguments);
  declare_limits(arguments, options.gate.limits);
}

}  // namespace

int run_gate(Arguments& arguments) {
  Options options;
  declare(arguments, options);
  if (!arguments.parse()) return arguments.exit_code();
  if (options.releases.size() != 1) return arguments.refuse("one release at a time");
  if (arguments.given("--attestations") && options.key.empty()) {
    return arguments.refuse("--attestations needs --sign");
  }
  const auto today = options.today.empty() ? utc_today() : suppression::parse_date(options.today);
  if (!today) return arguments.refuse(fmt::format("--today: '{}' is no day as 2026-12-31", printable(options.today)));
  std::optional<attestation::SigningKey> key;
  if (!options.key.empty()) {
    std::string why;
    key = attestation::SigningKey::load(options.key, why);
    if (!key) {
      complain(options.key + ": " + why);
      return kNoVerdict;
    }
  }

  Reporting& reporting = options.reporting;
  if (!reporting.choose(arguments)) return kNoVerdict;
  gate::Documents documents(options.releases.front(), *today);
  if (!documents.broken().empty()) {
    if (!reporting.begin(arguments, documents.report_options(), 0)) return kNoVerdict;
    for (const report::FileResult& broken : documents.broken()) reporting.add(broken);
    return reporting.finish();
  }
  options.gate.threads = options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  options.gate.uses_cache = !options.no_cache;
  options.gate.version = SLUICE_VERSION;
  options.gate.time = now();
  options.gate.key = key ? &*key : nullptr;
  run::ignore_broken_pipes();
  options.gate.wants_excerpts = reporting.wants_excerpts();
  gate::Gate gate(documents, options.gate);
  if (!reporting.begin(arguments, documents.report_options(), gate.size())) return kNoVerdict;
  Progress progress(!options.no_progress);
  report::Release release = gate.judge([&](const report::FileResult& result) { reporting.add(result); },
                                       reporting.totals(), progress.teller());
  progress.clear();
  const std::vector<std::string> attestations = release.attestations;
  reporting.add(std::move(release));
  const int code = reporting.finish();
  if (code == kNoVerdict) gate::withdraw(attestations);  // the report could not be written
  return code;
}

}  // namespace sluice::cli
