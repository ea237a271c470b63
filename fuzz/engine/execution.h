// One input after another on a host: content loaded, events evaluated, unloaded, everything taken back.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fuzz/engine/exploration.h"
#include "fuzz/engine/host.h"
#include "fuzz/engine/input.h"
#include "fuzz/engine/shared.h"

namespace sluice::engine {

class Execution {
 public:
  static constexpr std::size_t kMaxFaultsOfOne = 4;
  struct Result {
    bool is_accepted = false;  // by the driver
    bool has_new_block = false;
    std::size_t num_faults = 0;
    std::array<Fault, kMaxFaultsOfOne> faults{};
    // The first of the content, loaded into a fresh driver, or of events that sluice made for it.
    std::optional<Fault> refusal;
  };

  // All must outlive this.
  Execution(Host& host, Memory& memory, Pulse& pulse) : host_(host), memory_(memory), pulse_(pulse) {}

  // Has the driver start and describe itself. What is wrong is returned.
  image::Parsed<void> start();
  [[nodiscard]] const std::vector<DescribedType>& types() const { return types_; }

  // Runs an input, a container or plain content. After a fault of an event the others are evaluated too, after loading
  // again. `is_traced`: every block that it comes to counts, not just those that no input has come to.
  Result run(std::span<const std::uint8_t> input, bool is_traced = false);
  // Loads content and evaluates the events that come to what it looks for. `all` gets the criteria that any came to.
  Result explore(std::span<const std::uint8_t> content, const Exploration& exploration, std::vector<run::Reached>& all);

 private:
  void run_once(std::span<const std::uint8_t> input, Result& result);
  void run_plain(std::span<const std::uint8_t> content, Result& result);
  void run_operations(const bytes::FuzzInput& input, Result& result);
  enum class Loaded : std::uint8_t { accepted, refused, faulted };
  Loaded load(std::span<const std::uint8_t> content, Result& result);
  bool evaluate(std::uint32_t index, Result& result);
  bool unload(Result& result);
  bool call(Host::Function function, const void* argument, Step step, std::uint32_t event, std::uint64_t& word,
            Result& result);
  // That the last load or evaluation was refused is the content's doing.
  void keep_refusal(Result& result) const;
  image::Parsed<void> describe();

  Host& host_;
  Memory& memory_;
  Pulse& pulse_;
  std::vector<DescribedType> types_;
  std::vector<std::uint8_t> plain_;  // events for all content, encoded
  std::uint32_t num_plain_ = 0;
  bool is_strict_ = true;             // content that was loaded cannot be touched: two system calls
  std::uint64_t refused_before_ = 0;  // allocations past the budget
  std::optional<Fault> refusal_;      // of the last load or evaluation
};

}  // namespace sluice::engine
