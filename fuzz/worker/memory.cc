#include "fuzz/worker/memory.h"

namespace sluice::worker {

namespace {

constexpr std::size_t kSignalStack = 256u << 10;

}  // namespace

Memory memory;

bool Memory::map(std::size_t stack_size) {
  return content.map() && events.map() && arrays.map() && stack.map(stack_size) && signal_stack.map(kSignalStack);
}

void Memory::arm() {
  content.arm();
  events.arm();
  arrays.arm();
}

bool Memory::find(std::uintptr_t address, Object& object) const {
  return content.find(address, object) || arrays.find(address, object) || events.find(address, object);
}

}  // namespace sluice::worker
