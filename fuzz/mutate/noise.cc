#include "fuzz/mutate/noise.h"

#include <algorithm>
#include <cstring>

namespace sluice::mutate {

std::size_t make_noise(std::uint8_t* data, std::size_t size, std::size_t max_size, Random& random) {
  size = std::min(size, max_size);
  const std::uint64_t times = 1 + random.below(4);
  for (std::uint64_t i = 0; i < times; ++i) {
    const std::uint64_t way = random.below(11);
    const std::size_t at = random.below(size);
    if (size == 0 || way == 0) {
      if (size == max_size) continue;
      const std::size_t count = 1 + random.below(std::min<std::size_t>(max_size - size, 16));
      std::memmove(data + at + count, data + at, size - at);
      for (std::size_t k = 0; k < count; ++k) data[at + k] = static_cast<std::uint8_t>(random.next());
      size += count;
    } else if (way == 1 && size > 1) {
      const std::size_t count = 1 + random.below(std::min<std::size_t>(size - at, 16));
      std::memmove(data + at, data + at + count, size - at - count);
      size -= count;
    } else if (way == 8) {  // full to the last byte, of what can be read
      if (random.chance(1, 4)) size = max_size;
      std::memset(data, static_cast<int>('!' + random.below(94)), size);
    } else if (way == 9) {  // a piece again and again, to the end
      const std::size_t piece = 1 + random.below(std::min<std::size_t>(size - at, 4));
      if (random.chance(1, 2)) size = max_size;
      for (std::size_t k = at + piece; k < size; ++k) data[k] = data[k - piece];
    } else if (way == 10) {  // a piece again and again, and then the rest
      const std::size_t piece = 1 + random.below(std::min<std::size_t>(size - at, 4));
      const std::size_t copies = 1 + random.below(std::uint64_t{1} << random.below(6));
      const std::size_t count = std::min(piece * copies, max_size - size);
      std::memmove(data + at + piece + count, data + at + piece, size - at - piece);
      for (std::size_t k = at + piece; k < at + piece + count; ++k) data[k] = data[k - piece];
      size += count;
    } else if (way == 2) {
      const std::size_t count = 1 + random.below(std::min<std::size_t>(size - at, 8));
      std::memmove(data + at, data + random.below(size - count + 1), count);
    } else if (way == 3) {
      data[at] = random.chance(1, 2) ? 0 : 0xFF;
    } else if (way == 4) {
      data[at] = static_cast<std::uint8_t>(data[at] + random.below(9) - 4);
    } else if (way == 5) {
      data[at] = static_cast<std::uint8_t>(random.next());
    } else {
      data[at] ^= static_cast<std::uint8_t>(1u << random.below(8));
    }
  }
  return size;
}

}  // namespace sluice::mutate
