// The module that modules/sample.c is compiled to.
#pragma once

#include <elf.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "fuzz/image/image_file.h"

namespace sluice::image {

inline const std::vector<std::uint8_t>& sample_module() {
  static const std::vector<std::uint8_t> bytes = [] {
    std::ifstream file(SLUICE_SAMPLE_MODULE, std::ios::binary);
    return std::vector<std::uint8_t>{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }();
  REQUIRE(bytes.size() > 1000);
  return bytes;
}

inline std::uint32_t offset_of(const ImageFile& image, std::string_view name) {
  std::string why;
  const auto found = find_symbol(image, name, why);
  INFO(name << " " << why);
  REQUIRE(found);
  return *found;
}

}  // namespace sluice::image
