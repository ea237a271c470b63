// What fuzz/kernel_api offers to images: a table that the build makes of kernel_api.symbols.
#pragma once

#include <string_view>

namespace sluice::image {

bool is_provided(std::string_view name);

}  // namespace sluice::image
