// Whatever the schema and whatever the bytes, the walk reads nothing outside of the content, ends within its limits,
// and what it finds lies inside. Two bytes of the input choose the schema; the rest is the content.
#include <cstddef>
#include <cstdint>

#include "fuzz/harness/judge.h"
#include "fuzz/harness/small_schemas.h"

using namespace sluice;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const program::Program* program = harness::small_schema(data[0], data[1]);
  if (program != nullptr) harness::judge_inside(*program, {data + 2, size - 2}, 4000);
  return 0;
}
