// A target in this process: its adapter loaded, the driver called on a stack of kernel size, faults caught, and the
// driver taken back to where it was. One a process, and for ever: a target is not unloaded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/fault.h"
#include "fuzz/image/coverage.h"
#include "fuzz/image/image_file.h"
#include "fuzz/target/target.h"
#include "fuzz/worker/content_memory.h"
#include "fuzz/worker/event_memory.h"
#include "fuzz/worker/guarded_arrays.h"

namespace sluice::engine {

struct HostFiles {
  std::string target;        // the replica, or the adapter of `image`
  std::string image;         // empty: there is none
  std::string image_bytes;   // read before the sandbox is closed
  std::string symbol_bytes;  // of the PDB; empty: there is none
  std::vector<worker::Supply> supplies;
};

// What the driver is given; the same addresses in every child.
struct Memory {
  worker::ContentMemory content;
  worker::EventMemory events;
  worker::GuardedArrays arrays;

  [[nodiscard]] bool map() { return content.map() && events.map() && arrays.map(); }
};

class Host {
 public:
  // What is wrong is returned, as a sentence about the target. `memory` and `files` must stay.
  static image::Parsed<std::unique_ptr<Host>> open(const HostFiles& files, Memory& memory);
  virtual ~Host() = default;

  using Function = std::uint64_t (*)(const void*);
  // On the driver's stack, on which nothing is left of the call before: an input that nobody wrote is poison. False: it
  // faulted, and nothing may run before recover().
  virtual bool call(Function function, const void* argument, std::uint64_t& result, Fault& fault) = 0;
  // What is now is what recover() comes back to. Once, after the driver has started.
  virtual image::Parsed<void> begin() = 0;
  virtual void recover() = 0;

  // Null: blocks are not counted by traps.
  [[nodiscard]] virtual image::Coverage* coverage() { return nullptr; }
  [[nodiscard]] virtual std::span<std::uint8_t> counters() { return {}; }
  // Blocks that what any input came to leads to. Without traps that is not known: all of them.
  [[nodiscard]] virtual std::size_t num_reachable() { return counters().size(); }

  [[nodiscard]] const struct sluice_target& target() const { return *target_; }

 protected:
  // After the adapter is loaded.
  image::Parsed<void> find_target(void* handle);
  // Whose memory `address` is.
  void tell_object(std::uintptr_t address, Fault& fault) const;

  Memory* memory_ = nullptr;
  const struct sluice_target* target_ = nullptr;
};

// Counters of what runs, that a compiler put into a shared object (sluice-cc --fuzz); empty: there are none. `address`
// is where it is loaded.
[[nodiscard]] std::span<std::uint8_t> counters_in(const std::string& path, std::uintptr_t address);

// Memory that belongs to a shared object and that it may write to: whole pages.
[[nodiscard]] std::vector<std::span<std::uint8_t>> writable_parts(void* handle);

}  // namespace sluice::engine
