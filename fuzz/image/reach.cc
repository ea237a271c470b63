#include "fuzz/image/reach.h"

#include <algorithm>

#include "fuzz/image/layout.h"

namespace sluice::image {

Reach::Reach(const ImageFile& image) : bytes_(lay_out(image)), whole_(image, bytes_), reached_(image, bytes_) {
  whole_.enter_functions();
  reached_.end_at_functions();
  blocks_ = whole_.blocks();
}

bool Reach::enter(std::uint32_t offset) {
  // What is no block of the image begins none of another walk either.
  if (!whole_.is_leader(offset)) return false;
  reached_.enter(offset);
  return true;
}

std::size_t Reach::num_reachable() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(blocks_, [this](const Block& block) { return is_reachable(block); }));
}

}  // namespace sluice::image
