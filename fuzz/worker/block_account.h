// The blocks of an image that ran, added up over all children of a session: what the supervisor keeps, and answers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/worker/fault_json.h"
#include "fuzz/worker/shared.h"

namespace sluice::worker {

class BlockAccount {
 public:
  // Forgets what the last run hit, before the next.
  static void clear(Shared& shared);

  // What the run before hit, as the child left it: added here, and returned as rising offsets. Null JSON: its image's
  // blocks are not counted.
  Json take(const Shared& shared);
  // Those that ran elsewhere; what lies in no image is passed over.
  void add(std::span<const std::uint8_t> offsets);
  // All of them as a list of offsets, of four bytes each. Returns how many bytes that are, at most kMaxFrame.
  std::size_t write(std::uint8_t* to) const;

 private:
  void add(std::uint32_t offset);

  std::vector<std::uint64_t> hit_;  // a bit for each offset
};

// The answer to `blocks`, from what a child listed.
std::string blocks_answer(std::int64_t id, const Shared& shared, const Json& fault);
std::string blocks_blob(const Shared& shared);

}  // namespace sluice::worker
