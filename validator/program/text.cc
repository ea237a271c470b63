#include "validator/program/text.h"

#include <iconv.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <memory>

namespace sluice::program {

namespace {

bool are_ascii_8(const std::uint8_t* from) {
  return (bytes::load_little<std::uint64_t>(from) & 0x8080808080808080u) == 0;
}

}  // namespace

std::optional<std::uint64_t> first_invalid_ascii(bytes::View bytes) {
  std::uint64_t i = 0;
  while (bytes.size() - i >= 8 && are_ascii_8(bytes.data() + i)) i += 8;
  for (; i < bytes.size(); ++i) {
    if (bytes[i] > 0x7F) return i;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> first_invalid_utf8(bytes::View bytes) {
  std::uint64_t i = 0;
  while (i < bytes.size()) {
    const std::uint8_t lead = bytes[i];
    if (lead < 0x80) {
      i += bytes.size() - i >= 8 && are_ascii_8(bytes.data() + i) ? 8 : 1;
      continue;
    }
    // Unicode 15, table 3-7: well-formed sequences.
    unsigned more = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      more = 1;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      more = 2;
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      more = 3;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    } else {
      return i;
    }
    if (bytes.size() - i <= more) return i;
    for (unsigned k = 1; k <= more; ++k, low = 0x80, high = 0xBF) {
      if (bytes[i + k] < low || bytes[i + k] > high) return i;
    }
    i += more + 1;
  }
  return std::nullopt;
}

Simple is_simple(std::string_view encoding) {
  if (encoding == "ASCII") return Simple::ascii;
  if (encoding == "UTF-8") return Simple::utf8;
  return Simple::no;
}

namespace {

// iconv_open costs more than most strings: descriptors are kept for each thread.
class Converter {
 public:
  Converter(const std::string& to, const std::string& from) : handle_(iconv_open(to.c_str(), from.c_str())) {}
  ~Converter() {
    if (is_open()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  [[nodiscard]] bool is_open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  bool run(std::string_view in, std::string& out, std::uint64_t& invalid_at) {
    char* from = const_cast<char*>(in.data());
    std::size_t left = in.size();
    char buffer[4096];
    // An encoding with combining marks holds its last character back until it is told that no mark follows. That leaves
    // the descriptor as it was opened, too.
    for (bool last = left == 0;;) {
      char* to = buffer;
      std::size_t room = sizeof buffer;
      const std::size_t r = iconv(handle_, last ? nullptr : &from, &left, &to, &room);
      const int error = errno;
      out.append(buffer, static_cast<std::size_t>(to - buffer));
      if (r != static_cast<std::size_t>(-1)) {
        if (last) return true;
        last = left == 0;
      } else if (error != E2BIG) {
        invalid_at = in.size() - left;
        iconv(handle_, nullptr, nullptr, nullptr, nullptr);
        return false;
      }
    }
  }

 private:
  iconv_t handle_;
};

bool convert(std::string_view to, std::string_view from, std::string_view in, std::string& out,
             std::uint64_t& invalid_at) {
  thread_local std::map<std::string, std::unique_ptr<Converter>, std::less<>> converters;
  std::string key = std::string(from) + ">" + std::string(to);
  auto found = converters.find(key);
  if (found == converters.end()) {
    if (converters.size() > 64) converters.clear();
    found = converters.emplace(key, std::make_unique<Converter>(std::string(to), std::string(from))).first;
  }
  invalid_at = 0;
  return found->second->is_open() && found->second->run(in, out, invalid_at);
}

// The names that the schemas use and glibc spells differently.
std::string_view host_name(std::string_view encoding) {
  if (encoding == "windows-1252") return "CP1252";
  return encoding;
}

}  // namespace

bool decode(std::string_view encoding, bytes::View bytes, std::string& out, std::uint64_t& invalid_at) {
  const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  return convert("UTF-8", host_name(encoding), text, out, invalid_at);
}

bool encode(std::string_view encoding, std::string_view utf8, std::string& out) {
  std::uint64_t ignored = 0;
  return convert(host_name(encoding), "UTF-8", utf8, out, ignored);
}

std::uint64_t count_code_points(std::string_view utf8) {
  std::uint64_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::size_t code_point_position(std::string_view utf8, std::uint64_t index) {
  std::size_t at = 0;
  for (; at < utf8.size(); ++at) {
    if ((static_cast<unsigned char>(utf8[at]) & 0xC0) == 0x80) continue;
    if (index-- == 0) return at;
  }
  return at;
}

}  // namespace sluice::program
