// One content file of a release: what may be said about it, and what every build does with it.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "validator/gate/documents.h"
#include "validator/gate/first_use.h"
#include "validator/judge/collect.h"
#include "validator/judge/judge.h"
#include "validator/run/trial.h"
#include "validator/store/cache.h"

namespace sluice::gate {

// What all inspections share. Everything is aliased, and used by all threads.
struct Office {
  Documents& documents;
  const judge::Bench& bench;
  const run::Court& court;
  const FirstUses& first_uses;
  store::Cache* cache = nullptr;          // null: nothing is remembered
  std::vector<std::string> digests = {};  // of each build: what its results depend on besides the content
  std::string seeds = {};                 // a folder for content that may go out, to fuzz from; empty: none is wanted
  bool wants_excerpts = false;
  std::atomic<std::uint64_t> judged = 0;      // files x builds
  std::atomic<std::uint64_t> remembered = 0;  // of them
  std::mutex mutex = {};
  std::string seeds_problem = {};  // why some content is not there
};

// Larger files are not judged: what is attested is held in memory, where nobody else can change it.
inline constexpr std::size_t kLargestContent = 256u << 20;

class Inspection {
 public:
  explicit Inspection(Office& office) : office_(office), judge_(office.bench) {}

  // Before any file is judged: measures what the builds supply, as far as this file, the `number`-th, can show it. For
  // one that all is remembered of there is nothing to do.
  void measure(std::size_t number, const judge::Item& item) const;

  // The judgement. The file is read once; it is given up, without a verdict, if it changes meanwhile.
  void operator()(std::size_t number, const judge::Item& item, report::FileResult& result);

 private:
  struct Part {
    Findings findings;
    std::optional<report::Ran> ran;
  };
  [[nodiscard]] std::string digest_of(std::size_t place, const std::string& sha256, bool is_accepted) const;
  [[nodiscard]] bool recall(const std::string& digest, const std::string& name, Part& part) const;
  void remember(const std::string& digest, const Part& part) const;
  void run_on(run::Trial& trial, bool& has_looked, std::size_t place, const report::FileResult& checked,
              Part& part) const;
  void demand_execution(const std::string& build, const std::string& file, Part& part) const;
  void merge(std::vector<Part>& parts, report::FileResult& result) const;
  void keep_as_seed(const run::Trial& trial, const report::FileResult& result) const;

  Office& office_;
  judge::Judge judge_;
};

}  // namespace sluice::gate
