#include "fuzz/engine/mutation.h"

#include <algorithm>
#include <cstring>

#include "fuzz/engine/hash.h"
#include "fuzz/engine/lib_fuzzer.h"
#include "fuzz/engine/operation_mutation.h"
#include "fuzz/mutate/recipe.h"

namespace sluice::engine {

namespace {

constexpr std::size_t kTrailer = 24;
constexpr std::uint32_t kPlainBecomesContainer = 16;  // one in so many

std::uint32_t mixed(std::uint32_t seed) {
  seed ^= seed >> 16;
  seed *= 0x7FEB352Du;
  seed ^= seed >> 15;
  seed *= 0x846CA68Bu;
  return seed ^ seed >> 16;
}

}  // namespace

Mutation::Mutation(const mutate::Format& format, const std::vector<DescribedType>& types, const Parents& parents)
    : mutator_(format, mutate_bytes), types_(types), parents_(parents) {}

std::size_t Mutation::mutate(std::uint8_t* data, std::size_t size, std::size_t max, std::uint32_t seed) {
  const std::span<const std::uint8_t> parent = parents_.choose({data, size}, mixed(~seed));
  if (parent.data() != data && parent.size() <= max) {
    std::memcpy(data, parent.data(), parent.size());
    size = parent.size();
  }
  // libFuzzer mutates what it has got some times more.
  const std::uint64_t from = hash_of_bytes({data, size});
  if (from != made_) parent_ = from;
  size = mutate_input(data, size, max, seed);
  made_ = hash_of_bytes({data, size});
  return size;
}

std::size_t Mutation::mutate_input(std::uint8_t* data, std::size_t size, std::size_t max, std::uint32_t seed) {
  const auto container = bytes::read_fuzz_input({data, size});
  const bytes::FuzzInput input =
      container.value_or(bytes::FuzzInput{.content = {data, size}, .second = {}, .operations = {}});
  const std::uint32_t choice = mixed(seed);
  const bool is_about_operations = container ? choice % 2 == 0 : choice % kPlainBecomesContainer == 0;
  is_by_mutator_ = !is_about_operations;
  return is_about_operations ? mutate_operations(data, input, max, choice)
                             : mutate_content(data, input, container.has_value(), max, choice);
}

std::size_t Mutation::mutate_content(std::uint8_t* data, const bytes::FuzzInput& input, bool is_container,
                                     std::size_t max, std::uint32_t seed) {
  if (!is_container) return mutator_.mutate(data, input.content.size(), max, seed);
  const std::size_t rest = input.second.size() + input.operations.size() + kTrailer;
  const std::size_t room = max > rest ? max - rest : 0;
  if (room < input.content.size() || room == 0) return mutator_.mutate(data, input.content.size(), max, seed);
  content_.resize(room);
  std::copy(input.content.begin(), input.content.end(), content_.begin());
  const std::size_t size = mutator_.mutate(content_.data(), input.content.size(), room, seed);
  return put({.content = std::span(content_).first(size), .second = input.second, .operations = input.operations}, data,
             max);
}

std::size_t Mutation::mutate_operations(std::uint8_t* data, const bytes::FuzzInput& input, std::size_t max,
                                        std::uint32_t seed) {
  constexpr std::uint32_t kOdds = 8;
  recipe_ = "change operations";
  std::vector<Operation> operations = read_operations(input.operations);
  OperationMutation(types_, input.content, seed).mutate(operations);
  other_.assign(input.second.begin(), input.second.end());
  // The content of before, mutated: what an update brings.
  if (seed / kOdds % kOdds == 0) {
    other_.assign(input.content.begin(), input.content.end());
    other_.resize(std::max<std::size_t>(2 * other_.size(), kTrailer));
    other_.resize(mutator_.mutate(other_.data(), input.content.size(), other_.size(), seed));
    recipe_ = "change the second content";
  }
  const std::vector<std::uint8_t> written = write_operations(operations);
  return put({.content = input.content, .second = other_, .operations = written}, data, max);
}

// Without what is not content, where there is no room for it.
std::size_t Mutation::put(const bytes::FuzzInput& input, std::uint8_t* data, std::size_t max) {
  std::vector<std::uint8_t> file = bytes::write_fuzz_input(input);
  if (file.size() > max) file.assign(input.content.begin(), input.content.end());
  const std::size_t size = std::min(file.size(), max);
  std::memcpy(data, file.data(), size);
  return size;
}

std::size_t Mutation::cross_over(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second,
                                 std::span<std::uint8_t> out, std::uint32_t seed) {
  is_by_mutator_ = true;
  const std::span<const std::uint8_t> parent = parents_.choose(first, mixed(~seed));
  parent_ = hash_of_bytes(parent);
  const std::size_t size =
      mutator_.cross_over(bytes::content_part(parent), bytes::content_part(second), out, mixed(seed));
  made_ = hash_of_bytes(out.first(size));
  return size;
}

const mutate::Tree* Mutation::tree_of(std::span<const std::uint8_t> content) const {
  const mutate::Tree* tree = mutator_.last_tree();
  return tree != nullptr && std::ranges::equal(tree->bytes(), content) ? tree : nullptr;
}

const std::string& Mutation::recipe() {
  if (is_by_mutator_) recipe_ = mutate::print(mutator_.last_recipe());
  return recipe_;
}

}  // namespace sluice::engine
