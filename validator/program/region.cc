#include "validator/program/region.h"

#include <algorithm>
#include <utility>

namespace sluice::program {

bool ChunkPool::get(std::size_t size, Chunk& out) {
  const std::size_t wanted = std::max(size, kChunk);
  if (wanted > limit_ - std::min(limit_, used_)) return false;
  if (wanted == kChunk && !free_.empty()) {
    out = std::move(free_.back());
    free_.pop_back();
  } else {
    out = {std::make_unique_for_overwrite<std::byte[]>(wanted), wanted};
  }
  used_ += wanted;
  peak_ = std::max(peak_, used_);
  return true;
}

void ChunkPool::put(Chunk chunk) {
  used_ -= chunk.size;
  if (chunk.size == kChunk) free_.push_back(std::move(chunk));
}

void* Region::allocate_slowly(std::size_t size) {
  ChunkPool::Chunk chunk;
  if (!pool_->get(size, chunk)) return nullptr;
  next_ = chunk.memory.get() + size;
  left_ = chunk.size - size;
  void* result = chunk.memory.get();
  chunks_.push_back(std::move(chunk));
  return result;
}

void Region::drop_chunk() {
  pool_->put(std::move(chunks_.back()));
  chunks_.pop_back();
}

}  // namespace sluice::program
