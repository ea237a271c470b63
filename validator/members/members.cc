#include "validator/members/members.h"

#include "validator/bytes/content_file.h"

namespace sluice::members {

using nlohmann::json;

json read_file(const std::string& path, std::size_t most) {
  bytes::ContentFile file;
  if (!file.open(path) || file.bytes().size() > most) return {};
  json value = json::parse(file.bytes().begin(), file.bytes().end(), nullptr, /*allow_exceptions=*/false);
  return value.is_discarded() ? json() : value;
}

const json* find(const json& from, const char* key) {
  if (!from.is_object()) return nullptr;
  const auto found = from.find(key);
  return found != from.end() ? &*found : nullptr;
}

const json& object(const json& from, const char* key) {
  static const json kNone = json::object();
  const json* found = find(from, key);
  return found != nullptr && found->is_object() ? *found : kNone;
}

const json& list(const json& from, const char* key) {
  static const json kNone = json::array();
  const json* found = find(from, key);
  return found != nullptr && found->is_array() ? *found : kNone;
}

std::string text(const json& from, const char* key) {
  const json* found = find(from, key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> texts(const json& from, const char* key) {
  std::vector<std::string> out;
  for (const json& each : list(from, key)) {
    if (each.is_string()) out.push_back(each.get<std::string>());
  }
  return out;
}

std::uint64_t number(const json& from, const char* key) {
  const json* found = find(from, key);
  return found != nullptr && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

bool is_true(const json& from, const char* key) {
  const json* found = find(from, key);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

}  // namespace sluice::members
