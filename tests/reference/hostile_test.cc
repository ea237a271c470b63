// Content that is almost good: refused or loaded, and nothing else happens. It takes the sanitizers to see more.
#include <catch2/catch.hpp>

#include "tests/reference/loaded.h"

namespace sluice {

namespace {

// Whether it was loaded; then every instance has been evaluated.
bool load_and_evaluate(const std::vector<std::uint8_t>& content) {
  const Loaded loaded(content);
  if (loaded.status() != SENSOR_OK) return false;
  for (std::uint32_t i = 0; i < loaded.sensor().num_instances; i++) {
    const sensor_instance& instance = loaded.sensor().instances[i];
    if (instance.definition == nullptr) continue;
    const sensor_event event = loaded.event_for(instance);
    sensor_verdict verdict;
    CHECK(sensor_evaluate(&loaded.sensor(), &event, &verdict) == SENSOR_OK);
  }
  return true;
}

}  // namespace

TEST_CASE("every prefix of good content is refused, with its checksum and size put right or not") {
  const auto good = corpus_file("good_mixed");
  for (std::size_t size = 0; size < good.size(); size++) {
    std::vector<std::uint8_t> prefix(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    CAPTURE(size);
    CHECK_FALSE(load_and_evaluate(prefix));
    if (size < sizeof(sensor_file_header)) continue;
    for (unsigned byte = 0; byte < 4; byte++) {
      prefix[offsetof(sensor_file_header, len_file) + byte] = static_cast<std::uint8_t>(size >> 8 * byte);
    }
    repair(prefix);
    CHECK_FALSE(load_and_evaluate(prefix));
  }
}

TEST_CASE("every byte of good content may be another one") {
  const auto good = corpus_file("good_mixed");
  CHECK(load_and_evaluate(good));
  std::size_t num_loaded = 0;
  for (std::size_t at = 0; at < good.size(); at++) {
    for (const int byte : {0, 1, good[at] - 1, good[at] + 1, good[at] ^ 0x20, 0x7F, 0x80, 0xFF}) {
      auto content = good;
      content[at] = static_cast<std::uint8_t>(byte);
      repair(content);
      num_loaded += load_and_evaluate(content);
    }
  }
  CHECK(num_loaded > good.size());  // operands mostly: that the rest was evaluated is not for nothing
}

TEST_CASE("more bytes than the content says are refused") {
  auto content = corpus_file("good_mixed");
  content.push_back(0);
  CHECK_FALSE(load_and_evaluate(content));
  content[offsetof(sensor_file_header, len_file)]++;
  repair(content);
  CHECK_FALSE(load_and_evaluate(content));
}

}  // namespace sluice
