// Mutation of content in the schema's words, in the shape that fuzzing engines ask for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "fuzz/mutate/format.h"
#include "fuzz/mutate/recipe.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

// Changes `size` bytes of a buffer that has room for `max_size`, and returns how many there are then: libFuzzer's own.
using ByteMutation = std::size_t (*)(std::uint8_t* data, std::size_t size, std::size_t max_size);

class Mutator {
 public:
  // `format` is aliased. Without `bytes` a mutation of its own stands in.
  explicit Mutator(const Format& format, ByteMutation bytes = nullptr);
  ~Mutator();
  Mutator(const Mutator&) = delete;
  Mutator& operator=(const Mutator&) = delete;

  // Changes the content in `data` in one to four ways, repairs it most times, and returns its new size, at most
  // `max_size`. The same content, seed and ByteMutation give the same bytes. Never fails: what cannot be read is
  // changed as bytes, and sometimes replaced by a minimal file. The result may equal the input.
  std::size_t mutate(std::uint8_t* data, std::size_t size, std::size_t max_size, std::uint64_t seed);

  // Puts a part of one content into the other, and repairs it. Returns the size of what is in `out`.
  std::size_t cross_over(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, std::span<std::uint8_t> out,
                         std::uint64_t seed);

  // A file whose parts others may take over (`splice`); the last few are remembered.
  void add_donor(std::span<const std::uint8_t> content);

  // What the last mutation did. It replays on the same input.
  [[nodiscard]] const Recipe& last_recipe() const;
  // What the last mutation left as a tree, so that it need not be read; null: it must be. Mostly what reading gives,
  // and not always: repair does not know all that a schema can say. Holds until the next call of anything.
  [[nodiscard]] const Tree* last_tree() const;
  // Does what a recipe says. The same bytes as the mutation that it is of, unless that changed mere bytes by a
  // callback.
  std::size_t replay(std::uint8_t* data, std::size_t size, std::size_t max_size, const Recipe& recipe);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::mutate
