// Faults as campaigns leave them in a folder, each filed once, whoever found it; and beside it what triage made of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::farm {

// What triage made of one: the case that it is of, or why it is of none.
struct Triaged {
  std::string of_case = {};
  std::string cause = {};  // as in FaultRecord, from here on
  std::string guilty = {};
  std::string suggestion = {};
  std::string page = {};
  std::string why = {};
};

struct FoundFile {
  enum class Kind : std::uint8_t { fault, refusal, drift };

  std::string identity;  // by which its files are named
  std::string build;
  std::string sentence;
  std::string worker;  // that filed it, ..
  std::int64_t night;  // .. in this night of its own
  Kind kind = Kind::fault;
  std::optional<Triaged> triaged = {};
};

// All that lie in `folder`, by identity; those that nobody has filed become this worker's. A folder that is not there
// has none. False with `problem` filled: some could not be filed, and `found` lacks these.
[[nodiscard]] bool file_found(const std::string& folder, const std::string& worker, std::int64_t night,
                              std::vector<FoundFile>& found, std::string& problem);

// Who filed a fault or a case.
struct Filed {
  std::string worker;
  std::int64_t night = 0;
};
// NAME.filed.json in `folder` says so: a name is taken by one only, on whatever file system. Whoever asks first has
// filed it. Nothing with `problem` filled: it cannot be said.
[[nodiscard]] std::optional<Filed> file_once(const std::string& folder, const std::string& name, const Filed& asking,
                                             std::string& problem);

// False with `problem` filled: it is not written.
[[nodiscard]] bool write_triaged(const std::string& folder, const std::string& identity, const Triaged& triaged,
                                 std::string& problem);
// It is to be triaged again.
void forget_triaged(const std::string& folder, const std::string& identity);

// The content to run: of a container, that which is in it.
[[nodiscard]] std::string content_of(const std::string& folder, const std::string& identity);

}  // namespace sluice::farm
