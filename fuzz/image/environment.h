// What a driver finds behind %gs, where a kernel keeps what each processor has of its own.
//
// There is one processor. Its area is 64 KiB, zeroed, and may be read and written:
//   Linux    0x28 the stack canary; from 0x1000 the kernel's per-CPU variables that modules import (per_cpu_import());
//            from 0x8000 `current`, a task of zeros.
//   Windows  KPCR and, since DLLs that Wine builds read it, a TEB, which lie on each other: 0x18 KPCR.Self, 0x20 the
//            KPRCB, 0x30 NT_TIB.Self, 0x60 a PEB with nothing but a process heap that is not null, 0x188 the current
//            thread, a KTHREAD of zeros.
//
// A module addresses its per-CPU variables in two ways that must lead to one place: %gs:variable, and the variable's
// address plus this_cpu_off. A kernel gives them addresses from 0 up, and this_cpu_off is what %gs begins at. So it is
// here, for the variables that are imported. A module's own (.data..percpu) have an address in the image; %gs with it
// leads into a range behind the area, where place_per_cpu() puts a copy. The rest of that range is without access: %gs
// with any other address of the image or of an import is a fault, and no stray read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "fuzz/image/arena.h"
#include "fuzz/image/mapped.h"

namespace sluice::image {

class Environment {
 public:
  // What %gs begins at: the same in every process, like the arena, and behind it.
  static constexpr std::uintptr_t kAddress = 0x30000000;
  static constexpr std::size_t kArea = 64u << 10;
  // All that %gs and an address of the arena lead to.
  static constexpr std::size_t kRange = Arena::kAddress + Arena::kSize;
  static constexpr bool is_inside(std::uintptr_t address) { return address - kAddress < kRange; }

  // Makes the area and points %gs to it, of this thread and of the processes that it forks: the sandbox would not let
  // it. False with errno set.
  [[nodiscard]] static bool reserve();

  // Fills the area with what drivers of `format` find. Once in a process, after reserve().
  void enter(Format format);

  // The address that a Linux module's import of a per-CPU variable is bound to: a small number.
  static std::optional<std::uintptr_t> per_cpu_import(std::string_view name);
  // Copies the module's own per-CPU variables, fixups done, to where %gs finds them. What cannot be done is returned.
  Parsed<void> place_per_cpu(const Mapped& mapped);

  // What drivers may write to, after the above: whole pages.
  [[nodiscard]] std::span<const std::span<std::uint8_t>> writable() const { return writable_; }

 private:
  std::vector<std::span<std::uint8_t>> writable_;
};

}  // namespace sluice::image
