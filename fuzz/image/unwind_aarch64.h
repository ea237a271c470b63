// Who called, in AArch64 code of a PE image: by its unwind tables, as unwind() does it for x86-64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/image/decode_aarch64.h"
#include "fuzz/image/image_file.h"
#include "fuzz/image/unwind.h"

namespace sluice::image {

// Where the code is, then where each function returns to, innermost first. What is said of unwind() holds, too. Where
// the code lies outside of the image, it was called from there: the link register tells by whom.
std::size_t unwind_aarch64(const ImageFile& image, std::uintptr_t image_address, const Aarch64Registers& registers,
                           std::span<std::uintptr_t> pcs, ReadWord read);

}  // namespace sluice::image
