// The host of a fuzz target's driver. A fault is the end of the process: whoever started it saves the input, and starts
// it again.
#pragma once

#include <memory>

#include "fuzz/engine/host.h"

namespace sluice::platform {

// A target of this room is linked with one of two: of an image, or of the replica that is part of the program.
// `files` and `memory` must stay.
[[nodiscard]] image::Parsed<std::unique_ptr<engine::Host>> open_host(const engine::HostFiles& files,
                                                                     engine::Memory& memory);

}  // namespace sluice::platform
