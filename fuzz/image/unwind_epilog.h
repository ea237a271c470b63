// Part of unwind.cc: is an instruction in an epilog?
#pragma once

#include <cstdint>

#include "fuzz/image/image_file.h"

namespace sluice::image {

// What is left of an epilog: the frame is left at once, the registers are popped, and the function returns.
struct Epilog {
  std::uint32_t num_pops = 0;
  std::uint8_t pops[16] = {};         // registers, in their order
  bool takes_frame_register = false;  // rsp = frame register + `adjustment`, and not rsp + `adjustment`
  std::int32_t adjustment = 0;
  std::int64_t jump_target = 0;  // an offset; 0: it returns, or where it jumps to is not written in the code
};

// An epilog has one form, by which Windows knows it: `add rsp` or `lea rsp`, pops, then a return or a jump. False where
// the code at `offset` is nothing of it. Whether a jump leaves the function is for the caller to say. `frame_register`
// 0: none.
bool find_epilog(const ImageFile& image, std::uint32_t offset, std::uint8_t frame_register, Epilog& epilog);

}  // namespace sluice::image
