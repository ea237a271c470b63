// A worker that runs one target: `sluice-run`, or whoever else speaks docs/worker-protocol.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "validator/expression/integer.h"
#include "validator/run/answer.h"
#include "validator/run/block_hits.h"
#include "validator/run/block_list.h"
#include "validator/run/process.h"

namespace sluice::run {

struct WorkerOptions {
  std::string program;               // sluice-run
  std::vector<std::string> budgets;  // words of its command line: `--wall-ms`, `500`
  // A worker has a clock of its own for the target. One that says nothing for so long, and as long again as each call
  // that was asked for may take, will not any more.
  std::chrono::milliseconds patience{42'000};
  std::chrono::milliseconds call{10'000};
  bool coverage = false;  // which blocks of images run is counted
};

// What a worker runs. `image` is the driver that ships, and `path` its adapter; without one `path` is a replica.
struct TargetFiles {
  std::string path;
  std::string image;
  // Whose functions and lines a stack speaks of.
  [[nodiscard]] const std::string& driver() const { return image.empty() ? path : image; }
};

// What every request about one content file has.
struct Content {
  std::span<const std::uint8_t> bytes;
  std::string_view name;
  std::map<Integer, Integer> supplies;  // template type -> elements of a guarded array
};

struct RunOptions {
  bool trace = true;
  bool once = false;  // what is reached is told once a request, not once an event
  std::uint32_t poisons = 2;
  bool leaks = true;
  bool sealed = false;  // content that is written to is a fault
};

class Worker {
 public:
  // Starts it with `target` and waits for its hello, which may still say that the target cannot be used. Null, with
  // `problem` filled: there is no worker.
  [[nodiscard]] static std::unique_ptr<Worker> start(const WorkerOptions& options, const TargetFiles& target,
                                                     std::string& problem);

  [[nodiscard]] const Hello& hello() const { return hello_; }
  // It has answered so much that a new one costs less than what this one has come to hold: sanitizers keep what drivers
  // free, and where they were.
  [[nodiscard]] bool is_worn() const { return id_ >= 100; }
  // What runs hit is added to `hits`, which must outlive this, under `target`.
  void tell_blocks(BlockHits& hits, std::size_t target) {
    hits_ = &hits;
    target_ = target;
  }

  // Empty, with `problem` filled: it died, was silent, or answered nonsense, and is of no use any more.
  [[nodiscard]] std::optional<RunAnswer> run(const Content& content, std::span<const Event> events,
                                             const Values& values, const RunOptions& options, std::string& problem);
  [[nodiscard]] std::optional<MeasureAnswer> measure(const Content& content, const Event& event, const Values& values,
                                                     std::string& problem);
  // Of a worker that counts blocks: all of them, with what this one hit and what `hit` has.
  [[nodiscard]] std::optional<BlocksAnswer> blocks(std::span<const std::uint32_t> hit, std::string& problem);

 private:
  struct Answer {
    std::string json;
    std::string blob;
  };
  [[nodiscard]] std::optional<Answer> ask(const nlohmann::json& request, const Content& content,
                                          std::span<const Event> events, const Values& values, std::uint64_t calls,
                                          std::string& problem);
  // `calls`: how many into the driver the answer takes.
  [[nodiscard]] std::optional<Answer> receive(std::span<const std::string_view> request, std::uint64_t calls,
                                              std::string& problem);

  Process process_;
  std::chrono::milliseconds patience_{0};
  std::chrono::milliseconds call_{0};
  std::uint64_t id_ = 0;
  Hello hello_;
  BlockHits* hits_ = nullptr;
  std::size_t target_ = 0;
};

}  // namespace sluice::run
