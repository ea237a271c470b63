#include "fuzz/engine/lib_fuzzer.h"

#include <algorithm>
#include <cstring>
#include <deque>

// What libFuzzer offers, and what it looks for.
extern "C" {
int LLVMFuzzerRunDriver(int* argc, char*** argv, int (*callback)(const std::uint8_t* data, std::size_t size));
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max);
void __sanitizer_cov_8bit_counters_init(std::uint8_t* begin, std::uint8_t* end);
void __sanitizer_cov_pcs_init(const std::uintptr_t* begin, const std::uintptr_t* end);
}

namespace sluice::engine {

namespace {

Execute execute = nullptr;
Mutate mutate = nullptr;
CrossOver cross_over = nullptr;

int on_input(const std::uint8_t* data, std::size_t size) {
  execute({data, size});
  return 0;
}

}  // namespace

void register_counters(std::span<std::uint8_t> counters) {
  if (counters.empty()) return;
  // It wants an address for each: any that no other counter has.
  static std::deque<std::vector<std::uintptr_t>> tables;
  static std::uintptr_t next = 1;
  std::vector<std::uintptr_t>& table = tables.emplace_back();
  for (std::size_t i = 0; i < counters.size(); ++i) table.insert(table.end(), {next++, 0});  // 0: no function
  __sanitizer_cov_8bit_counters_init(counters.data(), counters.data() + counters.size());
  __sanitizer_cov_pcs_init(table.data(), table.data() + table.size());
}

void run_lib_fuzzer(std::vector<std::string> words, Execute with) {
  execute = with;
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  int count = static_cast<int>(words.size());
  char** argv = pointers.data();
  LLVMFuzzerRunDriver(&count, &argv, on_input);
}

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
