// Memory with the lifetime of one object of the walk: allocation moves a pointer, release gives every chunk back at
// once. Chunks are pooled, so that a walk that keeps nothing for long allocates nothing for long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <vector>

namespace sluice::program {

class ChunkPool {
 public:
  static constexpr std::size_t kChunk = 32 * 1024;

  explicit ChunkPool(std::uint64_t limit) : limit_(limit) {}
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;

  struct Chunk {
    std::unique_ptr<std::byte[]> memory;
    std::size_t size = 0;
  };

  // False when the limit is reached; `out` is then unchanged.
  [[nodiscard]] bool get(std::size_t size, Chunk& out);
  void put(Chunk chunk);

  [[nodiscard]] std::uint64_t used() const { return used_; }
  [[nodiscard]] std::uint64_t peak() const { return peak_; }
  [[nodiscard]] std::uint64_t limit() const { return limit_; }

 private:
  std::vector<Chunk> free_;  // of kChunk bytes each
  std::uint64_t used_ = 0;
  std::uint64_t peak_ = 0;
  std::uint64_t limit_;
};

class Region {
 public:
  explicit Region(ChunkPool& pool) : pool_(&pool) {}
  ~Region() { release(); }
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;

  // Memory of `size` bytes aligned for any value here, not initialised; null when the pool's limit is reached.
  [[nodiscard]] void* allocate(std::size_t size) {
    size = (size + 15) & ~std::size_t{15};
    if (size <= left_) {
      void* result = next_;
      next_ += size;
      left_ -= size;
      return result;
    }
    return allocate_slowly(size);
  }

  template <typename T>
  [[nodiscard]] T* array(std::size_t count) {
    if (count > SIZE_MAX / 2 / sizeof(T)) return nullptr;
    return static_cast<T*>(allocate(count * sizeof(T)));
  }

  // Everything allocated since `mark` was taken becomes invalid with `reset(mark)`. Marks nest like calls.
  struct Mark {
    std::size_t chunks = 0;
    std::byte* next = nullptr;
    std::size_t left = 0;
  };
  [[nodiscard]] Mark mark() const { return {chunks_.size(), next_, left_}; }
  void reset(const Mark& mark) {
    while (chunks_.size() > mark.chunks) drop_chunk();
    next_ = mark.next;
    left_ = mark.left;
  }
  void release() { reset({}); }
  // The same, for whoever goes on allocating: the first chunk stays, if it is not larger than any other.
  void recycle() {
    const bool stays = !chunks_.empty() && chunks_.front().size == ChunkPool::kChunk;
    reset(stays ? Mark{1, chunks_.front().memory.get(), ChunkPool::kChunk} : Mark{});
  }

 private:
  void* allocate_slowly(std::size_t size);
  void drop_chunk();

  ChunkPool* pool_;
  std::vector<ChunkPool::Chunk> chunks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace sluice::program
