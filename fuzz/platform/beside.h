// What a fuzz target finds beside itself: the documents of its driver, and what they name.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "fuzz/engine/host.h"
#include "fuzz/mutate/format.h"

namespace sluice::platform {

struct Beside {
  std::unique_ptr<mutate::Format> format;  // of content for the build that supplies most, whichever is fuzzed
  engine::HostFiles files;                 // of an image; of a replica in this program only what it is supplied with
};

// `document` is the driver document, relative to the folder of this program, whatever the working directory. What is
// wrong is returned as one line.
[[nodiscard]] std::optional<Beside> load_beside(const std::string& document, const std::string& build,
                                                std::string& why);

}  // namespace sluice::platform
