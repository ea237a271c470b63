#include "tests/mutate/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sluice::mutate {

namespace {

const std::string kSource = SLUICE_SOURCE;
const std::string kChannels = SLUICE_CHANNELS;

std::string lines(const std::vector<std::string>& problems) {
  std::string out;
  for (const std::string& p : problems) out += p + "\n";
  return out;
}

}  // namespace

const Format& channel() {
  static const auto format = [] {
    std::vector<std::string> problems;
    auto loaded = Format::load({.schema = kSource + "/schemas/channel.ksy",
                                .rules = kSource + "/schemas/channel.rules.yaml",
                                .driver = kSource + "/schemas/sensor.driver.yaml"},
                               problems);
    if (!loaded) throw std::runtime_error(lines(problems));
    return loaded;
  }();
  return *format;
}

Bytes read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

Bytes channel_file(const std::string& name) { return read_file(kChannels + "/" + name + ".bin"); }

std::vector<std::string> channel_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kChannels)) {
    if (entry.path().extension() == ".bin") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

std::unique_ptr<Format> format_of(const std::string& schema, const std::string& rules) {
  std::vector<std::string> problems;
  auto format = Format::load_text(schema, rules, {}, problems);
  INFO(lines(problems));
  REQUIRE(format != nullptr);
  return format;
}

Bytes from_hex(const std::string& text) {
  Bytes out;
  int high = -1;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  return out;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string out;
  for (const std::uint8_t b : bytes) out += fmt::format("{}{:02x}", out.empty() ? "" : " ", b);
  return out;
}

}  // namespace sluice::mutate
