#include "fuzz/engine/gate.h"

#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

bool passes_gate(const mutate::Format& format, std::span<const std::uint8_t> input) {
  const auto container = bytes::read_fuzz_input(input);
  if (!container) return format.accepts(input);
  return format.accepts(container->content) && (container->second.empty() || format.accepts(container->second));
}

}  // namespace sluice::engine
