// Whatever the schema and whatever the bytes, the walk reads nothing outside of the content, ends within its limits,
// and what it finds lies inside. Two bytes of the input choose the schema; the rest is the content.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "fuzz/harness/small_schemas.h"
#include "validator/program/walk.h"

using namespace sluice;

static void require(bool condition) {
  if (!condition) std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const program::Program* program = harness::small_schema(data[0], data[1]);
  if (!program) return 0;
  // A copy of its own, so that the sanitizer guards both ends of it.
  std::size_t length = size - 2;
  std::unique_ptr<std::uint8_t[]> content(new std::uint8_t[length]);
  std::copy(data + 2, data + size, content.get());
  program::Limits limits{.depth = 24,
                         .elements = 400,
                         .steps = 4000,
                         .empty_elements = 16,
                         .process_bytes = 4096,
                         .memory = 1u << 20,
                         .findings = 16};
  Findings findings(16);
  program::check(*program, {content.get(), length}, limits, "", findings);
  for (const Finding& f : findings.list()) {
    if (f.bytes) require(f.bytes->begin <= f.bytes->end && f.bytes->end <= length);
  }
  return 0;
}
