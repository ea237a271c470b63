#include "fuzz/worker/fault_json.h"

#include <algorithm>

#include "fuzz/worker/fault_text.h"
#include "fuzz/worker/instruction.h"

namespace sluice::worker {

namespace {

constexpr std::array<std::string_view, 4> kPhases = {"start", "load", "evaluate", "unload"};
constexpr std::array<std::string_view, 4> kSides = {"", "start", "inside", "end"};

template <std::size_t N, typename Enum>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
  return words[std::min<std::size_t>(static_cast<std::uint32_t>(value), N - 1)];
}

Json object_json(const ObjectRecord& object) {
  Json out = {{"what", text_of(object.what)}, {"name", text_of(object.name)}, {"bytes", object.bytes}};
  if (object.elements != 0) out["elements"] = object.elements;
  out["side"] = word(kSides, object.side);
  out["distance"] = object.distance;
  return out;
}

std::string hexadecimal(std::uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

Whereabouts whereabouts(const Progress& progress) {
  return {.phase = std::min(progress.phase.load(), Phase::unload),
          .event = progress.event.load(),
          .has_reached = progress.has_reached.load() != 0,
          .instance = progress.instance.load(),
          .criterion = progress.criterion.load()};
}

Json frames_json(const FramesRecord& frames) {
  Json out = Json::array();
  const std::size_t count = std::min<std::size_t>(frames.count, kMaxFrames);
  for (std::size_t i = 0; i < count; ++i) {
    const FrameRecord& frame = frames.frames[i];
    out.push_back({{"module", text_of(frame.module)}, {"offset", frame.offset}, {"symbol", text_of(frame.symbol)}});
  }
  return out;
}

Json log_json(const Log& log) {
  Json out = Json::array();
  const std::size_t count = std::min<std::size_t>(log.count, kMaxLogLines);
  for (std::size_t i = 0; i < count; ++i) out.push_back(text_of(log.lines[i]));
  return out;
}

Json fault_json(const FaultRecord& told, const Whereabouts& where, const Log& log, std::size_t stack_size) {
  FaultRecord fault = told;  // what the child cannot change any more
  const Json instruction = instruction_json(fault);
  const bool is_access = fault.access != Access::none;
  Json out;
  out["kind"] = word(kFaultKinds, fault.kind);
  out["access"] = is_access ? Json(access_word(fault.access)) : Json();
  out["size"] = fault.size != 0 ? Json(fault.size) : Json();
  out["text"] = fault_text(fault, stack_size);
  out["phase"] = word(kPhases, where.phase);
  out["event"] = where.phase == Phase::evaluate ? Json(where.event) : Json();
  out["instance"] = where.has_reached ? Json(where.instance) : Json();
  out["criterion"] = where.has_reached ? Json(where.criterion) : Json();
  out["address"] = fault.has_address != 0 ? Json(hexadecimal(fault.address)) : Json();
  out["object"] = fault.object.what[0] != '\0' ? object_json(fault.object) : Json();
  if (!instruction.is_null()) out["instruction"] = instruction;
  out["frames"] = frames_json(fault.frames);
  out["allocated"] = frames_json(fault.allocated);
  out["freed"] = frames_json(fault.freed);
  out["log"] = log_json(log);
  return out;
}

}  // namespace sluice::worker
