// Members of JSON that anybody may have written: what is not there, or is of another kind, is empty. Where a wrong kind
// is worth a message, there are other readers (run/answer.cc, attestation/strict_json.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sluice::members {

// Null where the file is not there, has more bytes than `most`, or is no JSON.
[[nodiscard]] nlohmann::json read_file(const std::string& path, std::size_t most);

// Of what should be an object; null: it has none of that name. Aliased, as are the two below.
[[nodiscard]] const nlohmann::json* find(const nlohmann::json& from, const char* key);
[[nodiscard]] const nlohmann::json& object(const nlohmann::json& from, const char* key);
[[nodiscard]] const nlohmann::json& list(const nlohmann::json& from, const char* key);

[[nodiscard]] std::string text(const nlohmann::json& from, const char* key);
[[nodiscard]] std::vector<std::string> texts(const nlohmann::json& from, const char* key);  // those that are
[[nodiscard]] std::uint64_t number(const nlohmann::json& from, const char* key);            // 0 where it is negative
[[nodiscard]] bool is_true(const nlohmann::json& from, const char* key);

}  // namespace sluice::members
