#include <fmt/format.h>

#include <algorithm>

#include "validator/bytes/sha256.h"
#include "validator/report/escape.h"
#include "validator/report/html.h"
#include "validator/report/words.h"

namespace sluice::report::html {

namespace {

// At the begin of a character: cut elsewhere, what was UTF-8 would not be.
std::string clipped(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  std::size_t end = limit;
  while (end > 0 && limit - end < 4 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return fmt::format("{} … and {} more bytes", text.substr(0, end), with_commas(text.size() - end));
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto byte = [&](std::size_t k) -> unsigned {
      return at + k < bytes.size() ? static_cast<unsigned char>(bytes[at + k]) : 0;
    };
    const unsigned word = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (unsigned k = 0; k < 4; ++k) {
      out += at + k > bytes.size() ? '=' : kDigits[word >> (18 - 6 * k) & 63];
    }
  }
  return out;
}

// Behind a point that a name follows.
std::string breakable(std::string html) {
  for (std::size_t at = html.find('.'); at != html.npos; at = html.find('.', at + 1)) {
    const char next = at + 1 < html.size() ? html[at + 1] : ' ';
    if (next == '_' || (next >= 'a' && next <= 'z')) html.insert(at + 1, "<wbr>");
  }
  return html;
}

// `'sha256-..'`, for a content security policy.
std::string source_of(std::string_view sheet) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(sheet.data());
  return fmt::format("'sha256-{}'", base64(bytes::sha256({bytes, sheet.size()})));
}

}  // namespace

std::string text(std::string_view text, std::size_t limit) { return xml_escaped(clipped(visible(text), limit)); }

std::string lines(std::string_view text, std::size_t limit) { return xml_escaped(clipped(text, limit)); }

std::string code(std::string_view text, std::size_t limit) {
  return fmt::format("<code>{}</code>", html::text(text, limit));
}

std::string path(std::string_view path, std::size_t limit) { return breakable(code(path, limit)); }

std::string sentence(std::string_view sentence, std::size_t limit) { return breakable(text(sentence, limit)); }

std::string_view class_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::no_verdict: return "none";
  }
  return "none";
}

std::string badge(Verdict verdict) {
  return fmt::format("<span class=\"badge {}\">{}</span>", class_of(verdict), name_of(verdict));
}

std::string left_out(std::uint64_t count, std::string_view what) {
  if (count == 0) return {};
  return fmt::format("<p class=\"left\">{} more {} not on this page.</p>\n", with_commas(count), what);
}

std::string header(std::initializer_list<std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) out += fmt::format("<th scope=\"col\">{}</th>", name);
  return out;
}

std::string scrolling(const std::string& label, const std::string& table) {
  return fmt::format("<div class=\"scroll\" role=\"group\" aria-label=\"{}\" tabindex=\"0\">\n{}</div>\n", label,
                     table);
}

std::string bar(std::uint64_t before, std::uint64_t part, std::uint64_t of, const std::string& label) {
  const auto width = [of](std::uint64_t value) {
    return of == 0 ? 0.0 : 100.0 * std::min(1.0, static_cast<double>(value) / static_cast<double>(of));
  };
  return fmt::format(
      "<svg class=\"bar\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">"
      "<rect class=\"track\" width=\"100\" height=\"4\"/><rect class=\"part\" width=\"{:.2f}\" height=\"4\"/>"
      "<rect class=\"before\" width=\"{:.2f}\" height=\"4\"/></svg>\n",
      label, width(part), width(before));
}

std::string begin_page(const std::string& title, const std::string& style, std::string_view script) {
  const std::string scripts = script.empty() ? "" : fmt::format(" script-src {};", source_of(script));
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {};{} base-uri 'none'; "
      "form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
      source_of(style), scripts, title, style);
}

std::string end_page(std::string_view script) {
  return script.empty() ? "</body>\n</html>\n" : fmt::format("<script>{}</script>\n</body>\n</html>\n", script);
}

}  // namespace sluice::report::html
