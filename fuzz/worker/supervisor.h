// Serves requests: reads them, has a child do them, answers. Runs no code of a driver.
#pragma once

#include <optional>
#include <string>

#include "fuzz/worker/answer.h"
#include "fuzz/worker/block_account.h"
#include "fuzz/worker/child_process.h"
#include "fuzz/worker/options.h"

namespace sluice::worker {

class Supervisor {
 public:
  // The descriptors are above those that a child gets, and stay.
  Supervisor(const Options& options, Shared& shared, int target, int null)
      : options_(options), shared_(shared), child_(options, shared, target, null) {}

  // Says hello and answers until the input ends. Returns the exit code of the worker.
  int serve(int input, int output);

 private:
  // Null JSON, or the fault that came of it; then there is no child any more.
  Json start_child();
  Json carry_out(const Job& job);
  Json have_done(Order order, std::uint32_t patience);
  Json fault_of(ChildProcess::Outcome outcome);

  bool say_hello(int output);
  bool answer_run(const Request& request, const Job& job, int output);
  bool answer_measure(const Request& request, const Job& job, int output);
  bool answer_blocks(const Request& request, Job& job, int output);
  int fail(const std::string& why);

  const Options& options_;
  Shared& shared_;
  ChildProcess child_;
  BlockAccount blocks_;
};

}  // namespace sluice::worker
