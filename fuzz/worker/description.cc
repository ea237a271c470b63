#include "fuzz/worker/description.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace sluice::worker {

namespace {

// By enum sluice_kind.
constexpr std::array<std::string_view, 5> kKinds = {"absent", "bytes", "utf16", "u32", "u64"};

class Reader {
 public:
  explicit Reader(const Shared& shared)
      : at_(shared.description), left_(std::min<std::size_t>(shared.description_size, kMaxDescription)) {}

  std::optional<std::uint32_t> number() {
    std::uint32_t out = 0;
    if (left_ < sizeof out) return std::nullopt;
    std::memcpy(&out, at_, sizeof out);
    skip(sizeof out);
    return out;
  }

  std::optional<std::string> text() {
    const auto size = number();
    if (!size || *size > left_) return std::nullopt;
    std::string out(reinterpret_cast<const char*>(at_), *size);
    skip(*size);
    return out;
  }

 private:
  void skip(std::size_t size) {
    at_ += size;
    left_ -= size;
  }

  const std::uint8_t* at_;
  std::size_t left_;
};

std::optional<Json> read_inputs(Reader& reader, std::uint32_t count) {
  Json inputs = Json::array();
  for (std::uint32_t k = 0; k < count; ++k) {
    const auto kind = reader.number();
    if (!kind) return std::nullopt;
    inputs.push_back(kKinds[*kind < kKinds.size() ? *kind : 0]);
  }
  return inputs;
}

std::optional<Json> read_type(Reader& reader) {
  const auto type = reader.number();
  const auto name = reader.text();
  const auto num_inputs = reader.number();
  const auto has_kinds = reader.number();
  if (!type || !name || !num_inputs || !has_kinds || *num_inputs > kMaxInputs) return std::nullopt;
  Json out = {{"type", *type}, {"name", *name}};
  if (*has_kinds == 0) {
    out["num_inputs"] = *num_inputs;
    return out;
  }
  auto inputs = read_inputs(reader, *num_inputs);
  if (!inputs) return std::nullopt;
  out["inputs"] = std::move(*inputs);
  return out;
}

}  // namespace

void add_description(const Shared& shared, Json& hello) {
  Reader reader(shared);
  hello["target"] = reader.text().value_or("");
  const auto count = reader.number();
  if (!count) return;
  Json types = Json::array();
  for (std::uint32_t i = 0; i < *count; ++i) {
    auto type = read_type(reader);
    if (!type) break;
    types.push_back(std::move(*type));
  }
  hello["types"] = std::move(types);
}

}  // namespace sluice::worker
