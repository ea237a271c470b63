#include "fuzz/cause/signature.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>

namespace sluice::cause {

namespace {

constexpr std::size_t kMostFunctions = 3;

constexpr std::string_view kBadAddress = "bad-address";
constexpr std::string_view kUseAfterFree = "use-after-free";

struct Id {
  FindingId id;
  std::string_view kind;
};

constexpr std::array kIds = {
    Id{FindingId::read_outside, kBadAddress},
    Id{FindingId::write_outside, kBadAddress},
    Id{FindingId::null_followed, kBadAddress},
    Id{FindingId::uninitialised_followed, kBadAddress},
    Id{FindingId::wild_access, kBadAddress},
    Id{FindingId::use_after_free, kUseAfterFree},
    Id{FindingId::double_free, "double-free"},
    Id{FindingId::bad_free, "bad-free"},
    Id{FindingId::stack_exhausted, "stack-exhausted"},
    Id{FindingId::undefined_behaviour, "undefined"},
    Id{FindingId::bugcheck, "bugcheck"},
    Id{FindingId::not_in_time, "not-in-time"},
    Id{FindingId::memory_exhausted, "memory"},
    Id{FindingId::process_ended, "ended"},
    Id{FindingId::gone_silent, "ended"},
    Id{FindingId::forbidden_call, "forbidden"},
    Id{FindingId::import_missing, "import"},
};

template <std::size_t N>
std::string_view view(const char (&text)[N]) {
  return {text, ::strnlen(text, N)};
}

// As the report words it (fuzz/worker/fault_text.cc).
std::string role_in(std::string_view text) {
  for (const std::string_view role : {"array", "allocation", "local variable", "global variable", "content"}) {
    if (text.contains(" byte " + std::string(role)) || text.contains("-byte " + std::string(role)))
      return std::string(role);
  }
  return text.contains("input of the event") ? "value" : "";
}

// A function's name in `match_criterion  fuzz/reference/sensor_interpret.c:91`; empty: there is none in it, or it is
// none of the driver's.
std::string_view function_in(std::string_view line) {
  const std::size_t end = line.find("  ");
  if (end == std::string_view::npos) return {};
  const std::string_view name = line.substr(0, end);
  constexpr std::array kRuntime = {"__asan", "__ubsan", "__sanitizer", "__interceptor", "mem", "str", "wcs"};
  const bool is_runtime = std::ranges::any_of(kRuntime, [&](const char* begin) {
    const bool is_short = std::strlen(begin) == 3;  // of the C library: `memcpy`, and not `member_of`
    return name.starts_with(begin) && (!is_short || !name.contains('_'));
  });
  return is_runtime ? std::string_view() : name;
}

void add(std::vector<std::string>& functions, std::string_view name) {
  if (name.empty() || functions.size() == kMostFunctions || std::ranges::find(functions, name) != functions.end())
    return;
  functions.emplace_back(name);
}

}  // namespace

std::string kind_class_of(const engine::Fault& fault) {
  if (fault.is_refusal != 0) return "refused";
  const auto id = engine::finding_id_of(fault);
  return id ? kind_class_of(*id) : std::string(view(fault.kind));
}

std::string kind_class_of(FindingId id) {
  const auto found = std::ranges::find(kIds, id, &Id::id);
  return found == kIds.end() ? "" : std::string(found->kind);
}

std::uint64_t place_of(const engine::Fault& fault) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  const auto mix = [&hash](std::uint64_t value) { hash = (hash ^ value) * 0x100000001B3u; };
  for (const char c : kind_class_of(fault)) mix(static_cast<unsigned char>(c));
  mix(fault.is_refusal);
  mix(fault.is_refusal != 0 ? fault.code : fault.offset);
  return hash;
}

const engine::Fault* find_place(const engine::Observation& seen, std::uint64_t place) {
  const auto found = std::ranges::find(seen.faults, place, place_of);
  return found == seen.faults.end() ? nullptr : &*found;
}

Signature signature_of(const engine::Fault& fault) {
  Signature signature{.kind = kind_class_of(fault), .role = std::string(view(fault.object.what)), .functions = {}};
  if (signature.role == "null" || signature.kind == kUseAfterFree) signature.role.clear();
  add(signature.functions, view(fault.symbol));
  return signature;
}

Signature signature_of(const Finding& finding) {
  constexpr std::string_view kFreedBy = "freed by ";
  constexpr std::string_view kAllocatedBy = "allocated by ";
  Signature signature{.kind = kind_class_of(finding.id), .role = {}, .functions = {}};
  if (signature.kind == kBadAddress) signature.role = role_in(finding.parameter("text"));
  for (const std::string_view line : finding.stack) {
    if (line.starts_with(kFreedBy)) {
      signature.role = function_in(line.substr(kFreedBy.size()));
    } else if (!line.starts_with(kAllocatedBy)) {
      add(signature.functions, function_in(line));
    }
  }
  return signature;
}

std::string text_of(const Signature& signature) {
  std::string text = signature.kind;
  if (!signature.role.empty()) text += " of " + signature.role;
  for (std::size_t i = 0; i < signature.functions.size(); ++i)
    text += (i == 0 ? " in " : " < ") + signature.functions[i];
  return text;
}

std::string field_without_indices(std::string_view path) {
  std::string out;
  bool is_inside = false;
  for (const char c : path) {
    is_inside = is_inside || c == '[';
    if (!is_inside) out += c;
    if (c == ']') is_inside = false;
  }
  return out;
}

std::set<std::string> refusals_of(const Findings& findings) {
  std::set<std::string> refusals;
  for (const Finding& finding : findings.list()) {
    if (finding.severity != Severity::error) continue;
    refusals.insert(shown_id(finding) + " " + finding.build + " " + field_without_indices(finding.path));
  }
  return refusals;
}

std::string word_of(std::string_view text) {
  constexpr std::size_t kMost = 64;
  std::string out(text.substr(0, kMost));
  std::ranges::replace_if(out, [](unsigned char c) { return std::isalnum(c) == 0 && c != '_' && c != '.'; }, '-');
  return out;
}

}  // namespace sluice::cause
