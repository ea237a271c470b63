// Faults as campaigns leave them in a folder, each filed once, whoever found it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::farm {

struct Case {
  enum class Kind : std::uint8_t { fault, refusal, drift };

  std::string identity;  // by which its files are named
  std::string build;
  std::string sentence;
  std::string worker;  // that filed it, ..
  std::int64_t night;  // .. in this night of its own
  Kind kind = Kind::fault;
};

// All that lie in `folder`, by identity; those that nobody has filed become this worker's. A name for a file is taken
// by one only, on whatever file system. A folder that is not there has none. False with `problem` filled: some could
// not be filed, and `cases` lacks these.
[[nodiscard]] bool file_cases(const std::string& folder, const std::string& worker, std::int64_t night,
                              std::vector<Case>& cases, std::string& problem);

// The content to run: of a container, that which is in it.
[[nodiscard]] std::string content_of(const std::string& folder, const Case& one);

}  // namespace sluice::farm
