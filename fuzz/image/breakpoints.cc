#include "fuzz/image/breakpoints.h"

#include <sys/mman.h>

#include <algorithm>

#include "fuzz/image/displaced.h"

namespace sluice::image {

namespace {

constexpr std::uint8_t kTrap = 0xCC;
constexpr std::size_t kCopySize = 32;
static_assert(Displaced::kMostOfOne + Displaced::kJump <= kCopySize);

}  // namespace

Parsed<void> Breakpoints::set(std::uint32_t offset) {
  const auto at = std::ranges::lower_bound(breakpoints_, offset, {}, &Breakpoint::offset);
  if (at != breakpoints_.end() && at->offset == offset) return {};
  const Section* section = section_at(mapped_->file(), offset);
  if (section == nullptr || !section->is_executable) return std::unexpected("is no code");
  if (copies_ == nullptr) copies_ = arena_->take(kPage);
  if (copies_ == nullptr || num_copies_ == kPage / kCopySize) return std::unexpected("is one breakpoint too many");

  const std::size_t room = std::min<std::size_t>(Displaced::kMostOfOne, section->size - (offset - section->offset));
  std::uint8_t* to = copies_ + num_copies_ * kCopySize;
  Displaced copy(mapped_->address() + offset, reinterpret_cast<std::uintptr_t>(to));
  if (auto added = copy.add({mapped_->begin() + offset, room}); !added) return added;
  if (auto added = copy.jump_back(); !added) return added;
  ::mprotect(copies_, kPage, PROT_READ | PROT_WRITE);
  std::ranges::copy(copy.bytes(), to);
  ::mprotect(copies_, kPage, PROT_READ | PROT_EXEC);
  ++num_copies_;
  breakpoints_.insert(at, {.offset = offset, .continue_at = reinterpret_cast<std::uintptr_t>(to)});
  const std::uint8_t trap[] = {kTrap};
  mapped_->patch(offset, trap);
  return {};
}

const Breakpoint* Breakpoints::before(std::uintptr_t pc) const {
  if (!mapped_->is_inside(pc - 1)) return nullptr;
  const std::uint32_t offset = mapped_->offset_of(pc - 1);
  const auto at = std::ranges::lower_bound(breakpoints_, offset, {}, &Breakpoint::offset);
  return at != breakpoints_.end() && at->offset == offset ? &*at : nullptr;
}

}  // namespace sluice::image
