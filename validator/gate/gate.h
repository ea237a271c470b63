// The gate: a release, judged as a whole. docs/gate.md
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "validator/attestation/key.h"
#include "validator/gate/documents.h"
#include "validator/program/walk.h"

namespace sluice::gate {

struct Options {
  std::string work;  // the folder of what is kept: the database, faults; empty: `.sluice` beside the release
  std::size_t threads = 1;
  bool uses_cache = true;
  bool records = false;         // a release that passes was released: it is history from now on
  bool wants_excerpts = false;  // for a page
  program::Limits limits;
  std::string version;                           // of sluice
  std::int64_t time = 0;                         // seconds since 1970
  const attestation::SigningKey* key = nullptr;  // null: nothing is signed
  std::string attestations;                      // a folder; empty: beside each content file
};

class Gate {
 public:
  using Take = std::function<void(const report::FileResult&)>;
  // How much of a step is done.
  using Progress = std::function<void(std::string_view step, std::uint64_t done, std::uint64_t all)>;

  // `documents` are whole, and aliased.
  Gate(Documents& documents, Options options);
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // How many content files there are to be judged, places where there should be one and is none included.
  [[nodiscard]] std::size_t size() const;

  // Judges everything and hands each result to `take`, on the calling thread: the content in the order of the release,
  // then what is beside it. `totals` is what all of them add up to by then, and is asked for before anything is signed:
  // a release without a verdict is not. `progress` may be empty; it is called from many threads.
  [[nodiscard]] report::Release judge(const Take& take, const report::Totals& totals, const Progress& progress);

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace sluice::gate
