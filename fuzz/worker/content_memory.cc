#include "fuzz/worker/content_memory.h"

#include <sys/mman.h>

#include <cstring>

#include "fuzz/worker/shared.h"

namespace sluice::worker {

namespace {

// UndefinedBehaviorSanitizer minds an odd address; where it looks, AddressSanitizer minds the bytes up to the guard.
constexpr std::size_t kAlignment = kSanitized ? 16 : 1;
// What is told of reads in front of the content.
constexpr std::size_t kBefore = 4096;

}  // namespace

bool ContentMemory::map() { return area_.map(kMaxFrame + kBefore); }

const void* ContentMemory::place(std::span<const std::uint8_t> content, Edge edge, bool is_sealed) {
  if (is_protected_) protect(PROT_READ | PROT_WRITE);
  is_protected_ = is_sealed;
  is_retired_ = false;
  area_.release_after(size_);
  if (begin_ != nullptr) permit(begin_ - kBefore, static_cast<std::size_t>(area_.end() - begin_) + kBefore);
  size_ = content.size();
  begin_ = edge == Edge::begin ? area_.begin() : area_.end() - (size_ + kAlignment - 1) / kAlignment * kAlignment;
  forbid(begin_ - kBefore, kBefore);
  forbid(begin_ + size_, static_cast<std::size_t>(area_.end() - begin_) - size_);
  std::memcpy(begin_, content.data(), size_);
  if (is_sealed) protect(PROT_READ);
  return begin_;
}

void ContentMemory::retire() {
  forbid(begin_, size_);
  protect(PROT_NONE);
  is_retired_ = is_protected_ = true;
}

void ContentMemory::discard(std::uint8_t poison) {
  if (is_protected_) return retire();
  std::memset(begin_, poison, size_);
  is_retired_ = true;
}

void ContentMemory::protect(int protection) const {
  constexpr std::uintptr_t kPage = 4096;
  std::uint8_t* page = begin_ - reinterpret_cast<std::uintptr_t>(begin_) % kPage;
  ::mprotect(page, static_cast<std::size_t>(area_.end() - page), protection);
}

bool ContentMemory::find(std::uintptr_t address, Object& object) const {
  if (!area_.is_near(address) || begin_ == nullptr) return false;
  object = {
      .what = "content", .begin = reinterpret_cast<std::uintptr_t>(begin_), .bytes = size_, .is_gone = is_retired_};
  return true;
}

}  // namespace sluice::worker
