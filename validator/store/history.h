// What was released before, and what of each schema it made use of.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "validator/finding/finding.h"
#include "validator/store/database.h"

namespace sluice::store {

struct BuildOutcome {
  std::string build;
  Verdict verdict = Verdict::no_verdict;
  friend bool operator==(const BuildOutcome&, const BuildOutcome&) = default;
};

// One content file of one release.
struct Release {
  std::string schema;     // its id
  std::string content;    // the file's name
  std::string sha256;     // of its bytes, 64 digits in lower case
  std::string name;       // of the release
  std::int64_t time = 0;  // seconds since 1970
  std::vector<BuildOutcome> builds;
  friend bool operator==(const Release&, const Release&) = default;
};

struct Recorded {
  Release release;
  std::vector<std::string> features;  // all that it uses, by their stable names (validator/difference/feature_name.h)
};

// Where a feature was used first.
struct Origin {
  std::string content;
  std::string sha256;
  std::string name;  // of the release
  std::int64_t time = 0;
  friend bool operator==(const Origin&, const Origin&) = default;
};

struct Known {
  std::map<std::string, Origin, std::less<>> features;
  std::uint64_t contents = 0;  // different files that were released
  // False: some or all could not be read, and the database has a message. What is missing is then told as a first use
  // once more; nothing is known that never was there.
  bool is_whole = false;
};

class History {
 public:
  // `database` is aliased.
  explicit History(Database& database) : database_(database) {}

  // Adds all of a release or, on failure, nothing; then the database has a message. What is there already stays: the
  // same file of the same release with the same outcome is there once, and a feature keeps its first use.
  [[nodiscard]] bool record(const std::vector<Recorded>& release);

  [[nodiscard]] Known known(std::string_view schema);

  // In the order of recording. What is damaged is left out, and the database has a message.
  [[nodiscard]] std::vector<Release> list();

 private:
  Database& database_;
};

}  // namespace sluice::store
