#include "fuzz/explain/explain.h"

#include <fmt/format.h>

#include <cstring>
#include <string_view>

namespace sluice::explain {

namespace {

using engine::Fault;
using worker::Side;

// The arrays come from memory that a driver can write to.
template <std::size_t N>
std::string text_of(const char (&text)[N]) {
  return engine::printable({text, ::strnlen(text, N)});
}

struct Act {
  std::string_view verb;  // "reads"
  std::string_view noun;  // "read"
};

Act act_of(const Fault& fault) {
  const std::string kind = text_of(fault.kind);
  if (kind == "write") return {"writes", "write"};
  if (kind == "execute") return {"jumps to", "jump"};
  return {"reads", "read"};
}

bool is_access(const Fault& fault) {
  const std::string kind = text_of(fault.kind);
  return kind == "read" || kind == "write" || kind == "execute" || fault.object.side != Side::none;
}

// "a 160-byte array of 20 elements"
std::string object_of(const Fault& fault) {
  const worker::ObjectRecord& object = fault.object;
  std::string text = fmt::format("a {}-byte {}", object.bytes, text_of(object.what));
  if (object.elements != 0) text += fmt::format(" of {}", counted(object.elements, "element"));
  return text;
}

// What the driver does, from "the driver" on.
std::string deed_of(const Fault& fault) {
  const std::string kind = text_of(fault.kind);
  if (kind == "timeout") return "the driver does not come back";
  if (kind == "stack-exhausted") return "the driver calls itself until its stack is used up";
  if (kind == "bugcheck") return "the driver stops the machine: " + text_of(fault.text);
  if (!is_access(fault)) return fmt::format("the driver fails ({})", kind);
  const Act act = act_of(fault);
  switch (fault.object.side) {
    case Side::none:
      return fmt::format("the driver {} {}0x{:x}, where nothing of it is", act.verb,
                         act.verb == "jumps to" ? "" : "at ", fault.address);
    case Side::start:
      return fmt::format("the driver {} {} before the begin of {}", act.verb, counted(fault.object.distance, "byte"),
                         object_of(fault));
    case Side::end:
      return fault.object.distance == 0 ? fmt::format("the driver {} behind the end of {}", act.verb, object_of(fault))
                                        : fmt::format("the driver {} {} behind the end of {}", act.verb,
                                                      counted(fault.object.distance, "byte"), object_of(fault));
    case Side::inside:
      return fmt::format("the driver {} at byte {} of {}", act.verb, fault.object.distance, object_of(fault));
  }
  return "the driver fails";
}

// How many bytes the field's steps are apart in the object: what was seen or, of an array, what its elements are long.
std::optional<Integer> stride_of(const Effect& guilty, const Fault& fault) {
  if (fault.object.side != Side::end && fault.object.side != Side::inside) return std::nullopt;
  if (guilty.moves && *guilty.moves > 0) return Integer{*guilty.moves};
  const worker::ObjectRecord& object = fault.object;
  if (object.elements != 0 && object.bytes % object.elements == 0) return Integer{object.bytes / object.elements};
  return std::nullopt;
}

struct Index {
  std::string words;  // "as the index 20 of places of 8 bytes"
  std::string inequality;
};

std::optional<Index> index_of(const Effect& guilty, const Fault& fault) {
  const auto stride = stride_of(guilty, fault);
  if (!stride || !guilty.number || fault.object.side != Side::end) return std::nullopt;
  const Integer position = Integer{fault.object.bytes} + fault.object.distance;
  const Integer index = position / *stride;
  const Integer places = Integer{fault.object.bytes} / *stride;
  if (*stride == 1) {
    return Index{
        .words = fmt::format("it makes the offset {}", to_string(position)),
        .inequality = fmt::format("offset {} >= {}", to_string(position), counted(fault.object.bytes, "byte"))};
  }
  // Without a step that was seen, only a field that is the index itself is told of.
  if (index != *guilty.number && !guilty.moves) return std::nullopt;
  const bool is_array = fault.object.elements != 0;
  return Index{
      .words = fmt::format("it is used as the index {}, in steps of {} bytes", to_string(index), to_string(*stride)),
      .inequality =
          fmt::format("{} >= {} {}", to_string(index), to_string(places),
                      is_array ? (places == 1 ? "element" : "elements") : (places == 1 ? "place" : "places"))};
}

}  // namespace

std::string does_of(const Effect& effect, const Fault& fault) {
  const std::string_view noun = is_access(fault) ? act_of(fault).noun : "fault";
  if (effect.moves) {
    const std::int64_t by = *effect.moves;
    return fmt::format("each step moves the {} {} {}", noun,
                       counted(static_cast<std::uint64_t>(by < 0 ? -by : by), "byte"), by < 0 ? "back" : "further");
  }
  if (effect.grows) {
    const std::int64_t by = *effect.grows;
    return fmt::format("each step makes the {} {} {}", text_of(fault.object.what),
                       counted(static_cast<std::uint64_t>(by < 0 ? -by : by), "byte"), by < 0 ? "smaller" : "larger");
  }
  return {};
}

Explanation explain(const Effects& effects) {
  Explanation out;
  const Fault& fault = effects.fault;
  if (fault.kind[0] == '\0') return out;
  for (const Effect& effect : effects.fields) {
    out.fields.push_back({.path = effect.path,
                          .bytes = effect.bytes,
                          .value = effect.value,
                          .clean = effect.cure,
                          .does = does_of(effect, fault),
                          .is_guilty = &effect == effects.guilty()});
  }
  const Effect* guilty = effects.guilty();
  const std::string deed = deed_of(fault);
  if (guilty == nullptr) {
    out.sentence = fmt::format("With this content {}.", deed);
    return out;
  }
  std::string value = guilty->value.empty() ? "empty" : engine::printable(guilty->value);
  if (!guilty->number && !guilty->value.empty()) value = "\"" + value + "\"";
  const auto index = index_of(*guilty, fault);
  if (index) {
    out.sentence = fmt::format("{} is {}: {}, and {}.", guilty->path, value, index->words, deed);
    out.inequality = index->inequality;
  } else {
    out.sentence = fmt::format("{} is {}, and {}.", guilty->path, value, deed);
  }
  if (guilty->cures) out.sentence += fmt::format(" With {} there is no fault.", engine::printable(guilty->cure));
  if (guilty->is_refused) out.sentence += " `check` refuses it.";
  return out;
}

}  // namespace sluice::explain
