#include "fuzz/worker/supervisor.h"

#include <sys/wait.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "fuzz/worker/description.h"
#include "fuzz/worker/frame.h"
#include "fuzz/worker/kernel_stack.h"
#include "fuzz/worker/measurement.h"
#include "fuzz/worker/sandbox.h"

namespace sluice::worker {

namespace {

using Outcome = ChildProcess::Outcome;

constexpr std::uint32_t kSteppingPatience = 20;
constexpr std::uint32_t kReadingPatience = 20;  // where the code of an image is read

std::uint32_t patience_for(Order order) {
  if (order == Order::step) return kSteppingPatience;
  return order == Order::list ? kReadingPatience : 1;
}

void reset_answer(Shared& shared) {
  Progress& progress = shared.progress;
  progress.run = 0;
  progress.phase = Phase::start;
  progress.event = 0;
  progress.evaluated = 0;
  progress.has_reached = 0;
  shared.has_load = 0;
  shared.load = {};
  shared.stack_used = 0;
  shared.still_allocated = 0;
  shared.num_reached = 0;
  shared.is_reached_complete = 1;
  shared.num_refused = 0;
  shared.disagreement.is_set = 0;
  shared.num_leaks = 0;
  shared.log.count = 0;
  shared.fault.is_set = 0;
  shared.stop.has_stopped = 0;
  shared.num_listed = shared.num_instructions = 0;
  BlockAccount::clear(shared);
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string end_text(int status) {
  if (WIFEXITED(status)) return "exit code " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  const char* name = sigabbrev_np(signal);
  return "signal " + std::to_string(signal) + (name != nullptr ? " (SIG" + std::string(name) + ")" : "");
}

}  // namespace

int Supervisor::fail(const std::string& why) {
  std::fprintf(stderr, "sluice-run: %s\n", why.c_str());
  return 2;
}

Json Supervisor::fault_of(Outcome outcome) {
  // A fault that the child could still tell says more than how it ended.
  if (shared_.fault.is_set != 0 && (outcome == Outcome::done || outcome == Outcome::ended)) {
    return fault_json(shared_.fault, whereabouts(shared_.progress), shared_.log, options_.stack * kInstrumentedFrames);
  }
  FaultRecord fault{};
  fault.system_call = -1;
  const auto say = [&fault](FaultKind kind, const std::string& text) {
    fault.kind = kind;
    std::snprintf(fault.text, sizeof fault.text, "%s", text.c_str());
  };
  switch (outcome) {
    case Outcome::too_slow:
      say(FaultKind::timeout, "did not return within " + std::to_string(options_.wall_ms) + " ms");
      break;
    case Outcome::too_busy:
      say(FaultKind::timeout, "used more than " + std::to_string(options_.cpu_ms) + " ms of the processor");
      break;
    case Outcome::too_large:
      say(FaultKind::memory, "holds more than " + std::to_string(options_.memory) + " bytes");
      break;
    case Outcome::unwanted: say(FaultKind::ended, "was not waited for"); break;
    case Outcome::silent: say(FaultKind::silent, "answered out of turn, or closed its pipe"); break;
    case Outcome::ended:
    case Outcome::done: say(FaultKind::ended, end_text(child_.wait_status())); break;
  }
  return fault_json(fault, whereabouts(shared_.progress), shared_.log, options_.stack * kInstrumentedFrames);
}

Json Supervisor::have_done(Order order, std::uint32_t patience) {
  shared_.job.order = order;
  const Outcome outcome = child_.order(patience);
  if (outcome == Outcome::done && shared_.fault.is_set == 0) return {};
  child_.end();
  return fault_of(outcome);
}

Json Supervisor::start_child() {
  reset_answer(shared_);
  shared_.counts_blocks = shared_.num_blocks = 0;
  if (!child_.start()) {
    FaultRecord fault{};
    fault.kind = FaultKind::ended;
    std::snprintf(fault.text, sizeof fault.text, "could not be started: %s", std::strerror(errno));
    return fault_json(fault, {}, shared_.log, options_.stack);
  }
  return have_done(Order::start, options_.coverage ? kReadingPatience : 1);
}

Json Supervisor::carry_out(const Job& job) {
  if (!child_.is_running()) {
    Json fault = start_child();
    if (!fault.is_null()) return fault;
  }
  reset_answer(shared_);
  // What a child has left there is nothing to go by.
  std::memcpy(&shared_.job, &job, sizeof job);
  return have_done(job.order, patience_for(job.order));
}

bool Supervisor::say_hello(int output) {
  Json hello = {{"hello", 1}, {"version", SLUICE_VERSION}};
  Json fault = start_child();
  const bool good = fault.is_null();
  if (good) {
    hello["sanitizers"] = kSanitized;
    add_description(shared_, hello);
    if (options_.coverage) hello["blocks"] = shared_.counts_blocks != 0 ? Json(shared_.num_blocks) : Json();
  } else {
    hello["fault"] = std::move(fault);
  }
  return write_frame(output, dump(hello), {}) && good;
}

bool Supervisor::answer_run(const Request& request, const Job& job, int output) {
  const Json fault = carry_out(job);
  // What a driver leaks would become less and less memory for the requests after.
  if (shared_.still_allocated > options_.pool / 8) child_.end();
  const std::optional<Json> hit = options_.coverage ? std::optional(blocks_.take(shared_)) : std::nullopt;
  return write_frame(output, run_answer(request, job, shared_, fault, hit), run_blob(request, shared_));
}

bool Supervisor::answer_blocks(const Request& request, Job& job, int output) {
  blocks_.add({shared_.input, job.content_size});
  job.content_size = blocks_.write(shared_.input);
  child_.end();  // no hooks, and nothing that a driver has written
  const Json fault = carry_out(job);
  child_.end();
  const std::string blob = blocks_blob(shared_);
  return write_frame(output, blocks_answer(request.id, shared_, fault),
                     {reinterpret_cast<const std::uint8_t*>(blob.data()), blob.size()});
}

bool Supervisor::answer_measure(const Request& request, const Job& asked, int output) {
  Job job = asked;
  Json fault;
  Measurement measurement;
  std::optional<SeenStop> seen[2];
  for (job.poison = 0; job.poison < 2 && fault.is_null(); ++job.poison) {
    child_.end();  // the same beginning for each
    fault = carry_out(job);
    if (fault.is_null()) seen[job.poison] = take_stop(shared_.stop);
  }
  if (!fault.is_null()) {
    measurement.how = "the event ended in a fault";
  } else if (!seen[0] || !seen[1]) {
    const bool is_loaded = shared_.has_load != 0 && shared_.load.status == SLUICE_ACCEPTED;
    measurement.how = is_loaded ? "the event did not come to the array" : "the content was refused";
  } else {
    measurement = compare_stops(*seen[0], *seen[1]);
    if (wants_steps(measurement, *seen[0])) {
      job.order = Order::step;
      job.poison = 0;
      job.array = seen[0]->array;
      job.element_size = seen[0]->element_size;
      job.num_slots = num_watched(measurement, *seen[0]);
      std::memset(&shared_.steps, 0, sizeof shared_.steps);
      child_.end();
      carry_out(job);
      refine(measurement, *seen[0], shared_.steps);
    }
  }
  child_.end();
  const Json answer = {{"id", request.id},
                       {"type", asked.type},
                       {"count", measurement.count ? Json(*measurement.count) : Json()},
                       {"certain", measurement.is_certain},
                       {"how", measurement.how},
                       {"fault", fault}};
  return write_frame(output, dump(answer), {});
}

int Supervisor::serve(int input, int output) {
  child_.watch_reader(output);
  if (!say_hello(output)) return 2;
  FrameReader reader(input);
  std::string json;
  std::string why;
  Job job{};
  for (;;) {
    std::size_t blob_size = 0;
    switch (reader.read(json, shared_.input, blob_size, why)) {
      case FrameReader::Got::end: return 0;
      case FrameReader::Got::malformed: return fail(why);
      case FrameReader::Got::frame: break;
    }
    const auto request = read_request(json, {shared_.input, blob_size}, job, why);
    if (!request) return fail(why);
    if (request->order == Order::list && !options_.coverage) return fail("`blocks` is for a worker with --coverage");
    bool written = false;
    switch (request->order) {
      case Order::measure: written = answer_measure(*request, job, output); break;
      case Order::list: written = answer_blocks(*request, job, output); break;
      default: written = answer_run(*request, job, output);
    }
    if (!written) return fail("nobody reads the answers");
  }
}

}  // namespace sluice::worker
