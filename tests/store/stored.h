// What the tests put into a store and expect to find in it.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "validator/store/cache.h"
#include "validator/store/digest.h"
#include "validator/store/history.h"

namespace sluice::store {

inline constexpr std::int64_t kNow = 1'750'000'000;

inline std::string digest_of(std::uint64_t number) { return Digest().add("number", std::to_string(number)).hex(); }

// Of some hundred to some thousand bytes, the same for the same digest.
inline std::string value_of(std::string_view digest) {
  std::seed_seq seed(digest.begin(), digest.end());
  std::mt19937 random(seed);
  std::string value(100 + random() % 8000, '\0');
  for (char& c : value) c = static_cast<char>(random());
  return value;
}

// The file number `number` of a release, which uses features that no other does and some that each does.
inline Recorded recorded(const std::string& schema, std::uint64_t number) {
  Recorded one;
  one.release = {.schema = schema,
                 .content = fmt::format("C-{}.bin", number),
                 .sha256 = digest_of(number),
                 .name = fmt::format("release {}", number),
                 .time = kNow + static_cast<std::int64_t>(number),
                 .builds = {{"7.10", Verdict::pass}, {"7.11", Verdict::fail}}};
  for (int k = 0; k < 40; ++k) one.features.push_back(fmt::format("input template_type={} input={}", number, k));
  for (int k = 0; k < 10; ++k) one.features.push_back(fmt::format("template_type {}", k));
  return one;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// All messages, one a line.
inline std::string told(Database& database) {
  std::string all;
  for (const std::string& message : database.messages()) all += message + "\n";
  return all;
}

}  // namespace sluice::store
