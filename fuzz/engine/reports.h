// The fault folder: for each identity, once, the input, what is known of it, and the worker's report; and further
// inputs.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/options.h"
#include "fuzz/engine/report_maker.h"
#include "fuzz/engine/shared.h"
#include "validator/finding/finding.h"

namespace sluice::engine {

// One fault of a campaign, by its identity.
struct Known {
  std::string identity;  // "7.11-read-match_criterion-1a2b3c4d"
  std::string build;
  std::string sentence;
  std::optional<FindingId> id = {};  // as what it is reported where the content by itself does not show it
  std::uint64_t execution = 0;       // of its job, at which it was found first
  std::uint64_t job = 0;
  bool is_escape = false;
  bool is_drift = false;
  bool was_there = false;  // in the folder, from a campaign before
  std::string file;        // the input, the first
  std::size_t inputs = 1;  // in the folder, of as many as are asked for
  std::string field = {};  // of the content, that it is owed to; empty: not known
};

class Reports {
 public:
  explicit Reports(const Options& options) : options_(options), maker_(options) {}

  // Makes the folder where it is not there, and sees that it can be written to. False with `problem` filled.
  bool open(std::string& problem);

  // Writes it, if its identity is a new one, and orders a report of the worker. Where that names no field, `find_blame`
  // is asked. Null: it is not new; then the input is written if more of them are asked for. False in `good` with
  // `problem` filled: it could not be written.
  const Known* add(Known known, std::span<const std::uint8_t> input, std::string_view recipe, FindBlame find_blame,
                   bool& good, std::string& problem);

  // Makes what was ordered, without waiting. True: there is nothing left to make.
  bool look() { return maker_.look(); }
  // Reports that could not be made.
  [[nodiscard]] std::size_t num_failed() const { return num_failed_; }
  // Returns how many reports are not made; another campaign that comes to the faults makes them.
  std::size_t give_up() { return maker_.give_up(); }

  // In the order in which they were found.
  [[nodiscard]] const std::vector<Known>& all() const { return all_; }

 private:
  bool write_input(const Known& known, const std::string& base, std::span<const std::uint8_t> input,
                   std::string_view recipe, std::string& problem) const;
  bool add_input(std::size_t of, const Known& known, std::span<const std::uint8_t> input, std::string_view recipe,
                 std::string& problem);
  bool order_missing(std::string& problem);
  bool order_report(std::size_t of, std::span<const std::uint8_t> input, FindBlame find_blame, std::string& problem);

  const Options& options_;
  ReportMaker maker_;
  std::size_t num_failed_ = 0;
  std::vector<Known> all_;
  std::vector<std::set<std::size_t>> inputs_;  // of each, hashes of its inputs
};

}  // namespace sluice::engine
