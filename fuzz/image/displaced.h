// Instructions of an image that run somewhere else, and do the same there.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "fuzz/image/image_file.h"

namespace sluice::image {

class Displaced {
 public:
  static constexpr std::size_t kJump = 5;        // bytes of a jump
  static constexpr std::size_t kMostOfOne = 15;  // of an instruction
  static constexpr std::size_t kMost = 2 * kJump + kMostOfOne;

  // What lies at `from` is to lie at `to`.
  Displaced(std::uintptr_t from, std::uintptr_t to) : from_(from), to_(to) {}

  // The next instruction, at the begin of `bytes`. What it cannot be moved for is returned as a sentence about the
  // function that begins with it. Call it while length() is less than kJump.
  Parsed<void> add(std::span<const std::uint8_t> bytes);
  // To what lies behind what was added.
  Parsed<void> jump_back();

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return std::span(bytes_).first(size_); }
  // Of what was added, where it lay.
  [[nodiscard]] std::size_t length() const { return length_; }
  // Whether the last that was added may go elsewhere than behind itself.
  [[nodiscard]] bool ends_in_branch() const { return ends_in_branch_; }

 private:
  std::uintptr_t from_;
  std::uintptr_t to_;
  std::array<std::uint8_t, kMost> bytes_{};
  std::size_t size_ = 0;
  std::size_t length_ = 0;
  bool ends_in_branch_ = false;
};

}  // namespace sluice::image
