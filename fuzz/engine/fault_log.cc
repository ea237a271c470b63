#include "fuzz/engine/fault_log.h"

#include <algorithm>

#include "fuzz/engine/hash.h"

namespace sluice::engine {

namespace {

// An escape is the worst there is: told even where the fault is known from content that the gate refuses.
std::uint64_t hash_of(const Fault& fault, bool is_escape) {
  return hash_of(fault) ^ static_cast<std::uint64_t>(is_escape);
}

bool has(const std::vector<std::uint64_t>& list, std::uint64_t value) {
  return std::ranges::find(list, value) != list.end();
}

}  // namespace

FaultLog::FaultLog(Shared& shared, std::uint64_t inputs_per_fault)
    : shared_(shared), inputs_per_fault_(inputs_per_fault) {
  const std::uint32_t count = std::min<std::uint32_t>(shared_.num_faults, kMaxFaultsFound);
  for (const FaultFound& found : std::span(shared_.faults).first(count)) {
    const auto [recipe, input] = parts_of(shared_, found);
    note(found, input);
    used_ = static_cast<std::size_t>(input.data() + input.size() - shared_.fault_bytes);
  }
}

void FaultLog::note(const FaultFound& found, std::span<const std::uint8_t> input) {
  Told& told = told_of(found.hash);
  told.last = found.execution;
  told.inputs.push_back(hash_of_bytes(input));
  told.parents.push_back(found.parent);
}

const FaultLog::Told* FaultLog::find(std::uint64_t hash) const {
  const auto told = std::ranges::find(all_, hash, &Told::hash);
  return told != all_.end() ? &*told : nullptr;
}

FaultLog::Told& FaultLog::told_of(std::uint64_t hash) {
  const auto told = std::ranges::find(all_, hash, &Told::hash);
  return told != all_.end() ? *told : all_.emplace_back(Told{.hash = hash, .last = 0, .inputs = {}, .parents = {}});
}

bool FaultLog::knows(const Fault& fault, bool is_escape) const {
  return all_.size() >= kMaxFaults || find(hash_of(fault, is_escape)) != nullptr;
}

bool FaultLog::wants(const Fault& fault, bool is_escape, std::span<const std::uint8_t> input, std::uint64_t parent) {
  constexpr std::uint64_t kApart = 50;  // executions
  const Told* told = find(hash_of(fault, is_escape));
  if (told == nullptr) return all_.size() < kMaxFaults;
  const std::uint64_t since = shared_.executions - told->last;
  if (told->inputs.size() >= inputs_per_fault_ || since == 0) return false;
  if (since < kApart && has(told->parents, parent)) return false;
  return !has(told->inputs, hash_of_bytes(input));
}

void FaultLog::put(const Fault& fault, bool is_escape, std::span<const std::uint8_t> input, std::uint64_t parent,
                   std::string_view recipe) {
  const std::uint32_t count = shared_.num_faults;
  if (count >= kMaxFaultsFound) return;
  recipe = recipe.substr(0, kMaxRecipe);
  const std::uint64_t hash = hash_of(fault, is_escape);
  const bool is_first = find(hash) == nullptr;
  const std::size_t kept_free = is_first ? 0 : (kMaxFaults - all_.size()) * kMostOfFault;
  if (recipe.size() + input.size() + kept_free > sizeof shared_.fault_bytes - used_) return;
  FaultFound& found = shared_.faults[count];
  found = {.fault = fault,
           .hash = hash,
           .parent = parent,
           .execution = shared_.executions,
           .is_escape = is_escape,
           .at = static_cast<std::uint32_t>(used_),
           .recipe_size = static_cast<std::uint32_t>(recipe.size()),
           .size = static_cast<std::uint32_t>(input.size())};
  std::uint8_t* to = std::ranges::copy(recipe, shared_.fault_bytes + used_).out;
  std::ranges::copy(input, to);
  used_ += recipe.size() + input.size();
  shared_.num_faults = count + 1;
  note(found, input);
}

}  // namespace sluice::engine
