// What adapters and replicas call: target.h's two functions and those of image.h, of the one host that there is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/host.h"
#include "fuzz/image/session.h"
#include "validator/run/answer.h"

namespace sluice::engine {

// Before the target's first function runs. `stack` is what the driver runs on.
void serve_adapter(Memory& memory, image::Session* session, std::span<const std::uint8_t> stack);

// Where sluice_reached() says how deep a driver came: features for the engine. `is_counting`: it does now.
void count_reached(bool is_counting);

// Where sluice_reached() writes what it is told; null: nowhere. At most 4096 rows.
void record_reached(std::vector<run::Reached>* reached);

// Ends the child with a sentence for the supervisor: the adapter cannot be used.
[[noreturn]] void adapter_mistake(const std::string& why);
// What adapter_mistake() does with it.
void on_adapter_mistake(void (*end)(const char* why));

}  // namespace sluice::engine
