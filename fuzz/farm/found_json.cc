#include "fuzz/farm/found_json.h"

#include "validator/bytes/content_file.h"

namespace sluice::farm {

namespace {

using nlohmann::json;

// Null: there is none.
const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found != object.end() ? &*found : nullptr;
}

}  // namespace

json read_json(const std::string& path, std::size_t most) {
  bytes::ContentFile file;
  if (!file.open(path) || file.bytes().size() > most) return {};
  const auto bytes = file.bytes();
  json value = json::parse(bytes.begin(), bytes.end(), nullptr, /*allow_exceptions=*/false);
  return value.is_discarded() ? json() : value;
}

const json& list(const json& object, const char* key) {
  static const json kNone = json::array();
  const json* found = member(object, key);
  return found != nullptr && found->is_array() ? *found : kNone;
}

std::string text(const json& object, const char* key) {
  const json* found = member(object, key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_true(const json& object, const char* key) {
  const json* found = member(object, key);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

}  // namespace sluice::farm
