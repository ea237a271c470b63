// One content file on trial: prepared once, then run on each driver build.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "validator/bytes/content_file.h"
#include "validator/bytes/fuzz_input.h"
#include "validator/contract/driver.h"
#include "validator/difference/plan.h"
#include "validator/program/walk.h"
#include "validator/run/events_file.h"
#include "validator/run/measurements.h"
#include "validator/run/pool.h"
#include "validator/run/tell.h"

namespace sluice::run {

// What all trials share. Everything is aliased, and used by all threads.
struct Court {
  const contract::Driver& driver;
  const std::vector<std::size_t>& builds;     // those to run, by their index in the driver
  const std::vector<std::string>& no_target;  // of each of them: why there is nothing to run; empty: there is
  Pool& pool;                                 // by the place in `builds`; behind all of these the replicas of images
  const std::vector<std::size_t>& replicas;   // of each of the builds: the place of the replica in the pool, or 0
  Measurements& measurements;
  Symbolizer& symbolizer;
  const program::Limits& limits;
  const program::Program* check = nullptr;  // what the validator judges by; null: nothing is known of acceptance
  const program::Program* tree = nullptr;   // to look at content; null: there is no schema, or it has no `uses`
  const difference::Plan* plan = nullptr;   // with `tree`
  const EventsFile* events = nullptr;       // null: they are made
  const Blame* blame = nullptr;             // may be null
  const SeenFault* seen = nullptr;          // may be null
};

class Trial {
 public:
  // `number`: the file's place in the order given. `map_above`: as for the content file.
  Trial(std::string file, std::size_t number, std::size_t map_above = bytes::ContentFile::kMapAbove)
      : file_(std::move(file)), number_(number), content_(map_above) {}

  // Reads the file. False: it could not be read, and `reason` says why.
  [[nodiscard]] bool open() { return content_.open(file_); }
  [[nodiscard]] const std::string& reason() const { return content_.reason(); }
  // All of it; what is content of it is `content`.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return content_.bytes(); }
  // After open: finds what events can come to.
  void look(const Court& court);
  // Measures on the `place`-th of the court's builds what each template type is supplied with, one event each, if no
  // file before this one has told. For several threads at once, after look.
  void measure(const Court& court, std::size_t place) const;

  // After look, instead of prepare: what the validator says of it, for each of the court's builds.
  void accept(std::vector<bool> accepted) { accepted_ = std::move(accepted); }

  // All three, by `court.check`. False: it could not be read.
  bool prepare(const Court& court, Findings& findings);
  [[nodiscard]] std::span<const std::uint8_t> content() const { return bytes::content_part(content_.bytes()); }

  // Whether the file has changed since it was opened: a finding then.
  void look_for_change(Findings& findings, const std::string& build);

  // Runs it on the `place`-th of the court's builds. For several threads at once, after prepare or accept. Empty:
  // nothing was run.
  std::optional<Coverage> run(const Court& court, std::size_t place, Findings& findings);

 private:
  void run_on(const Court& court, std::size_t place, Worker& worker, Outcome& outcome, Findings& findings,
              std::optional<Coverage>& coverage) const;
  void measure_types(const Court& court, std::size_t build, Worker& worker, const std::set<std::uint32_t>& types) const;
  [[nodiscard]] std::set<std::uint32_t> active_types() const;
  [[nodiscard]] std::map<Integer, Integer> supplies(const Court& court, std::size_t build, const Shapes& shapes) const;
  // What the replica does otherwise than the image.
  std::optional<Drift> compare(const Court& court, std::size_t place, const Ledger& ledger, Content& content,
                               const Values& values, const Outcome& outcome, Findings& findings) const;
  bool ask(const Court& court, const Hello& hello, const Shapes& shapes, Values& values, Evaluation& evaluation,
           Outcome& outcome) const;
  void add(Findings& findings, Finding finding, const std::string& build) const;

  std::string file_;
  std::size_t number_;
  bytes::ContentFile content_;
  std::mutex content_mutex_;
  Uses uses_;
  std::uint64_t criteria_ = 0;
  std::vector<bool> accepted_;  // for each of the court's builds
};

}  // namespace sluice::run
