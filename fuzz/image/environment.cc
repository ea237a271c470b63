#include "fuzz/image/environment.h"

#include <asm/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace sluice::image {

namespace {

static_assert(Environment::kAddress >= Arena::kAddress + Arena::kSize);

std::uint8_t* area() { return reinterpret_cast<std::uint8_t*>(Environment::kAddress); }

template <typename Word>
void put(std::uint32_t offset, Word word) {
  std::memcpy(area() + offset, &word, sizeof word);
}
void put_address(std::uint32_t offset, std::uint32_t of) { put(offset, std::uint64_t{Environment::kAddress + of}); }

// --- Linux
// -------------------------------------------------------------------------------------------------------------

// As the kernel makes them: without a byte of it that a text could hold, at its begin.
constexpr std::uint64_t kCanary = 0x9D3C5B7A41E68200;
// May be preempted, need not be: a flag that is inverted, so that both are one comparison.
constexpr std::uint32_t kPreemptible = 0x80000000;
constexpr std::uint32_t kTask = 0x8000;

struct PerCpu {
  std::string_view name;
  std::uint32_t offset;
};
constexpr std::uint32_t kThisCpuOffset = 0x1000;
constexpr std::uint32_t kPreemptCount = 0x1008;
constexpr std::uint32_t kCurrentTask = 0x1018;
constexpr std::uint32_t kHot = 0x1040;  // of Linux 6.2 to 6.14: the task, the preempt count, the processor's number
constexpr std::array kPerCpu = {
    PerCpu{"this_cpu_off", kThisCpuOffset}, PerCpu{"__preempt_count", kPreemptCount},
    PerCpu{"cpu_number", 0x100C},           PerCpu{"numa_node", 0x1010},
    PerCpu{"current_task", kCurrentTask},   PerCpu{"pcpu_hot", kHot},
};

void fill_for_linux() {
  put(0x28, kCanary);
  put_address(kThisCpuOffset, 0);
  put(kPreemptCount, kPreemptible);
  put_address(kCurrentTask, kTask);
  put_address(kHot, kTask);
  put(kHot + 8, kPreemptible);
}

// --- Windows
// -----------------------------------------------------------------------------------------------------------

void fill_for_windows() {
  constexpr std::uint32_t kProcessor = 0x180;
  constexpr std::uint32_t kProcess = 0x4000;
  constexpr std::uint32_t kHeap = 0x5000;
  constexpr std::uint32_t kThread = 0x8000;
  put_address(0x18, 0);
  put_address(0x20, kProcessor);
  put_address(0x30, 0);
  put_address(0x60, kProcess);
  put_address(kProcess + 0x30, kHeap);
  put_address(kProcessor + 8, kThread);
}

}  // namespace

bool Environment::reserve() {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  if (::mmap(area(), kRange, PROT_NONE, kFlags, -1, 0) != area()) return false;
  return ::mprotect(area(), kArea, PROT_READ | PROT_WRITE) == 0 && ::syscall(SYS_arch_prctl, ARCH_SET_GS, area()) == 0;
}

void Environment::enter(Format format) {
  std::memset(area(), 0, kArea);
  format == Format::elf ? fill_for_linux() : fill_for_windows();
  writable_.assign({{area(), kArea}});
}

std::optional<std::uintptr_t> Environment::per_cpu_import(std::string_view name) {
  for (const PerCpu& variable : kPerCpu) {
    if (variable.name == name) return variable.offset;
  }
  return std::nullopt;
}

Parsed<void> Environment::place_per_cpu(const Mapped& mapped) {
  for (const Section& section : mapped.file().sections) {
    if (!section.name.starts_with(".data..percpu")) continue;
    const std::uintptr_t from = mapped.address() + section.offset;
    if (!Arena::is_inside(from)) return std::unexpected("lies where its per-CPU variables cannot be reached");
    const std::uintptr_t to = kAddress + from;
    const std::uintptr_t first = to / kPage * kPage;
    const std::size_t size = (to + section.size + kPage - 1) / kPage * kPage - first;
    auto* pages = reinterpret_cast<std::uint8_t*>(first);
    if (::mprotect(pages, size, PROT_READ | PROT_WRITE) != 0) {
      return std::unexpected(std::string("cannot have its per-CPU variables: ") + std::strerror(errno));
    }
    std::memcpy(reinterpret_cast<std::uint8_t*>(to), mapped.begin() + section.offset, section.size);
    writable_.emplace_back(pages, size);
  }
  return {};
}

}  // namespace sluice::image
