// A rule or a `valid` line put into a document, whose other text stays as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::suggest {

// Lines that come into a text behind line `after` (0: at its begin), in place of the next `replaced` ones.
struct Edit {
  std::uint32_t after = 0;
  std::uint32_t replaced = 0;
  std::string lines;  // each with its end
};

// A document with one more rule; `rule` is its lines, the first begins with `- `, without indentation. Of no text a
// new document for the format `id` is made. Nothing: the text is no rules document.
[[nodiscard]] std::optional<Edit> add_rule(const std::string& text, std::string_view format_id, std::string_view rule);

// A schema in which the attribute at `path`, `/types/group/seq/3`, has `valid:` with this value. Nothing: it has one,
// or it is written in a way that nothing can be put into.
[[nodiscard]] std::optional<Edit> add_valid(const std::string& text, std::string_view path, std::string_view value);

[[nodiscard]] std::string apply(const std::string& text, const Edit& edit);
// A unified diff that makes it, with three lines of context. A file that is empty is made.
[[nodiscard]] std::string diff_of(const std::string& text, const Edit& edit, const std::string& file);

}  // namespace sluice::suggest
