#include "fuzz/engine/gate.h"

#include <algorithm>

#include "fuzz/engine/input.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

bool passes_gate(const mutate::Format& format, std::span<const std::uint8_t> input) {
  const auto container = bytes::read_fuzz_input(input);
  if (!container) return format.accepts(input);
  const bool has_second = std::ranges::any_of(read_operations(container->operations),
                                              [](const Operation& o) { return o.act == Act::load_second; });
  return format.accepts(container->content) && (!has_second || format.accepts(container->second));
}

}  // namespace sluice::engine
