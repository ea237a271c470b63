// Who called: the frames of x86-64 code in a PE image, by its unwind tables (.pdata, .xdata).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/image/decode.h"
#include "fuzz/image/image_file.h"

namespace sluice::image {

// Reads the stack, which may be damaged. False where `address` cannot be read.
using ReadWord = bool (*)(std::uintptr_t address, std::uint64_t& word);

// Where the code is, then where each function returns to, innermost first. Ends with the first that lies outside of
// the image, when the stack cannot be read further, or when `pcs` are full; returns how many there are. Inside of
// prologs and epilogs too; a function without a record is a leaf, and so is what was called where nothing can be read.
//
// For signal handlers: does not allocate and takes no more steps than the tables are long. Tables and code are read
// from `image`, whose file must still be there, and not from memory, where breakpoints may lie. Of an image for another
// machine than x86-64, or without tables, only the first is told.
std::size_t unwind(const ImageFile& image, std::uintptr_t image_address, const Registers& registers,
                   std::span<std::uintptr_t> pcs, ReadWord read);

}  // namespace sluice::image
