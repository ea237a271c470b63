// The mutator that libFuzzer looks for by its name.
#include <algorithm>
#include <cstring>

#include "fuzz/engine/lib_fuzzer.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max);

namespace sluice::engine {

namespace {

Mutate mutate = nullptr;
CrossOver cross_over = nullptr;

}  // namespace

void mutate_by(Mutate m, CrossOver c) {
  mutate = m;
  cross_over = c;
}

std::size_t mutate_bytes(std::uint8_t* data, std::size_t size, std::size_t max) {
  return LLVMFuzzerMutate(data, size, max);
}

}  // namespace sluice::engine

extern "C" __attribute__((visibility("default"))) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                                                                      std::size_t size, std::size_t max,
                                                                                      unsigned seed) {
  using namespace sluice::engine;
  return mutate != nullptr ? mutate(data, size, max, seed) : LLVMFuzzerMutate(data, size, max);
}

extern "C" __attribute__((visibility("default"))) std::size_t LLVMFuzzerCustomCrossOver(
    const std::uint8_t* first, std::size_t first_size, const std::uint8_t* second, std::size_t second_size,
    std::uint8_t* out, std::size_t max, unsigned seed) {
  using namespace sluice::engine;
  if (cross_over != nullptr) return cross_over({first, first_size}, {second, second_size}, {out, max}, seed);
  const std::size_t size = std::min(first_size, max);
  std::memcpy(out, first, size);
  return size;
}
