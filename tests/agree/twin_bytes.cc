// THIS CODE IS FOR TESTS ONLY: encodings, processes, checksums; and the tree as text.
#include <zlib.h>

#include <openssl/sha.h>

#include <fmt/core.h>

#include "tests/agree/twin_impl.h"

namespace sluice::agree {

std::size_t unit_of(const std::string& encoding) {
  return encoding.starts_with("UTF-16") ? 2 : encoding.starts_with("UTF-32") ? 4 : 1;
}

static void append_utf8(std::string& out, std::uint32_t c) {
  auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  if (c < 0x10000) return put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
}

static bool is_surrogate(std::uint32_t c) { return c >= 0xD800 && c < 0xE000; }

// The code points of UTF-8 `bytes`, or empty if they are not UTF-8: decoded the long way, then required to encode back
// to the same bytes, which rules out the overlong forms.
static std::optional<std::vector<std::uint32_t>> code_points(const std::string& bytes) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < bytes.size();) {
    auto lead = static_cast<std::uint8_t>(bytes[i]);
    std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
    if (length == 0 || length > bytes.size() - i) return std::nullopt;
    std::uint32_t c = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<std::uint8_t>(bytes[i + k]) & 0x3Fu);
    std::string again;
    append_utf8(again, c);
    if (again != bytes.substr(i, length) || is_surrogate(c) || c > 0x10FFFF) return std::nullopt;
    out.push_back(c);
    i += length;
  }
  return out;
}

static std::optional<std::string> decode_utf16(const std::string& bytes, bool little) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  auto unit = [&](std::size_t i) -> std::uint32_t {
    auto a = static_cast<std::uint8_t>(bytes[i]), b = static_cast<std::uint8_t>(bytes[i + 1]);
    return little ? a | b << 8 : b | a << 8;
  };
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    std::uint32_t c = unit(i);
    if (is_surrogate(c)) {
      if (c >= 0xDC00 || i + 4 > bytes.size()) return std::nullopt;
      std::uint32_t low = unit(i += 2);
      if (low < 0xDC00 || low >= 0xE000) return std::nullopt;
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, c);
  }
  return out;
}

std::optional<std::string> decode(const std::string& bytes, const std::string& encoding) {
  if (encoding == "UTF-8") return code_points(bytes) ? std::optional(bytes) : std::nullopt;
  if (encoding.starts_with("UTF-16")) return decode_utf16(bytes, encoding == "UTF-16LE");
  std::string out;
  for (char c : bytes) {
    auto byte = static_cast<std::uint8_t>(c);
    if (encoding == "ASCII" && byte >= 0x80) return std::nullopt;
    append_utf8(out, byte);  // ASCII and ISO-8859-1: the twin knows no more
  }
  return out;
}

std::optional<std::string> encode(const std::string& text, const std::string& encoding) {
  if (encoding == "UTF-8") return text;
  std::string out;
  for (std::uint32_t c : code_points(text).value_or(std::vector<std::uint32_t>())) {
    if (c >= (encoding == "ASCII" ? 0x80u : 0x100u)) return std::nullopt;
    out.push_back(static_cast<char>(c));
  }
  return out;
}

std::vector<std::string> split_characters(const std::string& utf8) {
  std::vector<std::string> out;
  for (char c : utf8) {
    bool continues = (static_cast<std::uint8_t>(c) & 0xC0) == 0x80;
    if (!continues || out.empty()) out.emplace_back();
    out.back().push_back(c);
  }
  return out;
}

std::size_t count_characters(const std::string& utf8) { return split_characters(utf8).size(); }

std::string rotate_left(const std::string& bytes, unsigned bits) {
  std::string out;
  for (char c : bytes) {
    unsigned wide = static_cast<std::uint8_t>(c) << bits;
    out.push_back(static_cast<char>(wide | wide >> 8));
  }
  return out;
}

Inflated inflate(const std::string& bytes, std::uint64_t limit) {
  Inflated result{.out = std::string(limit + 1, '\0')};
  uLongf size = result.out.size();
  uLong consumed = bytes.size();
  int status = uncompress2(reinterpret_cast<Bytef*>(result.out.data()), &size,
                           reinterpret_cast<const Bytef*>(bytes.data()), &consumed);
  result.good = status == Z_OK;
  result.consumed = consumed;
  result.out.resize(size);
  return result;
}

static std::uint32_t crc32_by_bits(const std::string& bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (char c : bytes) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

static std::uint32_t adler32_by_bytes(const std::string& bytes) {
  std::uint32_t a = 1, b = 0;
  for (char c : bytes) {
    a = (a + static_cast<std::uint8_t>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

std::string checksum(schema::Checksum::Algorithm algorithm, const std::string& bytes) {
  using Algorithm = schema::Checksum::Algorithm;
  std::uint32_t sum = 0;
  for (char c : bytes) sum += static_cast<std::uint8_t>(c);
  auto big_endian = [](std::uint32_t value, int width) {
    std::string out;
    for (int i = width - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i)));
    return out;
  };
  switch (algorithm) {
    case Algorithm::crc32: return big_endian(crc32_by_bits(bytes), 4);
    case Algorithm::adler32: return big_endian(adler32_by_bytes(bytes), 4);
    case Algorithm::sum8: return big_endian(sum, 1);
    case Algorithm::sum16: return big_endian(sum, 2);
    case Algorithm::sum32: return big_endian(sum, 4);
    case Algorithm::sha256: {
      std::string out(SHA256_DIGEST_LENGTH, '\0');
      SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
             reinterpret_cast<unsigned char*>(out.data()));
      return out;
    }
    case Algorithm::none: break;
  }
  return {};
}

// --- the tree

static std::string print_value(const Value& v);

static std::string print_value(const Value& v) {
  switch (v.kind) {
    case Value::Kind::unread:
    case Value::Kind::lost: return "?";
    case Value::Kind::null: return "null";
    case Value::Kind::integer: return to_string(v.integer);
    case Value::Kind::boolean: return v.integer != 0 ? "true" : "false";
    case Value::Kind::floating: return fmt::format("{}", v.number);
    case Value::Kind::string: return '"' + printable(v.text) + '"';
    case Value::Kind::bytes: {
      std::string out = "[";
      for (char c : v.text) out += fmt::format("{:02x}", static_cast<std::uint8_t>(c));
      return out + "]";
    }
    case Value::Kind::structure: return v.structure->path;
    case Value::Kind::stream: return "io";
    case Value::Kind::array: break;
  }
  std::string out = "[";
  for (const Value& item : v.array->items) out += (out.size() > 1 ? ", " : "") + print_value(item);
  return out + "]";
}

static void print_nested(const Value& v, std::string& out) {
  if (v.is(Value::Kind::structure)) out += print_tree(*v.structure);
  if (!v.is(Value::Kind::array)) return;
  for (const Value& item : v.array->items) print_nested(item, out);
}

std::string print_tree(const Struct& x) {
  std::string out;
  for (std::size_t i = 0; i < x.members.size(); ++i) {
    const Member& m = x.type->members[i];
    out += fmt::format("{}{}{} = {}\n", x.path, x.path.empty() ? "" : ".", m.id, print_value(x.members[i]));
    bool read_here = m.role == schema::Role::sequence || m.role == schema::Role::parse_instance;
    if (read_here) print_nested(x.members[i], out);
  }
  return out;
}

}  // namespace sluice::agree
