// Numbers drawn from a seed: the same on every machine.
#pragma once

#include <cstdint>

namespace sluice::mutate {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {  // splitmix64
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }
  // Below `n`; 0 if `n` is.
  std::uint64_t below(std::uint64_t n) {
    __extension__ typedef unsigned __int128 Wide;
    return static_cast<std::uint64_t>(static_cast<Wide>(next()) * n >> 64);
  }
  bool chance(std::uint64_t in, std::uint64_t of) { return below(of) < in; }

 private:
  std::uint64_t state_;
};

}  // namespace sluice::mutate
