// The worker's reports of what a campaign has found, made beside it and one after the other: each takes a second or
// more.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "fuzz/engine/options.h"
#include "fuzz/engine/sluice_run.h"

namespace sluice::engine {

// Looks for the field that an input's fault is owed to. Nothing: it goes on. Else in the words of `sluice run --blame`;
// empty: none was found.
using FindBlame = std::function<std::optional<std::string>()>;

// The field that a report names first; empty: it names none, or cannot be read.
[[nodiscard]] std::string field_in(const std::string& report);

class ReportMaker {
 public:
  struct Order {
    std::string base;     // `BASE.report.json`, `BASE.report.txt`
    std::string content;  // the file
    std::string build;
    std::string fault;     // in the words of `sluice run --fault`; empty: none
    FindBlame find_blame;  // asked where the report names no field; may be empty
    std::function<void()> done;
  };

  // Aliased.
  explicit ReportMaker(const Options& options) : options_(options) {}
  ~ReportMaker() { give_up(); }
  ReportMaker(const ReportMaker&) = delete;
  ReportMaker& operator=(const ReportMaker&) = delete;

  void add(Order order) { orders_.push_back(std::move(order)); }
  // Goes on without waiting. True: there is nothing left to do.
  bool look();
  // Leaves what is not done; returns how many that are.
  std::size_t give_up();

 private:
  enum class Stage : std::uint8_t { begin, search, text, end };
  void start(const Order& order, const char* format, const char* end);

  const Options& options_;
  std::deque<Order> orders_;
  Stage stage_ = Stage::begin;  // of the first
  std::string blame_;
  pid_t pid_ = 0;
};

}  // namespace sluice::engine
