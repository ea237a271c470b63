// JSON that means one thing to every reader.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::attestation {

// An object, of which each key is there once, at every depth; in UTF-8, nested 32 deep at most, with no integer that
// 64 bits do not hold. Nothing, and `why`, for any other text.
[[nodiscard]] std::optional<nlohmann::json> parse_strictly(std::string_view text, std::string& why);

// A member of an object, or null if this is no object or has none.
[[nodiscard]] const nlohmann::json* member(const nlohmann::json& object, const char* name);

// A text by the names that lead to it.
template <typename... Names>
[[nodiscard]] std::optional<std::string> text_at(const nlohmann::json& object, Names... names) {
  const nlohmann::json* at = &object;
  ((at = at == nullptr ? nullptr : member(*at, names)), ...);
  if (at == nullptr || !at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

// A list of nothing but texts.
[[nodiscard]] std::optional<std::vector<std::string>> texts_at(const nlohmann::json& object, const char* name);

}  // namespace sluice::attestation
