// What the engine mutates: content by the schema, and behind it, in a container, what is done with it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/input.h"
#include "fuzz/engine/parents.h"
#include "fuzz/mutate/mutator.h"

namespace sluice::engine {

class Mutation {
 public:
  // All are aliased.
  Mutation(const mutate::Format& format, const std::vector<DescribedType>& types, const Parents& parents);

  // As mutate::Mutator's. One in sixteen plain inputs becomes a container.
  std::size_t mutate(std::uint8_t* data, std::size_t size, std::size_t max, std::uint32_t seed);
  std::size_t cross_over(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second,
                         std::span<std::uint8_t> out, std::uint32_t seed);

  // The content of the input that was made last, if it is that and the mutator has it as a tree; else null.
  [[nodiscard]] const mutate::Tree* tree_of(std::span<const std::uint8_t> content) const;
  // A number for the input that the last one was made of, be it by several mutations.
  [[nodiscard]] std::uint64_t parent() const { return parent_; }
  // How the last input was made.
  [[nodiscard]] const std::string& recipe();

 private:
  std::size_t mutate_input(std::uint8_t* data, std::size_t size, std::size_t max, std::uint32_t seed);
  std::size_t put(const bytes::FuzzInput& input, std::uint8_t* data, std::size_t max);
  std::size_t mutate_content(std::uint8_t* data, const bytes::FuzzInput& input, bool is_container, std::size_t max,
                             std::uint32_t seed);
  std::size_t mutate_operations(std::uint8_t* data, const bytes::FuzzInput& input, std::size_t max, std::uint32_t seed);

  mutate::Mutator mutator_;
  const std::vector<DescribedType>& types_;
  const Parents& parents_;
  std::vector<std::uint8_t> content_;
  std::vector<std::uint8_t> other_;
  std::string recipe_;
  bool is_by_mutator_ = false;
  std::uint64_t parent_ = 0;
  std::uint64_t made_ = 0;  // a number for the last input
};

}  // namespace sluice::engine
