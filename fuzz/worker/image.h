// The driver that ships, where the target is the adapter of an image (fuzz/target/image.h).
//
// The supervisor reads the files; the child parses, binds and maps them in its sandbox. One image a process.
#pragma once

#include <ucontext.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "fuzz/image/arena.h"
#include "fuzz/image/bind.h"
#include "fuzz/image/breakpoints.h"
#include "fuzz/image/coverage.h"
#include "fuzz/image/emulator.h"
#include "fuzz/image/environment.h"
#include "fuzz/image/image_file.h"
#include "fuzz/image/mapped.h"
#include "fuzz/worker/fault_record.h"

namespace sluice::worker {

struct ImageInput {
  std::string name;  // without folders
  std::string bytes;
  std::string symbols;  // of the PDB; empty: there is none
};

// Called with the first six arguments of a function that is about to run.
using CallHook = void (*)(std::uint64_t*);

class Image {
 public:
  // For the process that forks those that run drivers. False with errno set.
  [[nodiscard]] static bool reserve();
  // The same, of an image that is to be emulated; of another nothing. What is wrong is returned.
  static image::Parsed<void> prepare(const ImageInput& input);

  // The target is an adapter of `input`, which must stay. `wants_coverage`: blocks that run are counted, where the
  // image is not emulated.
  void expect(const ImageInput& input, bool wants_coverage) {
    input_ = &input;
    wants_coverage_ = wants_coverage;
  }

  // In the child, once, when the adapter is loaded and before it is asked anything. What is wrong is a fault.
  void load(void* adapter);
  [[nodiscard]] bool is_loaded() const { return mapped_.has_value(); }

  // What the adapter asks for.
  void* find(const char* name, std::string& why) const;
  void hook(void* function, CallHook callback);
  // On the stack of the caller. Does not return where the image faults.
  std::uint64_t call(void* function, const image::Arguments& arguments);
  // What runs from here on is counted in Shared::block_hits, each block once; of an image that is not counted nothing.
  void begin_counting();
  // For a fresh child: the image's blocks, and which of them `hit` leads to, in shared memory.
  void list_blocks(std::span<const std::uint32_t> hit) const;
  // Null where the image runs by itself.
  [[nodiscard]] image::Emulator* emulator() const { return emulator_.get(); }

  // The rest may be called from a signal handler.
  [[nodiscard]] bool is_inside(std::uintptr_t address) const { return is_loaded() && mapped_->is_inside(address); }
  [[nodiscard]] bool is_running_emulated() const { return emulator_ != nullptr && emulator_->is_running(); }
  // The code is again what it was.
  void stop_counting();
  // Whether the processor stopped at a block that had not run: it was counted, and the context goes on with it.
  [[nodiscard]] bool serve_block(ucontext_t& context) const;
  // Whether the processor stopped at a hook: then it was called, and the context goes on behind.
  [[nodiscard]] bool serve_breakpoint(ucontext_t& context) const;
  // What a Linux kernel goes on after: a WARN, which is logged; a fault that the module has a fixup for.
  [[nodiscard]] bool serve_warning(ucontext_t& context) const;
  [[nodiscard]] bool serve_exception(ucontext_t& context) const;
  // "BUG at net/wireless/reg.c:123", where the module stops itself at `pc`.
  bool describe_bug(std::uintptr_t pc, char* text, std::size_t size) const;
  [[nodiscard]] const image::Import* trapped_at(std::uintptr_t address) const;
  void describe(std::uintptr_t pc, FrameRecord& frame) const;
  // Calls that lead to `pc`, innermost first, as far as they are in the image; returns how many.
  std::size_t callers(std::uintptr_t pc, const ucontext_t* context, std::uintptr_t stack,
                      std::span<std::uintptr_t> returns) const;

 private:
  void emulate();
  void count_blocks();
  std::size_t emulated_callers(std::uintptr_t pc, std::span<std::uintptr_t> returns) const;

  const ImageInput* input_ = nullptr;
  bool wants_coverage_ = false;
  bool is_counting_ = false;
  image::Arena arena_;
  image::Environment environment_;
  std::unique_ptr<image::ImageFile> file_;
  std::optional<image::Bindings> bindings_;
  std::optional<image::Mapped> mapped_;
  std::unique_ptr<image::Breakpoints> breakpoints_;
  std::unique_ptr<image::Coverage> coverage_;
  std::unique_ptr<image::Emulator> emulator_;
};

extern Image image_under_test;

}  // namespace sluice::worker
