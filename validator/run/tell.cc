#include "validator/run/tell.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sluice::run {

namespace {

struct FaultKind {
  std::string_view kind;
  FindingId id;
};

constexpr std::array kFaultKinds = {
    FaultKind{"out-of-bounds", FindingId::read_outside},
    FaultKind{"null", FindingId::null_followed},
    FaultKind{"use-after-free", FindingId::use_after_free},
    FaultKind{"double-free", FindingId::double_free},
    FaultKind{"bad-free", FindingId::bad_free},
    FaultKind{"uninitialised", FindingId::uninitialised_followed},
    FaultKind{"wild", FindingId::wild_access},
    FaultKind{"stack-exhausted", FindingId::stack_exhausted},
    FaultKind{"undefined", FindingId::undefined_behaviour},
    FaultKind{"bugcheck", FindingId::bugcheck},
    FaultKind{"timeout", FindingId::not_in_time},
    FaultKind{"memory", FindingId::memory_exhausted},
    FaultKind{"ended", FindingId::process_ended},
    FaultKind{"silent", FindingId::gone_silent},
    FaultKind{"forbidden", FindingId::forbidden_call},
    FaultKind{"import", FindingId::import_missing},
};

std::string code_text(std::uint32_t code) { return fmt::format("0x{:08x}", code); }

// One that nobody could tell the driver's own is at least not believed to be none.
Finding of_fault(const Fault& fault) {
  const std::string text = printable(fault.text, 300, Quotes::keep);
  const auto kind = std::ranges::find(kFaultKinds, fault.kind, &FaultKind::kind);
  if (kind != kFaultKinds.end()) {
    const bool writes = kind->id == FindingId::read_outside && fault.access == "write";
    return Finding::of(writes ? FindingId::write_outside : kind->id).with("text", text);
  }
  const bool is_adapter = fault.kind == "adapter";
  return Finding::of(is_adapter ? FindingId::target_unusable : FindingId::worker_failed)
      .with("reason",
            is_adapter ? text : fmt::format("a fault of unknown kind \"{}\": {}", printable(fault.kind), text));
}

class Teller {
 public:
  Teller(const Outcome& outcome, const Told& told) : outcome_(outcome), told_(told) {}

  std::vector<Finding> run() {
    for (const auto& fault : outcome_.faults) add(of_fault_at(fault));
    if (outcome_.load_refused) {
      add(Finding::of(FindingId::content_refused).with("code", code_text(*outcome_.load_refused)));
    }
    for (const auto& refusal : outcome_.refusals) add(of_refusal(refusal));
    for (const auto& disagreement : outcome_.disagreements) add(of_disagreement(disagreement));
    if (told_.drift) add(of_drift(*told_.drift));
    tell_escape();
    // No escape of this content: it took more than that to show it.
    if (outcome_.faults.empty() && told_.seen != nullptr) add(of_seen(*told_.seen));
    for (const Leak& leak : outcome_.leaks) {
      Finding finding = Finding::of(FindingId::leak)
                            .with("bytes", std::to_string(leak.bytes))
                            .with("tag", fmt::format("\"{}\"", printable(leak.tag)));
      finding.stack = told_.symbolizer.lines(leak.frames, told_.target);
      add(std::move(finding));
    }
    if (!outcome_.problem.empty()) {
      add(Finding::of(FindingId::worker_failed).with("reason", printable(outcome_.problem, 300, Quotes::keep)));
    } else if (outcome_.is_loaded() && told_.asks_coverage) {
      tell_coverage();
    }
    return std::move(findings_);
  }

 private:
  void add(Finding finding) {
    finding.file = told_.file;
    finding.build = told_.build;
    findings_.push_back(std::move(finding));
  }

  void place(Finding& finding, std::optional<Spot> spot) const {
    const Instance* instance = spot ? told_.uses.find(spot->instance) : nullptr;
    if (instance == nullptr) return;
    const Criterion* criterion = find(*instance, spot->criterion);
    finding.path = criterion != nullptr ? criterion->path : instance->path;
    finding.bytes = criterion != nullptr ? criterion->bytes : instance->bytes;
    finding.trail = instance->trail;
  }

  static void blame(Finding& finding, const Blame& blame) {
    finding.path = printable(blame.path, 300, Quotes::keep);
    if (blame.bytes.begin < blame.bytes.end) finding.bytes = blame.bytes;
    if (!blame.value.empty())
      finding.suggest = fmt::format("with {} = {} the driver has no fault", finding.path, printable(blame.value));
  }

  // The inputs that matter come first, and not many.
  std::string words(const Asked& asked) const {
    constexpr std::size_t kShown = 4;
    const Shape* shape = told_.shapes.find(asked.event.type);
    std::string out = asked.number ? fmt::format("events[{}]: ", *asked.number) : "";
    out += fmt::format("type {}", asked.event.type);
    if (shape != nullptr && !shape->name.empty()) out += fmt::format(" \"{}\"", printable(shape->name, 40));
    const std::vector<std::size_t> order = inputs_of(asked);
    for (std::size_t i = 0; i < order.size() && i < kShown; ++i) {
      const std::uint32_t value = asked.event.inputs[order[i]];
      out += fmt::format(", input {} {}", order[i], value == kAbsent ? "absent" : "= " + shown(told_.values[value]));
    }
    if (order.size() > kShown) out += fmt::format(", and {} more", order.size() - kShown);
    return out;
  }

  std::vector<std::size_t> inputs_of(const Asked& asked) const {
    std::vector<std::size_t> order;
    const auto add_input = [&](Integer input) {
      if (input < 0 || input >= static_cast<Integer>(asked.event.inputs.size())) return;
      const auto index = static_cast<std::size_t>(input);
      if (std::ranges::find(order, index) == order.end()) order.push_back(index);
    };
    const Instance* instance = asked.aim ? told_.uses.find(asked.aim->instance) : nullptr;
    if (instance == nullptr) {
      for (std::size_t i = 0; i < asked.event.inputs.size(); ++i) {
        if (asked.event.inputs[i] != kAbsent) order.push_back(i);
      }
      return order;
    }
    if (const Criterion* aimed = find(*instance, asked.aim->criterion)) add_input(aimed->input);
    for (const Criterion& criterion : instance->criteria) add_input(criterion.input);
    return order;
  }

  Finding of_fault_at(const Outcome::FaultAt& at) const {
    Finding finding = of_fault(at.fault);
    if (at.fault.instance) place(finding, Spot{*at.fault.instance, at.fault.criterion.value_or(kAbsent)});
    if (told_.blame != nullptr && finding.path.empty()) blame(finding, *told_.blame);
    if (at.asked) finding.event = words(*at.asked);
    if (!told_.is_replica) finding.instruction = printable(at.fault.instruction, 300, Quotes::keep);
    finding.stack = told_.symbolizer.lines(at.fault.frames, told_.target);
    for (const auto& [what, frames] : {std::pair("allocated by", &at.fault.allocated), {"freed by", &at.fault.freed}}) {
      const auto lines = told_.symbolizer.lines(*frames, told_.target);
      if (!lines.empty()) finding.stack.push_back(fmt::format("{} {}", what, lines.front()));
    }
    return finding;
  }

  Finding of_seen(const SeenFault& seen) const {
    Finding finding = Finding::of(seen.id).with("text", printable(seen.text, 300, Quotes::keep));
    if (told_.blame != nullptr) blame(finding, *told_.blame);
    return finding;
  }

  Finding of_refusal(const Outcome::RefusalAt& at) const {
    Finding finding = Finding::of(FindingId::evaluation_refused).with("code", code_text(at.code));
    place(finding, at.last ? at.last : at.asked.aim);
    finding.event = words(at.asked);
    return finding;
  }

  Finding of_disagreement(const Outcome::DisagreementAt& at) const {
    Finding finding = Finding::of(FindingId::runs_disagree)
                          .with("what", fmt::format("the {} of {}", printable(at.told.what),
                                                    at.told.event ? "an evaluation" : "load"))
                          .with("first", printable(at.told.first))
                          .with("second", printable(at.told.second));
    if (!at.asked) return finding;
    place(finding, at.asked->aim);
    finding.event = words(*at.asked);
    return finding;
  }

  Finding of_drift(const Drift& drift) const {
    Finding finding = Finding::of(FindingId::drift)
                          .with("what", drift.asked ? "an evaluation" : "load")
                          .with("image", drift.image)
                          .with("replica", drift.replica);
    if (!drift.asked) return finding;
    place(finding, drift.asked->aim);
    finding.event = words(*drift.asked);
    return finding;
  }

  // What the validator accepts must not fail: the first of what did is told once more, as the worst there is.
  void tell_escape() {
    const auto fails = [](const Finding& f) { return f.severity == Severity::error && !is_no_verdict(f.id); };
    const auto cause = std::ranges::find_if(findings_, fails);
    if (!told_.is_accepted || cause == findings_.end()) return;
    Finding finding = Finding::of(FindingId::escape)
                          .with("build", told_.build)
                          .with("text", fmt::format("{} ({})", because(*cause), code_of(cause->id)));
    finding.path = cause->path;
    finding.bytes = cause->bytes;
    finding.trail = cause->trail;
    add(std::move(finding));
    std::ranges::rotate(findings_, findings_.end() - 1);
  }

  void tell_coverage() {
    std::uint64_t events = outcome_.faulted;
    for (const auto& [type, count] : outcome_.evaluated) events += count;
    if (told_.uses.left_out > 0) {
      tell_cut("instances", told_.uses.left_out, told_.uses.left_out + told_.uses.instances.size());
    }
    if (outcome_.events_cut > 0) tell_cut("events", outcome_.events_cut, outcome_.events_cut + events);
    if (outcome_.untold > 0) add(Finding::of(FindingId::reached_cut).with("events", std::to_string(outcome_.untold)));
    if (outcome_.left_out > 0) tell_cut("events", outcome_.left_out, outcome_.left_out + events);
    const bool has_criteria =
        std::ranges::any_of(told_.uses.instances, [](const Instance& i) { return i.is_active && !i.criteria.empty(); });
    if (has_criteria && outcome_.reached.empty() && events > 0) {
      add(Finding::of(FindingId::nothing_seen).with("events", std::to_string(events)));
      return;
    }
    if (outcome_.left_out > 0) return;  // too little was asked to miss anything
    for (const Instance& instance : told_.uses.instances) {
      if (instance.is_active && instance.type && !is_at_fault(instance)) tell_missing(instance);
    }
  }

  void tell_cut(std::string_view what, std::uint64_t left, std::uint64_t count) {
    add(Finding::of(FindingId::events_cut)
            .with("left", std::to_string(left))
            .with("count", fmt::format("{} {}", count, what)));
  }

  bool is_at_fault(const Instance& instance) const {
    return std::ranges::any_of(outcome_.faults, [&](const auto& at) { return at.fault.instance == instance.number; });
  }

  std::uint64_t events_of(const Instance& instance) const {
    const auto type = event_type(*instance.type);
    const auto found = type ? outcome_.evaluated.find(*type) : outcome_.evaluated.end();
    return found == outcome_.evaluated.end() ? 0 : found->second;
  }

  std::string why_not(const Instance& instance) const {
    const auto type = event_type(*instance.type);
    if (!type || told_.shapes.find(*type) == nullptr) {
      return fmt::format("the build has no events of template type {}", to_string(*instance.type));
    }
    return fmt::format("none of {} of template type {} came to it", counted(events_of(instance), "event"),
                       to_string(*instance.type));
  }

  // The first criterion that nothing came to says it for those behind it.
  void tell_missing(const Instance& instance) {
    const auto is_reached = [&](const Criterion& c) { return outcome_.reached.contains({instance.number, c.number}); };
    const auto missing = std::ranges::find_if_not(instance.criteria, is_reached);
    if (missing == instance.criteria.end()) return;
    if (missing == instance.criteria.begin()) {
      Finding finding = Finding::of(FindingId::instance_not_evaluated).with("reason", why_not(instance));
      finding.path = instance.path;
      finding.bytes = instance.bytes;
      finding.trail = instance.trail;
      add(std::move(finding));
      return;
    }
    Finding finding = Finding::of(FindingId::criterion_not_evaluated)
                          .with("events", std::to_string(events_of(instance)))
                          .with("before", std::prev(missing)->path);
    finding.path = missing->path;
    finding.bytes = missing->bytes;
    finding.trail = instance.trail;
    add(std::move(finding));
  }

  const Outcome& outcome_;
  const Told& told_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> tell(const Outcome& outcome, const Told& told) { return Teller(outcome, told).run(); }

bool is_fault(FindingId id) {
  return id == FindingId::write_outside || std::ranges::find(kFaultKinds, id, &FaultKind::id) != kFaultKinds.end();
}

Coverage coverage_of(const Outcome& outcome, const Uses& uses) {
  Coverage coverage;
  for (const Instance& instance : uses.instances) {
    if (!instance.is_active || !instance.type) continue;
    std::uint64_t reached = 0;
    for (const Criterion& c : instance.criteria) reached += outcome.reached.contains({instance.number, c.number});
    // What reads nothing tells nothing: an event of its type is what could be done.
    const auto type = event_type(*instance.type);
    const bool had_event = type && outcome.evaluated.contains(*type);
    ++coverage.instances;
    coverage.criteria += instance.criteria.size();
    coverage.dereferenced += reached;
    if (reached > 0 || (instance.criteria.empty() && had_event)) ++coverage.evaluated;
  }
  return coverage;
}

}  // namespace sluice::run
