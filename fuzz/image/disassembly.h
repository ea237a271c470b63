// The instructions around a place of an image, for people.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/image/code_walk.h"
#include "fuzz/image/operation.h"

namespace sluice::image {

struct CodeAround {
  struct Line {
    std::uint32_t offset;
    std::uint32_t length;
    std::string text;  // Intel syntax; behind a call or jump the name of where it leads to, if it has one
    bool is_call;
  };
  std::string function;  // a symbol that is known to be that of the place; empty: none is
  std::vector<Line> lines;
};

class Disassembly {
 public:
  // `image` is aliased.
  explicit Disassembly(const ImageFile& image);
  ~Disassembly();
  Disassembly(Disassembly&&) noexcept;

  // At most so many instructions before `offset`, which begins one, and behind it; none of another function before. No
  // lines where there is no instruction.
  [[nodiscard]] CodeAround around(std::uint32_t offset, std::size_t before, std::size_t behind);

 private:
  struct Extent {
    std::uint32_t begin;
    std::uint32_t end;
    bool is_known;
  };

  [[nodiscard]] Extent function_at(std::uint32_t offset) const;
  [[nodiscard]] std::uint32_t begin_of(std::uint32_t offset, const Extent& function, std::size_t before) const;
  [[nodiscard]] std::optional<std::uint32_t> sweep(std::uint32_t offset, const Extent& function,
                                                   std::size_t before) const;
  [[nodiscard]] std::string name_of(const Operation& operation) const;

  const ImageFile& image_;
  std::vector<std::uint8_t> bytes_;
  std::unique_ptr<Processor> processor_;
  std::unique_ptr<CodeWalk> walk_;  // of x86-64
};

}  // namespace sluice::image
