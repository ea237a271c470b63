// Takes away bytes, and makes others zeros, whatever they mean.
#include <algorithm>

#include "fuzz/shrink/content_shrinker.h"

namespace sluice::shrink {

// Makes the edit on pieces from the end to the begin, then on pieces half as long.
bool ContentShrinker::edit_pieces(const ByteEdit& edit) {
  bool has_gone = false;
  bool has_gone_before = true;
  for (std::size_t piece = tree_.bytes().size(); piece > 0 && !asker_.is_over(); piece /= 2) {
    if (is_too_fine(tree_.bytes().size(), piece, has_gone_before)) break;
    has_gone_before = false;
    for (std::size_t end = tree_.bytes().size(); end > 0 && !asker_.is_over();) {
      const std::size_t begin = end > piece ? end - piece : 0;
      std::vector<std::uint8_t> bytes(tree_.bytes().begin(), tree_.bytes().end());
      edit(bytes, begin, end);
      end = begin;
      if (!take(bytes)) continue;
      has_gone = has_gone_before = true;
      end = std::min(end, tree_.bytes().size());
    }
  }
  return has_gone;
}

bool ContentShrinker::erase_bytes() {
  return edit_pieces([](std::vector<std::uint8_t>& bytes, std::size_t begin, std::size_t end) {
    bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(begin), bytes.begin() + static_cast<std::ptrdiff_t>(end));
  });
}

bool ContentShrinker::zero_bytes() {
  return edit_pieces([](std::vector<std::uint8_t>& bytes, std::size_t begin, std::size_t end) {
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(begin), bytes.begin() + static_cast<std::ptrdiff_t>(end),
              std::uint8_t{0});
  });
}

}  // namespace sluice::shrink
