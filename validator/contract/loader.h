// What the files that read a driver document share.
#pragma once

#include <fmt/format.h>

#include <string>

#include "validator/contract/driver.h"
#include "validator/document/loader.h"

namespace sluice::contract {

using document::Loader;

// `path` is that of the build in the document, `/builds/0`.
[[nodiscard]] Build load_build(Loader& loader, const document::Node& node, const std::string& path);

}  // namespace sluice::contract
