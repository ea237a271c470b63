// The peer that the worker is measured against: the same target, called in a loop in one process with no care at all.
//
//   direct_loop TARGET.so CONTENT EVENTS ROUNDS     prints the seconds of the best round: load, all events, unload
//
// EVENTS is what docs/worker-protocol.md calls events in a blob. The files are the benchmark's own and are believed.
#include <dlfcn.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz/target/target.h"

extern "C" void sluice_reached(uint32_t, uint32_t) {}
extern "C" const void* sluice_guard_array(const char*, uint32_t, const void* array, size_t) { return array; }

namespace {

using Bytes = std::vector<char>;

Bytes read(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Cursor {
 public:
  explicit Cursor(const Bytes& bytes) : at_(bytes.data()) {}
  uint32_t number() {
    uint32_t out = 0;
    std::memcpy(&out, take(4), 4);
    return out;
  }
  const char* take(std::size_t size) {
    const char* here = at_;
    at_ += size;
    return here;
  }

 private:
  const char* at_;
};

struct Events {
  std::vector<std::vector<sluice_input>> inputs;
  std::vector<sluice_event> events;
};

// The data of the inputs aliases `bytes`.
Events decode(const Bytes& bytes) {
  Cursor cursor(bytes);
  cursor.take(8);
  std::vector<sluice_input> values(cursor.number());
  Events out;
  out.inputs.resize(cursor.number());
  for (sluice_input& value : values) {
    value.kind = cursor.number();
    value.size = cursor.number();
    value.data = cursor.take((value.size + 7) / 8 * 8);
  }
  for (auto& inputs : out.inputs) {
    const uint32_t type = cursor.number();
    inputs.resize(cursor.number());
    for (sluice_input& input : inputs) {
      const uint32_t index = cursor.number();
      input = index == 0xFFFFFFFF ? sluice_input{} : values[index];
    }
    out.events.push_back({type, static_cast<uint32_t>(inputs.size()), inputs.data()});
  }
  return out;
}

double round_of(const struct sluice_target& target, const Bytes& content, const Events& events) {
  const auto start = std::chrono::steady_clock::now();
  if (target.load(content.data(), content.size()).status != SLUICE_ACCEPTED) std::exit(2);
  for (const sluice_event& event : events.events) {
    if (target.evaluate(&event).status != SLUICE_ACCEPTED) std::exit(2);
  }
  target.unload();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  void* library = dlopen(argv[1], RTLD_NOW);
  const auto entry = library == nullptr
                         ? nullptr
                         : reinterpret_cast<const struct sluice_target* (*)()>(dlsym(library, "sluice_target"));
  if (entry == nullptr) {
    std::fprintf(stderr, "direct_loop: %s\n", dlerror());
    return 2;
  }
  const Bytes content = read(argv[2]);
  const Bytes blob = read(argv[3]);
  const Events events = decode(blob);
  double best = 1e9;
  for (int k = std::atoi(argv[4]); k > 0; --k) best = std::min(best, round_of(*entry(), content, events));
  std::printf("%.9f\n", best);
  return 0;
}
