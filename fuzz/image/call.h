// Calls into an image, by the convention that it was compiled for.
#pragma once

#include <array>
#include <cstdint>

#include "fuzz/image/image_file.h"

namespace sluice::image {

inline constexpr std::size_t kMaxArguments = 12;
using Arguments = std::array<std::uint64_t, kMaxArguments>;

// On the stack of the caller. Arguments that the function does not have do no harm.
std::uint64_t call(Format format, const void* function, const Arguments& arguments);

}  // namespace sluice::image

// Entered by the convention of Windows, with the address of a function of ours in r11: calls it by the convention of
// Linux, with twelve arguments.
extern "C" void sluice_from_windows();
