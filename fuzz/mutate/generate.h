// Valid content files from a schema and its rules alone.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fuzz/mutate/features.h"
#include "fuzz/mutate/goals.h"
#include "fuzz/mutate/random.h"
#include "fuzz/mutate/settle.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

struct GenerateOptions {
  std::uint64_t seed = 1;
  std::uint64_t count = 16;  // files that will be asked for: the goals are spread over them
  std::uint32_t max_size = 65'536;
};

class Generator {
 public:
  // The format is aliased.
  Generator(const Format& format, GenerateOptions options);

  // The next file; `check` accepts it, and it is none of those before. Empty: none can be made, and `why()` says what
  // stands against it. The same format and options give the same files.
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> next();

  struct Goal {
    std::size_t feature = 0;
    bool is_reached = false;  // by a file that was handed out
    bool is_large = false;    // a file with it is large
    std::uint32_t failures = 0;
    // Nothing else had to be kept, and it failed all the same: from the smallest file, and from one made before.
    bool is_lost_from_start = false;
    bool is_lost_from_made = false;
    std::string why;  // it could not be reached, as far as that is known
  };
  [[nodiscard]] const std::vector<Goal>& goals() const { return goals_; }
  [[nodiscard]] const Features& features() const { return features_; }
  [[nodiscard]] const std::string& why() const { return why_; }

 private:
  bool begin();
  bool pursue(Tree& tree, Goal& goal, const std::vector<std::size_t>& kept);
  bool attempt(Tree& tree, Goal& goal, const std::vector<std::size_t>& kept);
  bool vary(Tree& tree);
  bool hand_out(const Tree& tree);
  [[nodiscard]] bool has(const Tree& tree, std::size_t feature);

  const Format& format_;
  GenerateOptions options_;
  Features features_;
  Random random_;
  Settler settler_;
  Approach approach_;
  std::vector<Goal> goals_;
  std::vector<std::uint8_t> scratch_;  // counters
  Tree start_;
  std::vector<std::vector<std::uint8_t>> made_;  // the last ones, to go on from
  std::set<std::string> seen_;                   // digests of all that was handed out
  std::uint64_t handed_out_ = 0;
  std::string why_;
  bool is_begun_ = false;
};

// One line that says why content is not valid.
[[nodiscard]] std::string sentence(const Finding& finding);

}  // namespace sluice::mutate
