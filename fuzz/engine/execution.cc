#include "fuzz/engine/execution.h"

#include <bit>
#include <cstring>

#include "fuzz/engine/adapter.h"
#include "fuzz/kernel_api/control.h"
#include "fuzz/worker/poison.h"

namespace sluice::engine {

namespace {

using Target = struct sluice_target;

struct LoadCall {
  const Target* target;
  const void* content;
  std::size_t size;
};
struct EvaluateCall {
  const Target* target;
  const sluice_event* event;
};

std::uint64_t do_load(const void* raw) {
  const auto& call = *static_cast<const LoadCall*>(raw);
  const sluice_result result = call.target->load(call.content, call.size);
  sluice_kernel_check_return();
  return std::bit_cast<std::uint64_t>(result);
}

std::uint64_t do_evaluate(const void* raw) {
  const auto& call = *static_cast<const EvaluateCall*>(raw);
  const sluice_result result = call.target->evaluate(call.event);
  sluice_kernel_check_return();
  return std::bit_cast<std::uint64_t>(result);
}

std::uint64_t do_unload(const void* raw) {
  static_cast<const Target*>(raw)->unload();
  sluice_kernel_check_return();
  sluice_kernel_check_memory();
  return 0;
}

std::uint64_t do_describe(const void* raw) {
  return reinterpret_cast<std::uint64_t>(static_cast<const Target*>(raw)->describe());
}

std::optional<Fault> refusal_in(std::uint64_t word, Step step, std::uint32_t event) {
  const auto result = std::bit_cast<sluice_result>(word);
  if (result.status > SLUICE_REFUSED) adapter_mistake("returned an unknown status");
  if (result.status == SLUICE_ACCEPTED) return std::nullopt;
  return refusal_of(step, event, result.code);
}

}  // namespace

image::Parsed<void> Execution::start() {
  // The first load is what an adapter starts its driver at. What it makes of no content does not matter yet: the engine
  // begins with an empty input, and a fault is told then.
  Result result;
  if (load({}, result) == Loaded::accepted) unload(result);
  if (auto described = describe(); !described) return described;
  const std::vector<Event> events = plain_events(types_);
  plain_ = encode(events);
  num_plain_ = static_cast<std::uint32_t>(events.size());
  return host_.begin();
}

image::Parsed<void> Execution::describe() {
  if (host_.target().describe == nullptr) return {};
  Fault fault{};
  std::uint64_t word = 0;
  if (!host_.call(do_describe, &host_.target(), word, fault)) {
    return std::unexpected("faults in describe(): " + sentence_of(fault));
  }
  const auto* description = reinterpret_cast<const sluice_description*>(word);
  if (description == nullptr) return {};
  if (description->num_types > kMaxTypes) return std::unexpected(std::string("describes more than 1024 types"));
  for (std::uint32_t i = 0; i < description->num_types; ++i) {
    const sluice_template_type& from = description->types[i];
    if (from.num_inputs > kMaxInputs) return std::unexpected(std::string("describes a type of more than 1024 inputs"));
    DescribedType& type = types_.emplace_back();
    type.type = from.type;
    if (from.name != nullptr) type.name.assign(from.name, ::strnlen(from.name, kMaxTypeName));
    for (std::uint32_t k = 0; k < from.num_inputs; ++k) {
      type.kinds.push_back(from.input_kinds != nullptr ? from.input_kinds[k] : std::uint32_t{SLUICE_U64});
    }
  }
  return {};
}

Execution::Result Execution::run(std::span<const std::uint8_t> input, bool is_traced) {
  Result result;
  image::Coverage* coverage = host_.coverage();
  if (coverage == nullptr) {
    count_reached(true);
    run_once(input, result);
    return result;
  }
  coverage->forget_hits();
  const std::size_t known = coverage->num_known();
  is_strict_ = is_traced;
  if (!is_traced) {
    count_reached(true);
    run_once(input, result);
    result.has_new_block = coverage->num_known() != known;
    if (!result.has_new_block) return result;
  }
  // What came to something new counts in full: otherwise it would be known by the new alone.
  // It is also looked at more closely.
  Result again;
  is_strict_ = true;
  coverage->begin_trace();
  count_reached(is_traced);
  run_once(input, is_traced ? result : again);
  coverage->end_trace();
  if (!is_traced && result.num_faults == 0) {
    result.num_faults = again.num_faults;
    result.faults = again.faults;
  }
  return result;
}

Execution::Result Execution::explore(std::span<const std::uint8_t> content, const Exploration& exploration,
                                     std::vector<run::Reached>& all) {
  Result result;
  if (load(content, result) == Loaded::accepted) {
    result.is_accepted = true;
    bool is_loaded = true;
    exploration.explore(content, [&](std::span<const std::uint8_t> event, std::vector<run::Reached>& reached) {
      memory_.events.load(event, worker::kPoisonBytes[0]);
      record_reached(&reached);
      const bool is_done = evaluate(0, result);
      record_reached(nullptr);
      all.insert(all.end(), reached.begin(), reached.end());
      keep_refusal(result);
      if (is_done) return true;
      is_loaded = false;
      if (result.num_faults == kMaxFaultsOfOne) return false;
      host_.recover();
      is_loaded = load(content, result) == Loaded::accepted;
      return is_loaded;
    });
    if (is_loaded) unload(result);
  }
  host_.recover();
  return result;
}

void Execution::run_once(std::span<const std::uint8_t> input, Result& result) {
  const auto container = bytes::read_fuzz_input(input);
  if (container) {
    run_operations(*container, result);
  } else {
    run_plain(input, result);
  }
  host_.recover();
}

void Execution::run_plain(std::span<const std::uint8_t> content, Result& result) {
  const Loaded loaded = load(content, result);
  keep_refusal(result);
  if (loaded != Loaded::accepted) return;
  result.is_accepted = true;
  memory_.events.load(plain_, worker::kPoisonBytes[0]);
  for (std::uint32_t i = 0; i < num_plain_; ++i) {
    const bool is_done = evaluate(i, result);
    keep_refusal(result);
    if (is_done) continue;
    if (result.num_faults == kMaxFaultsOfOne) return;
    host_.recover();
    if (load(content, result) != Loaded::accepted) return;
  }
  unload(result);
}

void Execution::run_operations(const bytes::FuzzInput& input, Result& result) {
  const std::vector<Operation> operations = read_operations(input.operations);
  if (operations.empty()) return run_plain(input.content, result);
  std::vector<Event> events;
  for (const Operation& operation : operations) {
    if (operation.act == Act::evaluate) events.push_back(operation.event);
  }
  const std::vector<std::uint8_t> encoded = encode(events);
  memory_.events.load(encoded, worker::kPoisonBytes[0]);
  bool is_loaded = false;
  bool is_fresh = true;
  std::uint32_t next = 0;
  for (const Operation& operation : operations) {
    switch (operation.act) {
      case Act::load_first:
      case Act::load_second: {
        if (is_loaded && !unload(result)) return;
        const Loaded loaded = load(operation.act == Act::load_first ? input.content : input.second, result);
        // What a driver says of content that comes after other content may be about both.
        if (is_fresh && operation.act == Act::load_first) keep_refusal(result);
        is_fresh = false;
        if (loaded == Loaded::faulted) return;
        is_loaded = loaded == Loaded::accepted;
        result.is_accepted = result.is_accepted || is_loaded;
        break;
      }
      case Act::unload:
        if (is_loaded && !unload(result)) return;
        is_loaded = false;
        break;
      case Act::evaluate:
        if (!is_loaded) {
          memory_.events.next();
          ++next;
        } else if (!evaluate(next++, result)) {
          return;
        }
        break;
    }
  }
  if (is_loaded) unload(result);
}

bool Execution::call(Host::Function function, const void* argument, Step step, std::uint32_t event, std::uint64_t& word,
                     Result& result) {
  Fault fault{};
  ++pulse_.calls;
  pulse_.is_inside = 1;
  bool good = host_.call(function, argument, word, fault);
  pulse_.is_inside = 0;
  if (const std::uint64_t refused = sluice_kernel_counts().refused; refused != refused_before_) {
    refused_before_ = refused;
    if (good) {
      std::strcpy(fault.kind, "memory");
      fault.offset = kNoOffset;
      good = false;
    }
  }
  if (good) return true;
  fault.step = step;
  fault.event = event;
  if (result.num_faults < kMaxFaultsOfOne) result.faults[result.num_faults++] = fault;
  return false;
}

Execution::Loaded Execution::load(std::span<const std::uint8_t> content, Result& result) {
  const LoadCall load{.target = &host_.target(), .content = memory_.content.place(content), .size = content.size()};
  std::uint64_t word = 0;
  const bool is_done = call(do_load, &load, Step::load, kNoEvent, word, result);
  if (is_strict_) {
    memory_.content.retire();
  } else {
    memory_.content.discard(worker::kFreedBytes[0]);
  }
  refusal_.reset();
  if (!is_done) return Loaded::faulted;
  refusal_ = refusal_in(word, Step::load, kNoEvent);
  return refusal_ ? Loaded::refused : Loaded::accepted;
}

bool Execution::evaluate(std::uint32_t index, Result& result) {
  const EvaluateCall evaluate{.target = &host_.target(), .event = &memory_.events.next()};
  memory_.arrays.begin_call();
  std::uint64_t word = 0;
  refusal_.reset();
  if (!call(do_evaluate, &evaluate, Step::evaluate, index, word, result)) return false;
  refusal_ = refusal_in(word, Step::evaluate, index);
  return true;
}

void Execution::keep_refusal(Result& result) const {
  if (!result.refusal) result.refusal = refusal_;
}

bool Execution::unload(Result& result) {
  std::uint64_t word = 0;
  return call(do_unload, &host_.target(), Step::unload, kNoEvent, word, result);
}

}  // namespace sluice::engine
