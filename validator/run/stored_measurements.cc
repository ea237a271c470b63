#include "validator/run/stored_measurements.h"

#include <limits>

#include "validator/bytes/packed.h"

namespace sluice::run {

std::string pack(const Supplies& supplies) {
  bytes::Packer out;
  out.number(supplies.size());
  for (const auto& [type, measured] : supplies) out.number(type).number(measured.count).flag(measured.certain);
  return out.packed();
}

std::optional<Supplies> unpack_supplies(std::string_view packed) {
  constexpr std::uint64_t kEntry = 8 + 8 + 1;
  constexpr std::uint64_t kTypeEnd = std::uint64_t{std::numeric_limits<std::uint32_t>::max()} + 1;
  bytes::Unpacker in(packed);
  Supplies supplies;
  for (std::uint64_t left = in.count(kEntry); left > 0 && in.is_good(); --left) {
    const auto type = static_cast<std::uint32_t>(in.below(kTypeEnd));
    const std::uint64_t count = in.number();
    if (!supplies.try_emplace(type, Measured{count, in.flag()}).second) in.refuse();
  }
  return in.is_whole() ? std::optional(std::move(supplies)) : std::nullopt;
}

}  // namespace sluice::run
