// Drivers that the build made, and how tests change them.
#pragma once

#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/image/image_file.h"
#include "fuzz/image/pe_format.h"

namespace sluice::image {

using Bytes = std::vector<std::uint8_t>;

inline Bytes read_driver(const std::string& name) {
  std::ifstream file(std::string(SLUICE_DRIVERS) + "/" + name, std::ios::binary);
  Bytes bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  INFO(name);
  REQUIRE(!bytes.empty());
  return bytes;
}

inline const Bytes& small_sys() {
  static const Bytes bytes = read_driver("x86_64/small.sys");
  return bytes;
}

// Where things lie in the file, for tests that change them.
class Patched {
 public:
  explicit Patched(Bytes bytes) : bytes_(std::move(bytes)) {
    std::memcpy(&file_header_, &bytes_[pe::kNewHeaderOffset], sizeof file_header_);
    file_header_ += 4;
  }

  [[nodiscard]] std::size_t file_header() const { return file_header_; }
  [[nodiscard]] std::size_t optional() const { return file_header_ + sizeof(pe::FileHeader); }
  [[nodiscard]] std::size_t directory(std::size_t index) const {
    return optional() + sizeof(pe::OptionalHeader) + index * sizeof(pe::Directory);
  }
  [[nodiscard]] std::size_t section(std::size_t index) const {
    return optional() + get<pe::FileHeader>(file_header_).optional_size + index * sizeof(pe::SectionHeader);
  }
  // Of an offset in the image.
  [[nodiscard]] std::size_t in_file(std::uint32_t offset) const {
    for (std::size_t i = 0; i < get<pe::FileHeader>(file_header_).num_sections; ++i) {
      const auto header = get<pe::SectionHeader>(section(i));
      if (offset >= header.offset && offset - header.offset < header.size_of_data) {
        return header.data + (offset - header.offset);
      }
    }
    FAIL("no section at " << offset);
    return 0;
  }
  // Of what a directory names.
  [[nodiscard]] std::size_t table(std::size_t index) const {
    return in_file(get<pe::Directory>(directory(index)).offset);
  }

  template <typename T>
  [[nodiscard]] T get(std::size_t at) const {
    T value;
    REQUIRE(at + sizeof value <= bytes_.size());
    std::memcpy(&value, bytes_.data() + at, sizeof value);
    return value;
  }
  template <typename T>
  void set(std::size_t at, T value) {
    REQUIRE(at + sizeof value <= bytes_.size());
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  template <typename Plain, typename Change>
  void change(std::size_t at, Change change) {
    auto plain = get<Plain>(at);
    change(plain);
    set(at, plain);
  }

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  Bytes& bytes() { return bytes_; }

 private:
  Bytes bytes_;
  std::uint32_t file_header_ = 0;
};

}  // namespace sluice::image
