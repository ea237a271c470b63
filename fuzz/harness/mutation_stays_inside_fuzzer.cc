// Whatever the schema and whatever the bytes: the tree of a file lies inside of it, what a mutation makes fits its
// buffer, and its recipe makes the same again. Two bytes of the input choose the schema, eight are the seed, the rest
// is the content.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/harness/judge.h"
#include "fuzz/harness/small_schemas.h"
#include "fuzz/mutate/format.h"
#include "fuzz/mutate/mutator.h"
#include "fuzz/mutate/tree.h"

using namespace sluice;
using harness::require;

namespace {

constexpr std::size_t kMost = 2048;

struct Known {
  std::unique_ptr<mutate::Format> format;
  std::unique_ptr<mutate::Mutator> mutator;
};

// Null: there is no such schema.
Known* known(std::uint32_t number) {
  static std::vector<std::unique_ptr<Known>> cache(harness::kSmallSchemas);
  if (cache[number] == nullptr) {
    cache[number] = std::make_unique<Known>();
    const std::string text = harness::small_schema_text(number);
    std::vector<std::string> problems;
    if (!text.empty()) cache[number]->format = mutate::Format::load_text(text, "", {}, problems);
    if (cache[number]->format) cache[number]->mutator = std::make_unique<mutate::Mutator>(*cache[number]->format);
  }
  return cache[number]->format ? cache[number].get() : nullptr;
}

void tree_lies_inside(const mutate::Format& format, std::span<const std::uint8_t> content) {
  mutate::Tree tree(format);
  tree.parse(content);
  require(std::ranges::equal(tree.bytes(), content));
  for (const mutate::Node& node : tree.nodes()) require(node.from <= node.to && node.to <= content.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 10) return 0;
  Known* schema = known(harness::small_schema_number(data[0], data[1]));
  if (schema == nullptr) return 0;
  std::uint64_t seed = 0;
  std::memcpy(&seed, data + 2, sizeof seed);
  const std::span content(data + 10, std::min(size - 10, kMost));
  tree_lies_inside(*schema->format, content);

  std::vector<std::uint8_t> made(content.begin(), content.end());
  made.resize(kMost);
  const std::size_t length = schema->mutator->mutate(made.data(), content.size(), kMost, seed);
  require(length <= kMost);
  const mutate::Recipe recipe = schema->mutator->last_recipe();
  std::vector<std::uint8_t> again(content.begin(), content.end());
  again.resize(kMost);
  const std::size_t length_again = schema->mutator->replay(again.data(), content.size(), kMost, recipe);
  require(std::ranges::equal(std::span(made).first(length), std::span(again).first(length_again)));
  return 0;
}
