// The mutator as a library for AFL++ (docs/custom_mutators.md of AFL++ has the interface):
//
//   SLUICE_SCHEMA=channel.ksy SLUICE_RULES=channel.rules.yaml
//   AFL_CUSTOM_MUTATOR_LIBRARY=libsluice_afl_mutator.so AFL_CUSTOM_MUTATOR_ONLY=1 afl-fuzz ...
//
// AFL++ keeps plain content files in its queue: other fuzzers can take them over.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutate/format.h"
#include "fuzz/mutate/mutator.h"
#include "fuzz/mutate/random.h"

using namespace sluice;

namespace {

constexpr std::uint64_t kCrossOverOneIn = 8;

struct AflMutator {
  std::unique_ptr<mutate::Format> format;
  std::unique_ptr<mutate::Mutator> mutator;
  mutate::Random random;
  std::vector<std::uint8_t> out{};
  std::string description{};
};

std::string word_of(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// A part of a file's name: the verbs, without what a file system or AFL++ gives a meaning.
std::string as_file_name(const std::string& text, std::size_t longest) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (is_plain) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
    if (out.size() >= longest) break;
  }
  return out;
}

}  // namespace

extern "C" {

// Null, and afl-fuzz ends, where the schema cannot be read: what is wrong goes to the standard error output.
__attribute__((visibility("default"))) void* afl_custom_init(void* /*afl*/, unsigned seed) {
  const std::string schema = word_of("SLUICE_SCHEMA");
  if (schema.empty()) {
    std::fputs("sluice: SLUICE_SCHEMA does not name a schema\n", stderr);
    return nullptr;
  }
  std::vector<std::string> problems;
  auto format = mutate::Format::load({.schema = schema, .rules = word_of("SLUICE_RULES")}, problems);
  for (const std::string& problem : problems) std::fprintf(stderr, "sluice: %s\n", problem.c_str());
  if (format == nullptr) return nullptr;
  auto mutator = std::make_unique<mutate::Mutator>(*format);
  return new AflMutator{std::move(format), std::move(mutator), mutate::Random(seed)};
}

// `*out` is the mutator's, until the next call.
__attribute__((visibility("default"))) std::size_t afl_custom_fuzz(void* data, std::uint8_t* bytes, std::size_t size,
                                                                   std::uint8_t** out, std::uint8_t* other,
                                                                   std::size_t other_size, std::size_t most) {
  auto& self = *static_cast<AflMutator*>(data);
  if (self.out.size() < most) self.out.resize(most);
  *out = self.out.data();
  const std::uint64_t seed = self.random.next();
  if (other != nullptr && other_size > 0 && seed % kCrossOverOneIn == 0) {
    return self.mutator->cross_over({bytes, size}, {other, other_size}, std::span(self.out).first(most), seed);
  }
  if (size > most) size = most;
  std::memcpy(self.out.data(), bytes, size);
  return self.mutator->mutate(self.out.data(), size, most, seed);
}

// What the last mutation did: AFL++ makes it part of the name of what it keeps.
__attribute__((visibility("default"))) const char* afl_custom_describe(void* data, std::size_t longest) {
  auto& self = *static_cast<AflMutator*>(data);
  self.description = as_file_name(mutate::print(self.mutator->last_recipe()), longest);
  return self.description.c_str();
}

__attribute__((visibility("default"))) void afl_custom_deinit(void* data) { delete static_cast<AflMutator*>(data); }

}  // extern "C"
