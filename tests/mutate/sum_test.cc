#include "fuzz/mutate/sum.h"

#include <catch2/catch.hpp>

#include "fuzz/mutate/random.h"
#include "tests/mutate/samples.h"

namespace sluice::mutate {

TEST_CASE("a checksum is the validator's, whatever the length and where it begins") {
  using program::ChecksumAlgorithm;
  Random random(1);
  Bytes bytes(700);
  for (auto& b : bytes) b = static_cast<std::uint8_t>(random.next());
  for (const auto algorithm : {ChecksumAlgorithm::crc32, ChecksumAlgorithm::adler32, ChecksumAlgorithm::sum16}) {
    for (std::size_t size = 0; size <= 640; ++size) {
      const auto part = std::span(bytes).subspan(size % 17, size);
      INFO(size);
      REQUIRE(sum_of(algorithm, part) == program::checksum(algorithm, part));
    }
  }
}

}  // namespace sluice::mutate
