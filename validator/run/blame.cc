#include "validator/run/blame.h"

#include <charconv>

#include "validator/run/tell.h"

namespace sluice::run {

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Blame> read_blame(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view field = text.substr(0, at);
  const std::string_view range = text.substr(at + 1);
  const std::size_t equals = field.find('=');
  const std::size_t dots = range.find("..");
  if (equals == std::string_view::npos || equals == 0 || dots == std::string_view::npos) return std::nullopt;
  const auto begin = number(range.substr(0, dots));
  const auto end = number(range.substr(dots + 2));
  if (!begin || !end || *begin > *end) return std::nullopt;
  return Blame{.path = std::string(field.substr(0, equals)),
               .bytes = {.begin = *begin, .end = *end},
               .value = std::string(field.substr(equals + 1))};
}

std::optional<SeenFault> read_seen_fault(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals + 1 == text.size()) return std::nullopt;
  const auto id = finding_by_code(text.substr(0, equals));
  if (!id || !is_fault(*id)) return std::nullopt;
  return SeenFault{.id = *id, .text = std::string(text.substr(equals + 1))};
}

}  // namespace sluice::run
