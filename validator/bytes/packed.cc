#include "validator/bytes/packed.h"

#include <cstring>

namespace sluice::bytes {

Packer& Packer::number(std::uint64_t value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof raw);  // little-endian hosts only (reader.h)
  packed_.append(raw, sizeof raw);
  return *this;
}

Packer& Packer::flag(bool value) {
  packed_ += value ? '\1' : '\0';
  return *this;
}

Packer& Packer::text(std::string_view value) {
  number(value.size());
  packed_ += value;
  return *this;
}

Unpacker::Unpacker(std::string_view packed)
    : reader_(View(reinterpret_cast<const std::uint8_t*>(packed.data()), packed.size())) {}

const std::uint8_t* Unpacker::take(std::uint64_t size) {
  const std::uint8_t* taken = is_good_ ? reader_.take(size) : nullptr;
  if (taken == nullptr) refuse();
  return taken;
}

std::uint64_t Unpacker::number() {
  const std::uint8_t* raw = take(sizeof(std::uint64_t));
  return raw == nullptr ? 0 : load_little<std::uint64_t>(raw);
}

bool Unpacker::flag() {
  const std::uint8_t* raw = take(1);
  if (raw != nullptr && *raw > 1) refuse();
  return is_good_ && *raw == 1;
}

std::string Unpacker::text() {
  const std::uint64_t size = number();
  const std::uint8_t* raw = take(size);
  return raw == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(raw), size);
}

std::uint64_t Unpacker::count(std::uint64_t smallest) {
  const std::uint64_t value = number();
  return checked(value, value <= reader_.remaining() / smallest);
}

std::uint64_t Unpacker::below(std::uint64_t end) {
  const std::uint64_t value = number();
  return checked(value, value < end);
}

std::uint64_t Unpacker::checked(std::uint64_t value, bool is_good) {
  if (!is_good) refuse();
  return is_good ? value : 0;
}

}  // namespace sluice::bytes
