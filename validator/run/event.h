// Events: what the kernel would hand the driver at run time, a template type and its inputs.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::run {

// By the numbers of `enum sluice_kind`.
enum class InputKind : std::uint32_t { absent = 0, bytes = 1, utf16 = 2, u32 = 3, u64 = 4 };

// What a target says of one template type.
struct DescribedType {
  std::uint32_t type = 0;
  std::string name;
  std::vector<InputKind> inputs;
};

// The bytes are those that the target gets.
struct InputValue {
  InputKind kind = InputKind::absent;
  std::string bytes;
  friend auto operator<=>(const InputValue&, const InputValue&) = default;
};

[[nodiscard]] InputValue number_value(InputKind kind, std::uint64_t number);  // u32 or u64
[[nodiscard]] InputValue utf16_value(std::string_view utf8);                  // what is no UTF-8 becomes U+FFFD

// `"\\pipe\\x"`, `5`, `hex 00ff`, `absent`: printable, long text cut.
[[nodiscard]] std::string shown(const InputValue& value);

inline constexpr std::uint32_t kAbsent = 0xFFFFFFFF;

struct Event {
  std::uint32_t type = 0;
  std::vector<std::uint32_t> inputs;  // indices of values, or kAbsent
  friend auto operator<=>(const Event&, const Event&) = default;
};

// Values that events share.
class Values {
 public:
  // The same value has the same index.
  std::uint32_t add(InputValue value);
  [[nodiscard]] const InputValue& operator[](std::uint32_t index) const { return *values_[index]; }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  std::map<InputValue, std::uint32_t> indices_;
  std::vector<const InputValue*> values_;
};

// The events as a blob (docs/worker-protocol.md), with those values that they use.
[[nodiscard]] std::string encode(std::span<const Event> events, const Values& values);

}  // namespace sluice::run
