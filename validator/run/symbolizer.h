// Addresses in a target, as functions and lines of its source: asked of llvm-symbolizer, if there is one.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "validator/run/answer.h"

namespace sluice::run {

// A file of source without where it was compiled: from below one of `folders` on, or from `fuzz` on.
[[nodiscard]] std::string source_name(const std::string& written, std::span<const std::string> folders);

// Shared by all threads; each address is asked for once.
class Symbolizer {
 public:
  // `folders`: sources below one of them are named from there on, so that a report does not depend on where a checkout
  // lies.
  explicit Symbolizer(std::vector<std::string> folders) : folders_(std::move(folders)) {}

  // `sensor_match  fuzz/reference/match.c:214`, innermost first; functions that were inlined are lines of their own.
  // `target` is the module's path; frames outside of it end the list. Without a symbolizer, or where it knows nothing:
  // `sensor_match  7.11.so+0x1234`.
  [[nodiscard]] std::vector<std::string> lines(std::span<const StackFrame> frames, const std::string& target);

 private:
  using Lines = std::vector<std::string>;

  void ask(const std::string& target, const std::vector<std::uint64_t>& offsets);
  [[nodiscard]] bool run(const char* program, const std::string& target, const std::vector<std::uint64_t>& offsets,
                         std::string& out) const;

  const std::vector<std::string> folders_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::uint64_t>, Lines> known_;  // empty: nothing is known of it
};

}  // namespace sluice::run
