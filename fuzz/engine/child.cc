#include "fuzz/engine/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include "fuzz/engine/adapter.h"
#include "fuzz/engine/blame.h"
#include "fuzz/engine/confine.h"
#include "fuzz/engine/counters.h"
#include "fuzz/engine/dark_uses.h"
#include "fuzz/engine/deterministic_stage.h"
#include "fuzz/engine/execution.h"
#include "fuzz/engine/fault_log.h"
#include "fuzz/engine/gate.h"
#include "fuzz/engine/hash.h"
#include "fuzz/engine/known_features.h"
#include "fuzz/engine/lib_fuzzer.h"
#include "fuzz/engine/lit.h"
#include "fuzz/engine/mutation.h"
#include "fuzz/engine/parents.h"
#include "fuzz/engine/seen.h"
#include "fuzz/image/session.h"
#include "fuzz/mutate/features.h"
#include "fuzz/mutate/tree.h"

namespace sluice::engine {

namespace {

class Child {
 public:
  explicit Child(const ChildPlan& plan)
      : plan_(plan),
        shared_(*plan.shared),
        fault_log_(shared_, plan.inputs_per_fault),
        features_(*plan.format),
        tree_(*plan.format),
        dark_uses_(*plan.format, features_, shared_) {}

  void start();
  void execute(std::span<const std::uint8_t> input);
  [[noreturn]] void fuzz();
  [[noreturn]] void blame();
  [[noreturn]] void answer();
  void weigh_all();
  [[nodiscard]] bool weigh(std::size_t number, std::span<const std::uint8_t> input);
  [[nodiscard]] std::uint64_t measure_again(std::span<const std::uint8_t> input);
  // What the campaign began with has run when something is mutated.
  [[nodiscard]] Mutation& mutation() {
    shared_.has_mutated = 1;
    run_stage();
    return *mutation_;
  }

 private:
  void tell_types();
  void run_stage();
  void count(const Execution::Result& result);
  bool begin_execution(std::span<const std::uint8_t> input);
  void run_now(std::span<const std::uint8_t> input);
  void look_closer(std::span<const std::uint8_t> input, Execution::Result& result);
  Execution::Result explore(std::span<const std::uint8_t> content);
  void judge(const Execution::Result& result, std::span<const std::uint8_t> input);
  void note(const Fault& fault, bool is_escape, std::span<const std::uint8_t> input);
  void tell_covered(std::uint32_t covered);
  [[noreturn]] void finish();

  const ChildPlan& plan_;
  Shared& shared_;
  FaultLog fault_log_;
  Memory memory_;
  std::unique_ptr<Host> host_;
  std::unique_ptr<Execution> execution_;
  std::unique_ptr<Exploration> exploration_;
  std::unique_ptr<Mutation> mutation_;
  std::unique_ptr<DeterministicStage> stage_;  // while it lasts
  Parents parents_;
  Lit reached_;  // of the counters of a replica
  std::array<Seen, 3> seen_;

  // What content has in it, which libFuzzer takes for more blocks.
  [[nodiscard]] bool mark_features(std::span<const std::uint8_t> input);
  mutate::Features features_;
  mutate::Tree tree_;
  std::vector<std::uint8_t> feature_counters_;
  Lit lit_;
  KnownFeatures known_features_;
  DarkUses dark_uses_;
};

// What a closer look at the same input has shown.
void merge(const Execution::Result& more, Execution::Result& result) {
  for (std::size_t i = 0; i < more.num_faults && result.num_faults < result.faults.size(); ++i) {
    result.faults[result.num_faults++] = more.faults[i];
  }
  if (!result.refusal) result.refusal = more.refusal;
}

// Of this process, in nanoseconds.
std::uint64_t processor_time() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

Child* child = nullptr;
Shared* shared_of_child = nullptr;

[[noreturn]] void cannot(const char* why) {
  std::strncpy(shared_of_child->problem, why, sizeof shared_of_child->problem - 1);
  ::_exit(kChildCannot);
}

void Child::finish() {
  shared_.phase = Phase::done;
  ::_exit(kChildDone);
}

// Nothing of the target has run when this is done, and nothing of it can undo it.
void give_up_rights(const ChildPlan& plan) {
  constexpr rlim_t kLargest = 1u << 30;
  const rlimit none{0, 0};
  const rlimit large{kLargest, kLargest};
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setrlimit(RLIMIT_CORE, &none);
  ::setrlimit(RLIMIT_FSIZE, &large);
  const int log = ::open(plan.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (log < 0 || null < 0) cannot("the folder for what is found cannot be written to");
  ::dup2(null, 0);
  ::dup2(null, 1);
  ::dup2(log, 2);
  ::close_range(3, ~0U, 0);

  std::vector<std::string> readable = {"/lib",     "/lib64",          "/usr/lib", "/etc/ld.so.cache",
                                       plan.seeds, plan.files->target};
  std::string problem;
  // A kernel without it leaves the other half of the sandbox; the supervisor has said so.
  (void)confine_files({.readable = readable, .writable = plan.folder}, problem);
  if (!confine_calls(problem)) cannot(problem.c_str());
}

void Child::start() {
  if (!memory_.map()) cannot("there is no memory for what the driver is given");
  if (!plan_.files->image.empty() && !image::Session::reserve()) cannot("there is no address space for an image");
  give_up_rights(plan_);
  on_adapter_mistake(cannot);
  auto host = Host::open(*plan_.files, memory_);
  if (!host) cannot(host.error().c_str());
  host_ = std::move(*host);
  memory_.arrays.begin_request(plan_.files->supplies);
  execution_ = std::make_unique<Execution>(*host_, memory_, shared_.pulse);
  if (const auto started = execution_->start(); !started) cannot(started.error().c_str());
  exploration_ = std::make_unique<Exploration>(*plan_.format, execution_->types());
  mutation_ = std::make_unique<Mutation>(*plan_.format, execution_->types(), parents_);
  tell_types();
  feature_counters_.resize(features_.size());
  if (image::Coverage* coverage = host_->coverage()) {
    shared_.blocks = static_cast<std::uint32_t>(coverage->blocks().size());
    register_counters(host_->counters());
  } else {
    shared_.blocks = static_cast<std::uint32_t>(host_->counters().size());
  }
  register_counters(feature_counters_);
}

void Child::tell_types() {
  std::uint32_t count = 0;
  for (const DescribedType& type : execution_->types()) {
    TypeName& to = shared_.types[count++];
    to.type = type.type;
    std::ranges::fill(to.name, '\0');
    type.name.copy(to.name, sizeof to.name);
  }
  shared_.num_types = count;
}

bool Child::mark_features(std::span<const std::uint8_t> input) {
  const std::span<const std::uint8_t> content = bytes::content_part(input);
  if (known_features_.mark(content, feature_counters_)) return false;
  if (const mutate::Tree* tree = mutation_->tree_of(content)) {
    features_.mark(*tree, feature_counters_);
    // A tree that was not read may be wrong about some: what it has for new is looked at again.
    if (!lit_.has_new(feature_counters_)) return false;
    std::ranges::fill(feature_counters_, std::uint8_t{0});
  }
  tree_.parse(content);
  features_.mark(tree_, feature_counters_);
  known_features_.add(content, feature_counters_);
  if (lit_.add(feature_counters_) == 0) return false;
  shared_.dark = static_cast<std::uint32_t>(features_.size() - lit_.count() + 1);
  shared_.last_new = shared_.executions.load();
  return true;
}

void Child::fuzz() {
  std::vector<std::string> words = {"sluice-fuzz",
                                    "-runs=-1",
                                    "-seed=" + std::to_string(plan_.seed),
                                    "-max_len=" + std::to_string(plan_.max_len),
                                    "-len_control=0",
                                    "-timeout=0",
                                    "-rss_limit_mb=0",
                                    "-malloc_limit_mb=0",
                                    "-detect_leaks=0",
                                    "-handle_abrt=0",
                                    "-handle_bus=0",
                                    "-handle_fpe=0",
                                    "-handle_ill=0",
                                    "-handle_int=0",
                                    "-handle_segv=0",
                                    "-handle_term=0",
                                    "-handle_xfsz=0",
                                    "-handle_usr1=0",
                                    "-handle_usr2=0",
                                    "-handle_trap=0",
                                    "-print_funcs=0",
                                    "-report_slow_units=1000000",
                                    "-artifact_prefix=" + plan_.folder + "/artifact-",
                                    "-reload=" + std::string(plan_.reloads ? "1" : "0")};
  if (!plan_.seed_list.empty()) words.push_back("-seed_inputs=@" + plan_.seed_list);
  words.push_back(plan_.folder + "/found");
  mutate_by([](std::uint8_t* data, std::size_t size, std::size_t max,
               std::uint32_t seed) { return child->mutation().mutate(data, size, max, seed); },
            [](std::span<const std::uint8_t> first, std::span<const std::uint8_t> second, std::span<std::uint8_t> out,
               std::uint32_t seed) { return child->mutation().cross_over(first, second, out, seed); });
  shared_.phase = Phase::fuzzing;
  run_lib_fuzzer(std::move(words), [](std::span<const std::uint8_t> input) { child->execute(input); });
  cannot("libFuzzer ended by itself");
}

void Child::blame() {
  shared_.phase = Phase::fuzzing;
  Blame blame(*plan_.format, *execution_, *exploration_);
  if (blame.find(plan_.blamed, plan_.blamed_fault, shared_.blame)) shared_.has_blame = 1;
  finish();
}

void Child::answer() {
  shared_.phase = Phase::fuzzing;
  Inquiry& inquiry = shared_.inquiry;
  const auto tell = [&](const Execution::Result& result) {
    if (result.is_accepted) inquiry.is_accepted = 1;
    for (std::size_t i = 0; i < result.num_faults && inquiry.num_faults < kMostAnswered; ++i) {
      inquiry.faults[inquiry.num_faults] = result.faults[i];
      ++inquiry.num_faults;
    }
  };
  for (;;) {
    ::sem_post(&inquiry.answered);
    while (::sem_wait(&inquiry.asked) != 0) {
    }
    if (plan_.weighs) {
      weigh_all();
      continue;
    }
    const auto input = std::span<const std::uint8_t>(shared_.current).first(shared_.current_size);
    const Execution::Result result = execution_->run(input);
    tell(result);
    if (inquiry.explores == 0 || !result.is_accepted) continue;
    std::vector<run::Reached> reached;
    tell(execution_->explore(bytes::content_part(input), *exploration_, reached));
  }
}

void Child::weigh_all() {
  Weighing& weighing = shared_.weighing;
  std::span<const std::uint8_t> rest = weighing.bytes;
  for (std::uint32_t i = 0; i < weighing.num_asked && shared_.stop == 0; ++i) {
    weighing.is_new[i] = static_cast<std::uint8_t>(weigh(i, rest.first(weighing.sizes[i])));
    rest = rest.subspan(weighing.sizes[i]);
    weighing.num_done = i + 1;
  }
}

// As libFuzzer would: by the counters, features of content among them.
bool Child::weigh(std::size_t number, std::span<const std::uint8_t> input) {
  bool is_new = false;
  const std::uint64_t begun = processor_time();
  Execution::Result result = execution_->run(input);
  std::uint64_t took = processor_time() - begun;
  if (result.is_accepted) {
    is_new = mark_features(input) || result.has_new_block;
    if (is_new || dark_uses_.are_due(feature_counters_)) look_closer(input, result);
    std::ranges::fill(feature_counters_, std::uint8_t{0});
  }
  end_counters()[result.is_accepted ? 1 : 2] = 1;
  if (result.num_faults != 0) end_counters()[3] = 1;
  std::size_t found = seen_[0].take(host_->counters());
  found += seen_[1].take(depth_counters());
  found += seen_[2].take(end_counters());
  // The first that comes to a block pays for its trap, and is run with all traps set.
  if (result.has_new_block) took = measure_again(input);
  shared_.weighing.nanoseconds[number] = result.num_faults == 0 ? took : 0;
  shared_.weighing.num_seen = lit_.count() + seen_[0].count() + seen_[1].count() + seen_[2].count();
  return is_new || found != 0;
}

std::uint64_t Child::measure_again(std::span<const std::uint8_t> input) {
  const std::uint64_t begun = processor_time();
  (void)execution_->run(input);
  const std::uint64_t took = processor_time() - begun;
  for (const std::span<volatile std::uint8_t> counters :
       {std::span<volatile std::uint8_t>(host_->counters()), depth_counters(), end_counters()}) {
    std::ranges::fill(counters, std::uint8_t{0});
  }
  return took;
}

bool Child::begin_execution(std::span<const std::uint8_t> input) {
  if (shared_.stop != 0) finish();
  if (plan_.runs != 0 && shared_.executions >= plan_.runs) finish();
  if (input.size() > kMaxInput) return false;
  run_now(input);
  ++shared_.executions;
  return true;
}

// Before the first mutation by chance. What it covers is as if nothing had come to it: an input that does counts later.
void Child::run_stage() {
  if (!plan_.has_stage || shared_.stage.is_over != 0) return;
  const std::size_t most = plan_.runs == 0 ? DeterministicStage::kMostSteps : plan_.runs / 2;
  stage_ = std::make_unique<DeterministicStage>(*plan_.format, parents_, shared_.stage, most);
  image::Coverage* coverage = host_->coverage();
  const std::size_t known = coverage != nullptr ? coverage->num_known() : 0;
  for (;;) {
    const std::span<const std::uint8_t> input = stage_->next(plan_.max_len);
    if (input.empty()) break;
    if (!begin_execution(input)) continue;
    ++shared_.stage.executed;
    Execution::Result result = execution_->run(input);
    if (result.is_accepted) {
      std::vector<run::Reached> reached;
      merge(execution_->explore(input, *exploration_, reached), result);
    }
    count(result);
    judge(result, input);
  }
  stage_.reset();
  shared_.stage.is_over = 1;
  if (coverage != nullptr) coverage->forget_known(known);
}

void Child::count(const Execution::Result& result) {
  if (result.is_accepted) ++shared_.accepted;
  if (result.num_faults != 0) ++shared_.faulted;
}

void Child::execute(std::span<const std::uint8_t> input) {
  if (!begin_execution(input)) return;
  Execution::Result result = execution_->run(input);
  // Of content that is refused nothing counts but how far the driver read: what is wrong with it in new ways would
  // crowd the corpus, and be wrong still after the next mutation.
  if (result.is_accepted) {
    const bool is_new = mark_features(input) || result.has_new_block;
    const bool is_due = dark_uses_.are_due(feature_counters_);
    // Beside what the gate refuses there are few escapes.
    if (is_new && (plan_.property != Property::escape || passes_gate(*plan_.format, input))) parents_.add(input);
    if (is_new || is_due) look_closer(input, result);
  }
  // The first keeps libFuzzer from taking a driver that is covered already for one that is not instrumented.
  end_counters()[0] = 1;
  end_counters()[result.is_accepted ? 1 : 2] = 1;
  count(result);
  if (host_->coverage() == nullptr) (void)reached_.add(host_->counters());
  tell_covered(
      static_cast<std::uint32_t>(host_->coverage() != nullptr ? host_->coverage()->num_known() : reached_.count()));
  if (result.num_faults != 0) end_counters()[3] = 1;
  judge(result, input);
}

void Child::look_closer(std::span<const std::uint8_t> input, Execution::Result& result) {
  const std::span<const std::uint8_t> content = bytes::content_part(input);
  const Execution::Result more = explore(content);
  merge(more, result);
  if (!more.is_accepted) return;
  for (const std::vector<std::uint8_t>& other : dark_uses_.put_first(tree_)) {
    run_now(other);
    judge(explore(other), other);
  }
  run_now(input);
}

// Leaves the content's tree.
Execution::Result Child::explore(std::span<const std::uint8_t> content) {
  std::vector<run::Reached> reached;
  Execution::Result result = execution_->explore(content, *exploration_, reached);
  tree_.parse(content);
  if (result.is_accepted) dark_uses_.note(tree_, reached);
  return result;
}

void Child::run_now(std::span<const std::uint8_t> input) {
  std::memcpy(shared_.current, input.data(), input.size());
  shared_.current_size = static_cast<std::uint32_t>(input.size());
}

void Child::tell_covered(std::uint32_t covered) {
  if (covered <= shared_.blocks_covered) return;  // a child before this one may have come further
  shared_.blocks_covered = covered;
  if (shared_.has_mutated == 0) shared_.blocks_of_seeds = covered;
  shared_.blocks_reachable = static_cast<std::uint32_t>(host_->num_reachable());
  shared_.last_new = shared_.executions.load();
}

void Child::judge(const Execution::Result& result, std::span<const std::uint8_t> input) {
  if (plan_.property == Property::drift) return;
  const bool wants_escapes = plan_.property == Property::escape;
  const bool is_wrong = result.num_faults != 0 || (wants_escapes && result.refusal);
  if (!is_wrong) return;
  const bool is_escape = passes_gate(*plan_.format, input);
  if (wants_escapes && !is_escape) return;
  for (std::size_t i = 0; i < result.num_faults; ++i) note(result.faults[i], is_escape, input);
  if (wants_escapes && result.refusal) note(*result.refusal, is_escape, input);
}

void Child::note(const Fault& fault, bool is_escape, std::span<const std::uint8_t> input) {
  if (stage_ != nullptr) {
    // Its inputs are much alike: one of them is enough.
    if (fault_log_.knows(fault, is_escape)) return;
    fault_log_.put(fault, is_escape, input, hash_of_bytes(stage_->parent()), mutate::print(stage_->recipe()));
    return;
  }
  // A seed was made of nothing else.
  const std::uint64_t parent = shared_.has_mutated != 0 ? mutation_->parent() : hash_of_bytes(input);
  if (fault_log_.wants(fault, is_escape, input, parent)) {
    fault_log_.put(fault, is_escape, input, parent, mutation_->recipe());
  }
}

}  // namespace

void be_child(const ChildPlan& plan) {
  shared_of_child = plan.shared;
  // For ever: libFuzzer ends the process, and not this function.
  child = new Child(plan);
  child->start();
  if (!plan.blamed.empty()) child->blame();
  if (plan.answers) child->answer();
  child->fuzz();
}

}  // namespace sluice::engine
