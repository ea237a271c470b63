#include "validator/run/evaluation.h"

#include <algorithm>
#include <numeric>

namespace sluice::run {

namespace {

constexpr std::uint64_t kMostRows = 100'000;    // of one answer, about
constexpr std::uint64_t kMostBytes = 4u << 20;  // of values in one request
constexpr std::uint64_t kMostFaults = 16;       // of one file on one build
constexpr std::size_t kMostRefusals = 16;

// A fault of these kinds costs a whole budget of time or memory; one is enough.
bool is_costly(const Fault& fault) {
  return fault.kind == "timeout" || fault.kind == "silent" || fault.kind == "memory";
}

bool is_same(const Fault& a, const Fault& b) {
  const auto top = [](const Fault& f) {
    return f.frames.empty() ? std::pair(std::string(), std::uint64_t{0})
                            : std::pair(f.frames[0].module, f.frames[0].offset);
  };
  return a.kind == b.kind && a.phase == b.phase && a.instance == b.instance && a.criterion == b.criterion &&
         top(a) == top(b);
}

bool is_same(const Leak& a, const Leak& b) {
  const auto same_frame = [](const StackFrame& x, const StackFrame& y) {
    return x.module == y.module && x.offset == y.offset;
  };
  return a.bytes == b.bytes && a.tag == b.tag && std::ranges::equal(a.frames, b.frames, same_frame);
}

std::optional<Asked> at(std::span<const Asked> batch, std::optional<std::uint32_t> event) {
  return event && *event < batch.size() ? std::optional(batch[*event]) : std::nullopt;
}

}  // namespace

bool Outcome::is_unusable() const {
  return std::ranges::any_of(faults,
                             [](const FaultAt& at) { return at.fault.kind == "adapter" || at.fault.kind == "import"; });
}

std::size_t Evaluation::batch_size(std::span<const Asked> asked, const RunOptions& options) const {
  const std::uint64_t rows = options.once || !options.trace ? 1 : std::max<std::uint64_t>(criteria_, 1);
  const std::uint64_t by_rows = std::max<std::uint64_t>(kMostRows / rows, 64);
  std::size_t count = 0;
  std::uint64_t bytes = 0;
  std::set<std::uint32_t> known;
  for (; count < asked.size() && count < most_events_ && count < by_rows; ++count) {
    for (const std::uint32_t input : asked[count].event.inputs) {
      if (input != kAbsent && known.insert(input).second) bytes += values_[input].bytes.size();
    }
    if (bytes > kMostBytes && count > 0) break;
  }
  return count;
}

bool Evaluation::ask(std::span<const Asked> asked, const RunOptions& options, const Tell& tell) {
  std::vector<Asked> batch;
  std::vector<Event> events;
  std::vector<Indices> requests;  // what is to be asked next comes last
  std::size_t next = 0;
  bool is_first = true;
  while (is_first || next < asked.size()) {
    is_first = false;
    Indices& chunk = requests.emplace_back(batch_size(asked.subspan(next), options));
    std::iota(chunk.begin(), chunk.end(), next);
    next += chunk.size();
    while (!requests.empty()) {
      Indices indices = std::move(requests.back());
      requests.pop_back();
      batch.clear();
      events.clear();
      for (const std::size_t i : indices) batch.push_back(asked[i]), events.push_back(asked[i].event);
      const auto answer = worker_.run(content_, events, values_, options, outcome_.problem);
      if (!answer) return false;
      if (!answer->is_reached_complete && indices.size() > 1) {
        // The same again in two halves, and what comes after in no larger ones.
        most_events_ = indices.size() / 2;
        const auto middle = indices.begin() + static_cast<std::ptrdiff_t>(most_events_);
        requests.emplace_back(middle, indices.end());
        requests.emplace_back(indices.begin(), middle);
        continue;
      }
      if (!answer->is_reached_complete && !indices.empty()) ++outcome_.untold;
      std::vector<std::vector<Reached>> reached(batch.size());
      for (const Reached& row : answer->reached) reached[row.event].push_back(row);
      for (std::size_t i = 0; tell && i < answer->results.size(); ++i) tell(indices[i], reached[i]);
      if (watch_) tell_watch(*answer, batch, indices);
      if (!take(*answer, batch)) {
        outcome_.left_out += indices.size() - std::min(indices.size(), answer->results.size() + 1);
        for (const Indices& request : requests) outcome_.left_out += request.size();
        outcome_.left_out += asked.size() - next;
        return false;
      }
      if (!answer->fault) continue;
      // Behind the event that faulted, without what is like it.
      const std::size_t at_fault = answer->fault->event.value_or(static_cast<std::uint32_t>(answer->results.size()));
      const auto aim = at_fault < batch.size() ? batch[at_fault].aim : std::nullopt;
      Indices kept;
      for (std::size_t i = at_fault + 1; i < indices.size(); ++i) {
        if (!aim || batch[i].aim != aim) kept.push_back(indices[i]);
      }
      if (!kept.empty()) requests.push_back(std::move(kept));
    }
  }
  return true;
}

void Evaluation::tell_watch(const RunAnswer& answer, std::span<const Asked> batch,
                            std::span<const std::size_t> indices) const {
  for (std::size_t i = 0; i < answer.results.size(); ++i) watch_(indices[i], batch[i], &answer.results[i]);
  if (!answer.fault || !answer.fault->event) return;
  const std::size_t at_fault = *answer.fault->event;
  if (at_fault >= answer.results.size() && at_fault < batch.size()) watch_(indices[at_fault], batch[at_fault], nullptr);
}

// False: to go on is of no use.
bool Evaluation::take(const RunAnswer& answer, std::span<const Asked> batch) {
  if (answer.load) {
    outcome_.has_loaded = true;
    if (answer.load->status != 0) outcome_.load_refused = answer.load->code;
  }
  take_results(answer, batch);
  take_oracles(answer, batch);
  if (answer.fault) {
    take_fault(*answer.fault, batch);
    if (++fault_count_ >= kMostFaults || is_costly(*answer.fault)) return false;
  }
  return outcome_.is_loaded();
}

void Evaluation::take_fault(const Fault& fault, std::span<const Asked> batch) {
  if (fault.instance && fault.criterion) outcome_.reached.insert({*fault.instance, *fault.criterion});
  if (fault.event) ++outcome_.faulted;
  const auto same = [&](const Outcome::FaultAt& known) { return is_same(known.fault, fault); };
  if (std::ranges::none_of(outcome_.faults, same)) outcome_.faults.push_back({fault, at(batch, fault.event)});
}

void Evaluation::take_results(const RunAnswer& answer, std::span<const Asked> batch) {
  for (const Reached& row : answer.reached) outcome_.reached.insert({row.instance, row.criterion});
  std::map<std::uint32_t, Spot> last;  // of each event
  for (const Reached& row : answer.refused) last[row.event] = {row.instance, row.criterion};
  for (std::uint32_t i = 0; i < answer.results.size(); ++i) {
    ++outcome_.evaluated[batch[i].event.type];
    if (answer.results[i].status == 0) continue;
    Outcome::RefusalAt refusal{answer.results[i].code, batch[i], {}};
    if (const auto spot = last.find(i); spot != last.end()) refusal.last = spot->second;
    const auto same = [&](const Outcome::RefusalAt& known) {
      return known.code == refusal.code && known.last == refusal.last;
    };
    const bool is_known = std::ranges::any_of(outcome_.refusals, same);
    if (!is_known && outcome_.refusals.size() < kMostRefusals) outcome_.refusals.push_back(std::move(refusal));
  }
}

void Evaluation::take_oracles(const RunAnswer& answer, std::span<const Asked> batch) {
  for (const Leak& leak : answer.leaks) {
    const auto same = [&](const Leak& known) { return is_same(known, leak); };
    if (std::ranges::none_of(outcome_.leaks, same)) outcome_.leaks.push_back(leak);
  }
  if (!answer.disagreement) return;
  const auto same = [&](const Outcome::DisagreementAt& known) {
    return known.told.event.has_value() == answer.disagreement->event.has_value();
  };
  if (std::ranges::none_of(outcome_.disagreements, same)) {
    outcome_.disagreements.push_back({*answer.disagreement, at(batch, answer.disagreement->event)});
  }
}

}  // namespace sluice::run
