#include "tests/bench/content.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "tests/bench/measure.h"

namespace sluice::bench {

namespace {

class Draw {
 public:
  // `low` to `high`, both included.
  std::uint32_t number(std::uint32_t low, std::uint32_t high) {
    return low + static_cast<std::uint32_t>(engine_() % (high - low + 1));
  }

 private:
  std::mt19937_64 engine_{20240719};  // its output is fixed by the language's standard
};

template <typename T>
void append(Bytes& out, T value) {
  for (std::size_t k = 0; k < sizeof(T); ++k) out.push_back(static_cast<std::uint8_t>(value >> (8 * k) & 0xFF));
}

void append(Bytes& out, const std::string& text) { out.insert(out.end(), text.begin(), text.end()); }

}  // namespace

Bytes channel_content(std::size_t size) {
  Draw draw;
  const auto types = static_cast<std::uint32_t>(std::max<std::size_t>(16, size / 65536));
  std::uint32_t instances = 0;
  Bytes body;
  for (std::uint32_t id = 0; id < types; ++id) {
    append(body, static_cast<std::uint16_t>(id));
    append(body, static_cast<std::uint16_t>(draw.number(4, 21)));
    append(body, fmt::format("TemplateType{:04}_{}", id, std::string(draw.number(0, 12), 'x')));
    body.push_back(0);
  }
  for (; 16 + body.size() < size; ++instances) {
    const std::uint32_t criteria = draw.number(1, 7);
    append(body, instances);
    append(body, static_cast<std::uint16_t>(draw.number(0, types - 1)));
    append(body, static_cast<std::uint16_t>(criteria));
    for (std::uint32_t k = 0; k < criteria; ++k) {
      const std::uint32_t length = draw.number(0, 24);
      body.push_back(static_cast<std::uint8_t>(draw.number(0, 4)));
      append(body, static_cast<std::uint16_t>(length));
      for (std::uint32_t b = 0; b < length; ++b) body.push_back(static_cast<std::uint8_t>(draw.number(0, 255)));
    }
  }
  Bytes out;
  append(out, std::string("SLCH"));
  for (const std::uint32_t number : {1u, types, instances}) append(out, number);
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

Bytes records_content(std::size_t size) {
  Draw draw;
  Bytes out;
  out.reserve(size);
  while (out.size() < size) {
    append(out, draw.number(1, 1'000'000));
    append(out, draw.number(0, 65535));
    append(out, static_cast<std::uint16_t>(draw.number(10, 4000)));
    append(out, static_cast<std::uint16_t>(draw.number(0, 7)));
    append(out, draw.number(0, UINT32_MAX));
  }
  return out;
}

void write_file(const std::string& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  require(file.good(), path + " cannot be written");
}

Bytes read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  Bytes bytes(static_cast<std::size_t>(std::max<std::streamoff>(0, file.tellg())));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  require(file.good(), path + " cannot be read");
  return bytes;
}

}  // namespace sluice::bench
