// What code compares with, as a dictionary for a fuzzer: numbers as content has them, the low byte first.
#include <fmt/format.h>

#include "fuzz/image/audit.h"

namespace sluice::image {

std::string audit_as_dictionary(const Audit& audit) {
  std::string out = "# Numbers that the image's code compares with, the low byte first. Written by sluice audit.\n";
  for (const Constant& constant : audit.dictionary) {
    out += fmt::format("u{}_{:x}=\"", constant.size * 8, constant.value);
    for (unsigned i = 0; i < constant.size; ++i) out += fmt::format("\\x{:02x}", constant.value >> (8 * i) & 0xFF);
    out += "\"\n";
  }
  return out;
}

}  // namespace sluice::image
