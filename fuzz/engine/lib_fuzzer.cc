#include "fuzz/engine/lib_fuzzer.h"

// What libFuzzer offers.
extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv,
                                   int (*callback)(const std::uint8_t* data, std::size_t size));

namespace sluice::engine {

namespace {

Execute execute = nullptr;

int on_input(const std::uint8_t* data, std::size_t size) {
  execute({data, size});
  return 0;
}

}  // namespace

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

}  // namespace sluice::engine
