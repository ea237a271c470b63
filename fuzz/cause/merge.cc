#include "fuzz/cause/merge.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string_view>

#include "fuzz/cause/signature.h"

namespace sluice::cause {

namespace {

bool shows(const Place& at, std::size_t build, const Shown& shown) {
  return build < at.everywhere.size() && std::ranges::find(at.everywhere[build], shown) != at.everywhere[build].end();
}

// Work without end is cut off by whatever is used up first.
bool are_alike(std::string_view a, std::string_view b) {
  const auto is_endless = [](std::string_view kind) { return kind == "not-in-time" || kind == "stack-exhausted"; };
  return a == b || (is_endless(a) && is_endless(b));
}

bool are_one(const Place& a, const Place& b) {
  if (a.build != b.build) return a.shown == b.shown && shows(a, b.build, b.shown) && shows(b, a.build, a.shown);
  if (!are_alike(a.shown.kind, b.shown.kind)) return false;
  if (!a.refusals.empty() && a.refusals == b.refusals) return true;
  return a.field == b.field && (!a.field.empty() || a.shown == b.shown);
}

}  // namespace

Shown shown_of(const engine::Fault& fault) {
  const Signature signature = signature_of(fault);
  return {.kind = signature.kind,
          .step = fault.step,
          .function = signature.functions.empty() ? "" : signature.functions.front()};
}

std::vector<std::vector<std::size_t>> causes_of(std::span<const Place> places) {
  std::vector<std::size_t> first(places.size());
  std::iota(first.begin(), first.end(), std::size_t{0});
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (first[i] == first[j] || !are_one(places[i], places[j])) continue;
      const auto [to, from] = std::minmax(first[i], first[j]);
      const std::size_t kept = to;
      std::ranges::replace(first, std::size_t{from}, kept);
    }
  }
  std::map<std::size_t, std::vector<std::size_t>> causes;
  for (std::size_t i = 0; i < places.size(); ++i) causes[first[i]].push_back(i);
  std::vector<std::vector<std::size_t>> out;
  for (auto& [lead, members] : causes) out.push_back(std::move(members));
  return out;
}

}  // namespace sluice::cause
