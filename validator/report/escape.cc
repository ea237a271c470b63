#include "validator/report/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "validator/bytes/utf8.h"

namespace sluice::report {

namespace {

// One character of `text`: its bytes, and its code point unless they are not UTF-8 (then it is one byte).
struct Character {
  std::string_view bytes;
  char32_t code = 0;
  bool valid = false;
};

Character first_character(std::string_view text) {
  const bytes::CodePoint point = bytes::first_code_point(text);
  if (point.length == 0) return {text.substr(0, 1)};
  return {text.substr(0, point.length), point.value, true};
}

template <typename Take>
void for_each_character(std::string_view text, Take take) {
  while (!text.empty()) {
    const Character character = first_character(text);
    take(character);
    text.remove_prefix(character.bytes.size());
  }
}

// Characters that a terminal obeys, or that make text read as other than it is (bidirectional overrides, zero width).
bool misleads(char32_t code) {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  if (code == 0x061c || code == 0xfeff || (code >= 0x200b && code <= 0x200f)) return true;
  if ((code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f)) return true;
  return (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef) || (code >= 0xe0000 && code <= 0xe007f);
}

std::string make_visible(std::string_view text, bool keep_newlines) {
  std::string out;
  out.reserve(text.size());
  for_each_character(text, [&](const Character& c) {
    if (c.valid && (!misleads(c.code) || (keep_newlines && c.code == '\n'))) {
      out += c.bytes;
    } else if (c.valid && (c.code == '\n' || c.code == '\r' || c.code == '\t')) {
      out += c.code == '\n' ? "\\n" : c.code == '\r' ? "\\r" : "\\t";
    } else if (!c.valid || c.code < 0x80) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c.bytes.front()));
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}", static_cast<unsigned>(c.code));
    }
  });
  return out;
}

void append_utf16_escape(std::string& out, char32_t point) {
  auto code = static_cast<unsigned>(point);
  if (code < 0x10000) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
    return;
  }
  code -= 0x10000;
  fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff));
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~' || c == '/';
}

}  // namespace

std::string visible(std::string_view text) { return make_visible(text, false); }

std::string markdown_inline(std::string_view text) {
  std::string out = visible(text);
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0 || c == ' ';
  };
  const auto is_plain = [&](char c) {
    return is_word(c) || std::string_view(",.;:-").find(c) != std::string_view::npos;
  };
  if (std::ranges::all_of(out, is_plain) && out.find("www.") == out.npos) return out;
  if (out.find_first_of("`|") == out.npos) return "`" + out + "`";
  std::string escaped;
  for (const char c : out) {
    if (is_word(c)) {
      escaped += c;
    } else {
      fmt::format_to(std::back_inserter(escaped), "&#{};", static_cast<int>(c));
    }
  }
  return escaped;
}

std::string visible_lines(std::string_view text) { return make_visible(text, true); }

std::string json_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_character(text, [&out](const Character& c) {
    if (!c.valid) {
      out += "\\ufffd";
    } else if (c.code == '"' || c.code == '\\') {
      out += '\\';
      out += c.bytes;
    } else if (c.code == '\n') {
      out += "\\n";
    } else if (misleads(c.code)) {
      append_utf16_escape(out, c.code);
    } else {
      out += c.bytes;
    }
  });
  return out;
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : visible_lines(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string file_uri(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  // Two slashes at the start would make the first directory a host name.
  while (name.starts_with("//")) name.remove_prefix(1);
  std::string out = name.starts_with('/') ? "file://" : "";
  for (const char c : name) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string shell_word(std::string_view text) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_-./:,+=@%").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!text.empty() && std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

bool is_utf8(std::string_view text) {
  bool valid = true;
  for_each_character(text, [&valid](const Character& c) { valid = valid && c.valid; });
  return valid;
}

}  // namespace sluice::report
