// Memory as it was, to come back to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sluice::image {

class Snapshot {
 public:
  // Copies. `areas` are whole pages, which must outlive this and stay writable.
  explicit Snapshot(std::vector<std::span<std::uint8_t>> areas);

  // Copies back the pages that differ, and returns how many there were.
  std::size_t restore() const;  // NOLINT(modernize-use-nodiscard): mostly of no interest

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(std::uint8_t* pages) const;
  };

  std::vector<std::span<std::uint8_t>> areas_;
  std::size_t size_ = 0;
  std::unique_ptr<std::uint8_t, Free> copies_;  // of all areas, one behind the other
};

}  // namespace sluice::image
