// Images that are cut or damaged at random are refused with a reason; what is not refused keeps the promises.
#include <catch2/catch.hpp>
#include <random>

#include "tests/image/pe_file.h"
#include "tests/image/promises.h"

using namespace sluice::image;

TEST_CASE("every prefix of an image is refused, or has lost nothing that is mapped") {
  const Bytes& whole = small_sys();
  std::size_t num_images = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));  // its end is the memory's
    const auto image = parse_image(prefix, "small.sys");
    if (image) {
      ++num_images;
    } else if (size >= 2) {
      INFO(size << " " << image.error());
      REQUIRE(image.error().starts_with("is truncated: "));
    }
  }
  CHECK(num_images == 0);
}

TEST_CASE("images with bits flipped are refused, or keep the promises") {
  const Bytes& whole = small_sys();
  const unsigned seed = std::random_device()();
  std::mt19937 random(seed);
  INFO("seed " << seed);
  std::size_t num_refused = 0;
  constexpr std::size_t kRuns = 20000;
  for (std::size_t run = 0; run < kRuns; ++run) {
    Bytes bytes = whole;
    const std::size_t flips = 1 + random() % 4;
    for (std::size_t i = 0; i < flips; ++i) {
      // Half of them in the headers, which are a twentieth of the file.
      const std::size_t at = random() % (random() % 2 == 0 ? 0x260 : bytes.size());
      bytes[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
    }
    const auto image = parse_image(bytes, "small.sys");
    num_refused += !image;
    const std::string broken = image                   ? check_promises(*image)
                               : image.error().empty() ? "a refusal without a reason"
                                                       : "";
    if (!broken.empty()) {
      INFO("run " << run);
      REQUIRE(broken == "");
    }
  }
  CHECK(num_refused > kRuns / 10);
  CHECK(num_refused < kRuns);
}
