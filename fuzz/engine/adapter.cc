#include "fuzz/engine/adapter.h"

#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

#include "fuzz/engine/counters.h"
#include "fuzz/target/image.h"

namespace sluice::engine {

namespace {

Memory* memory = nullptr;
image::Session* session = nullptr;
std::span<const std::uint8_t> stack;
void (*mistaken)(const char* why) = nullptr;
bool is_counting = false;
std::vector<run::Reached>* recorded = nullptr;
constexpr std::size_t kMaxRecorded = 4096;

std::string quoted(const char* name) { return "`" + std::string(name, ::strnlen(name, 128)) + "`"; }

}  // namespace

void serve_adapter(Memory& m, image::Session* s, std::span<const std::uint8_t> on) {
  memory = &m;
  session = s;
  stack = on;
}

void count_reached(bool counts) { is_counting = counts; }
void record_reached(std::vector<run::Reached>* reached) {
  recorded = reached;
  // It is written to from a signal handler, which must not allocate.
  if (recorded != nullptr) recorded->reserve(kMaxRecorded);
}

void on_adapter_mistake(void (*end)(const char* why)) { mistaken = end; }

void adapter_mistake(const std::string& why) {
  if (mistaken != nullptr) mistaken(why.c_str());
  std::abort();
}

}  // namespace sluice::engine

using namespace sluice::engine;

#define SLUICE_OFFERED extern "C" __attribute__((visibility("default")))

SLUICE_OFFERED void sluice_reached(uint32_t instance, uint32_t criterion) {
  if (recorded != nullptr && recorded->size() < kMaxRecorded) {
    recorded->push_back({.event = 0, .instance = instance, .criterion = criterion});
  }
  if (is_counting) depth_counters()[std::min<std::size_t>(criterion, kDepths - 1)] = 1;
}

SLUICE_OFFERED const void* sluice_guard_array(const char* name, uint32_t type, const void* array, size_t element_size) {
  return memory->arrays.place(stack, name, type, array, element_size);
}

SLUICE_OFFERED void* sluice_image_find(const char* name) {
  std::string why;
  if (session == nullptr) adapter_mistake("asks for an image: `image` is missing in the driver document");
  return const_cast<void*>(session->symbol(name, why));
}

SLUICE_OFFERED void* sluice_image_symbol(const char* name) {
  std::string why = "is asked for without an image: `image` is missing in the driver document";
  const void* found = session != nullptr ? session->symbol(name, why) : nullptr;
  if (found == nullptr) adapter_mistake("asks for " + quoted(name) + ", which " + why);
  return const_cast<void*>(found);
}

SLUICE_OFFERED uint64_t sluice_image_call(void* function, unsigned count, ...) {
  if (session == nullptr) adapter_mistake("calls an image without one");
  if (count > sluice::image::kMaxArguments) adapter_mistake("calls a function with more than 12 arguments");
  sluice::image::Arguments arguments{};
  va_list list;
  va_start(list, count);
  for (unsigned i = 0; i < count; ++i) arguments[i] = va_arg(list, uint64_t);
  va_end(list);
  return session->call(function, arguments);
}

SLUICE_OFFERED void sluice_image_on_call(void* function, void (*callback)(uint64_t*)) {
  if (session == nullptr) adapter_mistake("hooks a function of an image without one");
  if (const auto set = session->on_call(function, callback); !set) {
    adapter_mistake("hooks a function that " + set.error());
  }
}
