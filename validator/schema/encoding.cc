#include "validator/schema/encoding.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "validator/finding/finding.h"

namespace sluice::schema {
namespace {

// Names are compared in lower case and without `-`, `_` and spaces.
struct Alias {
  std::string_view plain;
  std::string_view canonical;
};

constexpr std::array kAliases = std::to_array<Alias>({
    {"ascii", "ASCII"},
    {"usascii", "ASCII"},
    {"iso646us", "ASCII"},
    {"ansix3.41968", "ASCII"},
    {"us", "ASCII"},
    {"utf8", "UTF-8"},
    {"utf16le", "UTF-16LE"},
    {"ucs2le", "UTF-16LE"},
    {"utf16be", "UTF-16BE"},
    {"ucs2be", "UTF-16BE"},
    {"utf32le", "UTF-32LE"},
    {"utf32be", "UTF-32BE"},
    {"iso88591", "ISO-8859-1"},
    {"latin1", "ISO-8859-1"},
    {"l1", "ISO-8859-1"},
    {"iso88592", "ISO-8859-2"},
    {"latin2", "ISO-8859-2"},
    {"iso88593", "ISO-8859-3"},
    {"latin3", "ISO-8859-3"},
    {"iso88594", "ISO-8859-4"},
    {"latin4", "ISO-8859-4"},
    {"iso88595", "ISO-8859-5"},
    {"iso88596", "ISO-8859-6"},
    {"iso88597", "ISO-8859-7"},
    {"iso88598", "ISO-8859-8"},
    {"iso88599", "ISO-8859-9"},
    {"latin5", "ISO-8859-9"},
    {"iso885910", "ISO-8859-10"},
    {"latin6", "ISO-8859-10"},
    {"iso885911", "ISO-8859-11"},
    {"iso885913", "ISO-8859-13"},
    {"latin7", "ISO-8859-13"},
    {"iso885914", "ISO-8859-14"},
    {"latin8", "ISO-8859-14"},
    {"iso885915", "ISO-8859-15"},
    {"latin9", "ISO-8859-15"},
    {"iso885916", "ISO-8859-16"},
    {"latin10", "ISO-8859-16"},
    {"windows1250", "windows-1250"},
    {"cp1250", "windows-1250"},
    {"windows1251", "windows-1251"},
    {"cp1251", "windows-1251"},
    {"windows1252", "windows-1252"},
    {"cp1252", "windows-1252"},
    {"windows1253", "windows-1253"},
    {"cp1253", "windows-1253"},
    {"windows1254", "windows-1254"},
    {"cp1254", "windows-1254"},
    {"windows1255", "windows-1255"},
    {"cp1255", "windows-1255"},
    {"windows1256", "windows-1256"},
    {"cp1256", "windows-1256"},
    {"windows1257", "windows-1257"},
    {"cp1257", "windows-1257"},
    {"windows1258", "windows-1258"},
    {"cp1258", "windows-1258"},
    {"ibm437", "IBM437"},
    {"cp437", "IBM437"},
    {"437", "IBM437"},
    {"ibm866", "IBM866"},
    {"cp866", "IBM866"},
    {"866", "IBM866"},
    {"shiftjis", "Shift_JIS"},
    {"sjis", "Shift_JIS"},
    {"mskanji", "Shift_JIS"},
    {"big5", "Big5"},
    {"csbig5", "Big5"},
    {"euckr", "EUC-KR"},
    {"cseuckr", "EUC-KR"},
});

std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == ' ') continue;
    out += 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

std::optional<std::string_view> find_encoding(std::string_view name) {
  if (name.size() > 32) return std::nullopt;
  const auto found = std::ranges::find(kAliases, plain(name), &Alias::plain);
  if (found == kAliases.end()) return std::nullopt;
  return found->canonical;
}

std::string canonical_encoding(std::string_view name, const Place& place, Problems& problems) {
  const std::optional<std::string_view> canonical = find_encoding(name);
  if (!canonical) {
    problems.warning(place, fmt::format("unrecognized encoding name '{}'", printable(name)));
    return std::string(name);
  }
  if (*canonical != name) {
    problems.warning(place, fmt::format("use canonical encoding name `{}` instead of `{}` (see "
                                        "https://doc.kaitai.io/ksy_style_guide.html#encoding-name)",
                                        *canonical, printable(name)));
  }
  return std::string(*canonical);
}

std::size_t encoding_unit(std::string_view encoding) {
  if (encoding.starts_with("UTF-16")) return 2;
  if (encoding.starts_with("UTF-32")) return 4;
  return 1;
}

}  // namespace sluice::schema
