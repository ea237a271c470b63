// Text that came from outside, made safe for the place it is written to. File names may hold any byte, and values and
// messages come from hostile files: no writer prints either without passing through here.
#pragma once

#include <string>
#include <string_view>

#include "validator/bytes/sha256.h"

namespace sluice::report {

// For people: control characters, invalid UTF-8 and characters that reorder or hide text become `\x1b` or `\u{202e}`.
// Everything else stays, backslashes too, so that text which was escaped before is not escaped twice.
[[nodiscard]] std::string visible(std::string_view text);

// `visible` line by line: newlines stay.
[[nodiscard]] std::string visible_lines(std::string_view text);

// The inside of a JSON string. Lossless for UTF-8; each byte that is not becomes U+FFFD.
[[nodiscard]] std::string json_escaped(std::string_view text);

// XML text or a quoted attribute: `visible_lines`, then & < > " ' as entities.
[[nodiscard]] std::string xml_escaped(std::string_view text);

// Text within a line of Markdown, a cell of a table too: as it is where it means nothing to Markdown, else as code. It
// is for the inside of a line: what begins one could be a list.
[[nodiscard]] std::string markdown_inline(std::string_view text);

// A URI reference for a file name: bytes that are not unreserved or `/` become %XX; absolute paths become file: URIs.
[[nodiscard]] std::string file_uri(std::string_view name);

// One word of a shell's command line: in single quotes where a shell would make something else of it.
[[nodiscard]] std::string shell_word(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

using bytes::hex;

}  // namespace sluice::report
