// JSON that other programs of ours left in files, read as if anybody had written it: what is not there is empty.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace sluice::farm {

// Null where the file is not there, has more bytes than `most`, or is no JSON.
[[nodiscard]] nlohmann::json read_json(const std::string& path, std::size_t most);

// Members of what should be an object. The list is aliased.
[[nodiscard]] const nlohmann::json& list(const nlohmann::json& object, const char* key);
[[nodiscard]] std::string text(const nlohmann::json& object, const char* key);
[[nodiscard]] bool is_true(const nlohmann::json& object, const char* key);

}  // namespace sluice::farm
