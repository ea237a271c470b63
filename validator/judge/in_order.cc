#include "validator/judge/in_order.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace sluice::judge {

namespace {

using report::FileResult;

// Results that may wait to be taken, in chunks: threads talk to each other once a chunk, not once a file.
constexpr std::size_t kChunks = 64;
constexpr std::size_t kLargestChunk = 32;

class Pipeline {
 public:
  Pipeline(std::size_t count, std::size_t threads)
      : count_(count), chunk_size_(std::clamp<std::size_t>(count / (threads * 8), 1, kLargestChunk)) {}

  void work(const std::function<void(std::size_t, FileResult&)>& worker) {
    for (std::size_t chunk = next_++; begin_of(chunk) < count_; chunk = next_++) {
      // A slot is free when its chunk of the round before was taken.
      for (std::size_t taken = taken_; chunk - taken >= kChunks && chunk > taken; taken = taken_) taken_.wait(taken);
      Slot& slot = slots_[chunk % kChunks];
      const std::size_t size = size_of(chunk);
      if (slot.results.size() < size) slot.results.resize(size);
      for (std::size_t i = 0; i < size; ++i) worker(begin_of(chunk) + i, slot.results[i]);
      slot.done.store(chunk + 1, std::memory_order_release);
      slot.done.notify_one();
    }
  }

  void take_all(const std::function<void(const FileResult&)>& take) {
    for (std::size_t chunk = 0; begin_of(chunk) < count_; ++chunk) {
      Slot& slot = slots_[chunk % kChunks];
      for (std::size_t done = slot.done; done != chunk + 1; done = slot.done) slot.done.wait(done);
      for (std::size_t i = 0; i < size_of(chunk); ++i) take(slot.results[i]);
      taken_ = chunk + 1;
      taken_.notify_all();
    }
  }

 private:
  struct Slot {
    std::vector<FileResult> results;
    std::atomic<std::size_t> done = 0;  // the chunk that lies here, plus one
  };

  std::size_t begin_of(std::size_t chunk) const { return chunk * chunk_size_; }
  std::size_t size_of(std::size_t chunk) const { return std::min(chunk_size_, count_ - begin_of(chunk)); }

  const std::size_t count_;
  const std::size_t chunk_size_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> taken_ = 0;
  std::vector<Slot> slots_ = std::vector<Slot>(kChunks);
};

}  // namespace

void in_order(std::size_t count, std::size_t threads,
              const std::function<std::function<void(std::size_t, FileResult&)>()>& make_worker,
              const std::function<void(const FileResult&)>& take) {
  threads = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(count, 1));
  if (threads == 1) {
    const auto worker = make_worker();
    FileResult result;
    for (std::size_t i = 0; i < count; ++i) {
      worker(i, result);
      take(result);
    }
    return;
  }
  Pipeline pipeline(count, threads);
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < threads; ++i) {
    workers.emplace_back([&pipeline, &make_worker] { pipeline.work(make_worker()); });
  }
  pipeline.take_all(take);
}

}  // namespace sluice::judge
