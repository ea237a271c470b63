#include "validator/attestation/statement.h"

#include <algorithm>

#include "validator/attestation/base64.h"
#include "validator/bytes/sha256.h"

namespace sluice::attestation {

namespace {

// As `sha256sum` writes it: a name that holds a newline or a backslash is escaped, and the line says so.
std::string checksum_line(const Digested& file) {
  std::string name;
  for (const char c : file.name) {
    if (c == '\\') {
      name += "\\\\";
    } else if (c == '\n') {
      name += "\\n";
    } else if (c == '\r') {
      name += "\\r";
    } else {
      name += c;
    }
  }
  return (name == file.name ? "" : "\\") + file.sha256 + "  " + name + "\n";
}

}  // namespace

std::string policy_digest(std::span<const Digested> files) {
  std::vector<std::string> lines;
  std::ranges::transform(files, std::back_inserter(lines), checksum_line);
  // Without its newline a line sorts as `sort` has it.
  std::ranges::sort(lines, {},
                    [](const std::string& line) { return std::string_view(line).substr(0, line.size() - 1); });
  std::string all;
  for (const std::string& line : lines) all += line;
  return bytes::hex(bytes::sha256(view_of(all)));
}

}  // namespace sluice::attestation
