#include "validator/bytes/guarded_mapping.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <mutex>

namespace sluice::bytes {
namespace {

// One mapping as the handler sees it. `version` is odd while the owner writes; a handler in another thread that reads
// a slot while it changes must not take the begin of one mapping with the size of the next.
struct Slot {
  std::atomic<bool> taken{false};
  std::atomic<std::uint32_t> version{0};
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::size_t> size{0};
  std::atomic<bool> struck{false};
};
static_assert(std::atomic<std::uintptr_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

constexpr std::size_t kSlots = 256;
std::array<Slot, kSlots> slots;
struct sigaction previous_action;
std::uintptr_t page_size = 4096;

void publish(Slot& slot, std::uintptr_t begin, std::size_t size) {
  slot.version.fetch_add(1);
  slot.begin = begin;
  slot.size = size;
  slot.version.fetch_add(1);
}

// Puts zero pages over what `slot` maps from the page of `address` on. False if the address is not in it.
bool replace_missing_pages(Slot& slot, std::uintptr_t address) {
  const std::uint32_t version = slot.version;
  const std::uintptr_t begin = slot.begin;
  const std::size_t size = slot.size;
  if (version % 2 != 0 || version != slot.version) return false;
  if (address < begin || address - begin >= size) return false;
  const std::uintptr_t page = address & ~(page_size - 1);
  slot.struck = true;
  return ::mmap(reinterpret_cast<void*>(page), size - (page - begin), PROT_READ,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

void pass_on(int signal, siginfo_t* info, void* context) {
  if ((previous_action.sa_flags & SA_SIGINFO) != 0) {
    previous_action.sa_sigaction(signal, info, context);
  } else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN) {
    previous_action.sa_handler(signal);
  } else {
    // A fault cannot be ignored: with the default in place it ends the process when it comes again.
    ::signal(signal, SIG_DFL);
    ::raise(signal);
  }
}

void on_bus_error(int signal, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  bool is_ours = false;
  if (info->si_code == BUS_ADRERR) {
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    for (Slot& slot : slots) is_ours = is_ours || replace_missing_pages(slot, address);
  }
  if (!is_ours) pass_on(signal, info, context);
  errno = saved_errno;
}

void install_handler() {
  page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  struct sigaction action{};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  if (::sigaction(SIGBUS, &action, &previous_action) != 0) std::abort();
}

std::size_t take_slot() {
  std::size_t i = 0;
  while (i < kSlots && slots[i].taken.exchange(true)) ++i;
  return i;
}

}  // namespace

bool GuardedMapping::map(int fd, std::size_t size) {
  static std::once_flag installed;
  std::call_once(installed, install_handler);

  const std::size_t slot = take_slot();
  if (slot == kSlots) {
    errno = ENOMEM;
    return false;
  }
  void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (at == MAP_FAILED) {
    slots[slot].taken = false;
    return false;
  }
  ::madvise(at, size, MADV_SEQUENTIAL);
  slots[slot].struck = false;
  publish(slots[slot], reinterpret_cast<std::uintptr_t>(at), size);
  begin_ = static_cast<const std::uint8_t*>(at);
  size_ = size;
  slot_ = slot;
  return true;
}

void GuardedMapping::unmap() {
  if (!is_mapped()) return;
  publish(slots[slot_], 0, 0);
  ::munmap(const_cast<std::uint8_t*>(begin_), size_);
  slots[slot_].taken = false;
  begin_ = nullptr;
  size_ = 0;
  slot_ = kNoSlot;
}

bool GuardedMapping::is_struck() const { return is_mapped() && slots[slot_].struck; }

}  // namespace sluice::bytes
