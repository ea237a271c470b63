#include "fuzz/engine/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string_view>

namespace sluice::engine {

namespace {

// The arrays come from memory that a driver can write to.
template <std::size_t N>
std::string_view view(const char (&text)[N]) {
  return {text, ::strnlen(text, N)};
}

struct Word {
  std::string_view word;  // of a host, or of what stands in for the kernel
  FindingId id;
};

constexpr std::array kWords = {
    Word{"read", FindingId::read_outside},
    Word{"write", FindingId::write_outside},
    Word{"execute", FindingId::wild_access},
    Word{"protection", FindingId::wild_access},
    Word{"wild", FindingId::wild_access},
    Word{"out-of-bounds", FindingId::read_outside},
    Word{"null", FindingId::null_followed},
    Word{"uninitialised", FindingId::uninitialised_followed},
    Word{"use-after-free", FindingId::use_after_free},
    Word{"double-free", FindingId::double_free},
    Word{"bad-free", FindingId::bad_free},
    Word{"stack-exhausted", FindingId::stack_exhausted},
    Word{"undefined", FindingId::undefined_behaviour},
    Word{"arithmetic", FindingId::undefined_behaviour},
    Word{"illegal", FindingId::undefined_behaviour},
    Word{"trap", FindingId::undefined_behaviour},
    Word{"bug", FindingId::bugcheck},
    Word{"bugcheck", FindingId::bugcheck},
    Word{"timeout", FindingId::not_in_time},
    Word{"memory", FindingId::memory_exhausted},
    Word{"ended", FindingId::process_ended},
    Word{"forbidden", FindingId::forbidden_call},
    Word{"forbidden-system-call", FindingId::forbidden_call},
    Word{"import", FindingId::import_missing},
};

std::string word(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; }, '-');
  return out.substr(0, 48);
}

std::string_view role_of(const Fault& fault) { return view(fault.object.what); }

std::uint64_t mix(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return (hash ^ 0xFF) * 0x100000001B3u;
}

std::string object_of(const Fault& fault) {
  const worker::ObjectRecord& object = fault.object;
  if (role_of(fault).empty()) return "";
  const char* side = object.side == worker::Side::start ? "before the begin" : "past the end";
  std::string text = object.side == worker::Side::inside
                         ? fmt::format(", at byte {} of a {}-byte {}", object.distance, object.bytes, role_of(fault))
                         : fmt::format(", {} bytes {} of a {}-byte {}", object.distance, side, object.bytes,
                                       printable(role_of(fault)));
  if (object.elements != 0) text += fmt::format(" of {} elements", object.elements);
  return text;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](unsigned char c) { return std::isprint(c) == 0; }, '.');
  return out;
}

Fault refusal_of(Step step, std::uint32_t event, std::uint32_t code) {
  Fault fault{};
  std::strcpy(fault.kind, step == Step::load ? "content-refused" : "evaluation-refused");
  fault.offset = kNoOffset;
  fault.step = step;
  fault.event = event;
  fault.is_refusal = 1;
  fault.code = code;
  return fault;
}

std::uint64_t hash_of(const Fault& fault) {
  std::uint64_t hash = mix(0xCBF29CE484222325u, view(fault.kind));
  hash = mix(hash, role_of(fault));
  return (hash ^ (fault.is_refusal != 0 ? fault.code : fault.offset)) * 0x100000001B3u;
}

std::string identity_of(const Fault& fault) {
  if (fault.is_refusal != 0) return fmt::format("{}-{:08x}", word(view(fault.kind)), fault.code);
  const std::string place = !view(fault.symbol).empty() ? word(view(fault.symbol))
                            : fault.offset != kNoOffset ? fmt::format("{:x}", fault.offset)
                                                        : "nowhere";
  return fmt::format("{}-{}-{:08x}", word(view(fault.kind)), place, static_cast<std::uint32_t>(hash_of(fault)));
}

std::optional<FindingId> finding_id_of(std::string_view kind) {
  if (kind.starts_with("signal-") || kind.starts_with("exit-code-")) return FindingId::process_ended;
  const auto found = std::ranges::find(kWords, kind, &Word::word);
  return found == kWords.end() ? std::nullopt : std::optional(found->id);
}

std::optional<FindingId> finding_id_of(const Fault& fault) {
  if (fault.is_refusal != 0) return std::nullopt;
  const auto id = finding_id_of(view(fault.kind));
  const bool is_access =
      id == FindingId::read_outside || id == FindingId::write_outside || id == FindingId::wild_access;
  return is_access && role_of(fault) == "freed allocation" ? FindingId::use_after_free : id;
}

std::string sentence_of(const Fault& fault) {
  if (fault.is_refusal != 0) {
    return fault.step == Step::load ? fmt::format("the driver refuses the content: load returned 0x{:08x}", fault.code)
                                    : fmt::format("evaluating an event returns an error: 0x{:08x}", fault.code);
  }
  std::string text = printable(view(fault.kind));
  if (fault.address != 0) text += fmt::format(" of 0x{:x}", fault.address);
  text += object_of(fault);
  if (!view(fault.symbol).empty()) text += fmt::format(", in {}", printable(view(fault.symbol)));
  if (fault.offset != kNoOffset) text += fmt::format(" at +0x{:x}", fault.offset);
  if (!view(fault.text).empty()) text += ": " + printable(view(fault.text));
  return text;
}

}  // namespace sluice::engine
