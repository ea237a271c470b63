// Inputs of a corpus that are run one after the other.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/shared.h"

namespace sluice::engine {

class Batch {
 public:
  struct Input {
    std::string name;
    std::uint32_t at;
    std::uint32_t size;
  };

  void clear();
  // Reads a file of the folder, which had `size` bytes. False: there is no room for it. One that is gone, empty or
  // longer than an input may be is passed over: somebody else may have removed it.
  bool take(int folder, const std::string& name, std::uint64_t size);

  [[nodiscard]] std::span<const Input> inputs() const { return inputs_; }
  [[nodiscard]] std::span<const std::uint8_t> bytes_from(std::size_t first) const {
    return std::span(bytes_).first(used_).subspan(inputs_[first].at);
  }

 private:
  std::vector<Input> inputs_;
  std::vector<std::uint8_t> bytes_ = std::vector<std::uint8_t>(kMostWeighedBytes);
  std::uint32_t used_ = 0;
};

// Asks the system to read a file which will be taken.
void call_for(int folder, const std::string& name);

}  // namespace sluice::engine
