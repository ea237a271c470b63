#include "validator/attestation/strict_json.h"

#include <fmt/format.h>

#include <set>

#include "validator/bytes/utf8.h"
#include "validator/finding/finding.h"

namespace sluice::attestation {

namespace {

using nlohmann::json;

constexpr std::size_t kDeepest = 32;

// Sees each event and keeps nothing but keys: the library would take the last of two keys, and a float for an integer
// that is too large.
class Judge {
 public:
  explicit Judge(std::string& why) : why_(why) {}

  bool null() { return true; }
  bool boolean(bool) { return true; }
  bool number_integer(json::number_integer_t) { return true; }
  bool number_unsigned(json::number_unsigned_t) { return true; }
  bool number_float(json::number_float_t, const std::string& text) {
    return text.find_first_of(".eE") != std::string::npos ||
           refuse(fmt::format("the integer {} does not fit into 64 bits", printable(text)));
  }
  bool string(const std::string&) { return true; }
  bool binary(json::binary_t&) { return true; }
  bool start_object(std::size_t) { return enter(); }
  bool end_object() { return leave(); }
  bool start_array(std::size_t) { return enter(); }
  bool end_array() { return leave(); }
  bool key(const std::string& name) {
    return keys_.back().insert(name).second || refuse(fmt::format("the key \"{}\" is there twice", printable(name)));
  }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) {
    return refuse(fmt::format("it is not JSON at byte {}", position));
  }

 private:
  bool enter() {
    if (keys_.size() == kDeepest) return refuse(fmt::format("it is nested more than {} deep", kDeepest));
    keys_.emplace_back();
    return true;
  }
  bool leave() {
    keys_.pop_back();
    return true;
  }
  bool refuse(std::string why) {
    why_ = std::move(why);
    return false;
  }

  std::vector<std::set<std::string>> keys_;  // of each value that is open
  std::string& why_;
};

}  // namespace

std::optional<json> parse_strictly(std::string_view text, std::string& why) {
  if (const std::size_t valid = bytes::valid_utf8_prefix(text); valid != text.size()) {
    why = fmt::format("it is not UTF-8 at byte {}", valid);
    return std::nullopt;
  }
  // The library skips a mark at the beginning, and ends at a zero byte whatever follows.
  const std::size_t zero = text.find('\0');
  if (zero != std::string_view::npos || text.starts_with("\xEF\xBB\xBF")) {
    why = fmt::format("it is not JSON at byte {}", zero == std::string_view::npos ? 0 : zero);
    return std::nullopt;
  }
  Judge judge(why);
  if (!json::sax_parse(text, &judge)) return std::nullopt;
  json value = json::parse(text, nullptr, false);
  if (value.is_object()) return value;
  why = "it is not a JSON object";
  return std::nullopt;
}

const json* member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::optional<std::vector<std::string>> texts_at(const json& object, const char* name) {
  const json* list = member(object, name);
  if (list == nullptr || !list->is_array()) return std::nullopt;
  std::vector<std::string> texts;
  for (const json& element : *list) {
    if (!element.is_string()) return std::nullopt;
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

}  // namespace sluice::attestation
