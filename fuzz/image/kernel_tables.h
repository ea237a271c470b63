// The tables in which a Linux module says where it stops itself and where it recovers, as they are in memory: a module
// may write to one of them. All of this may be called from a signal handler.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "fuzz/image/mapped.h"

namespace sluice::image {

// BUG() and WARN(), which both compile to ud2.
struct Bug {
  bool is_warning;             // the kernel prints it and goes on behind the instruction, which is 2 bytes long
  std::uint16_t line;          // 0: not known
  std::array<char, 128> file;  // "net/wireless/reg.c", its end where it is longer; empty: not known
};

// What __bug_table says of the instruction at `offset`; nothing where it says nothing. The entries are those of Linux
// 5.19 and later with CONFIG_DEBUG_BUGVERBOSE, as distributions build it; file names of older modules are cut.
std::optional<Bug> bug_at(const Mapped& mapped, std::uint32_t offset);

// Where the kernel goes on when the instruction at `offset` faults, by __ex_table; nothing where it does not, and where
// it would also have to set registers. The entries are those of Linux 5.17 and later.
std::optional<std::uint32_t> fixup_for(const Mapped& mapped, std::uint32_t offset);

}  // namespace sluice::image
