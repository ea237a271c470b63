#include "fuzz/image/snapshot.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "fuzz/image/image_file.h"

namespace sluice::image {

void Snapshot::Free::operator()(std::uint8_t* pages) const { std::free(pages); }

Snapshot::Snapshot(std::vector<std::span<std::uint8_t>> areas) : areas_(std::move(areas)) {
  for (const auto& area : areas_) size_ += area.size();
  copies_.reset(static_cast<std::uint8_t*>(std::aligned_alloc(kPage, size_ + kPage)));
  if (copies_ == nullptr) throw std::bad_alloc();
  std::uint8_t* to = copies_.get();
  for (const auto& area : areas_) {
    std::memcpy(to, area.data(), area.size());
    to += area.size();
  }
}

// Comparing costs 0.1 us for a page that did not change: 1.7 us for 64 KiB, 32 us for 1 MiB (./dev bench image). Pages
// that fault when they are first written to would cost a signal each, which is 5 us, and be faults of stand-ins, too.
std::size_t Snapshot::restore() const {
  std::size_t count = 0;
  const std::uint8_t* from = copies_.get();
  for (const auto& area : areas_) {
    for (std::size_t at = 0; at < area.size(); at += kPage, from += kPage) {
      if (std::memcmp(area.data() + at, from, kPage) == 0) continue;
      std::memcpy(area.data() + at, from, kPage);
      ++count;
    }
  }
  return count;
}

}  // namespace sluice::image
