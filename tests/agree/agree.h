// Runs the walk and its twin over the same content and says where they differ.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "validator/program/program.h"
#include "validator/schema/schema.h"

namespace sluice::agree {

// A schema ready for both.
struct Pair {
  std::string text;
  schema::Schema schema;
  program::Program program;
};

// Empty if the loader refuses `text`.
[[nodiscard]] std::optional<Pair> load_pair(const std::string& text);

struct Tally {
  std::uint64_t walks = 0;
  std::uint64_t accepted = 0;       // no finding
  std::uint64_t redone = 0;         // the twin had to start again
  std::uint64_t out_of_limits = 0;  // compared no further, see `compare`
};

// Empty if walk and twin give the same findings: ids, paths, byte ranges, order. Otherwise a picture of the
// difference, schema and content included.
//
// Tolerated, each for a reason:
// - limits (depth, elements, steps, memory, process): each counts in units of its own. Both must say that there is no
//   verdict when the twin does; nothing else is compared.
// - left-over bytes are told in no promised order: the walk judges a stream when nobody can read from it any more, the
//   twin all streams at the end. Where `no_progress` ended the walk they are not compared.
// - overlap: the twin does not know it.
[[nodiscard]] std::string compare(const Pair& pair, std::span<const std::uint8_t> content, Tally& tally);

}  // namespace sluice::agree
