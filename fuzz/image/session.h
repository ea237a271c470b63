// An image that runs in this process, again and again, for a fuzzer's sake: no process, no pipe and no allocation for
// an input. A fault ends the call and is told; recover() has the driver as it was at begin(). What happens meanwhile to
// anything but the driver, its allocations and its stack is not undone: this is no sandbox.
//
//   auto session = Session::open(bytes, "x.sys", {.symbols = pdb}, KernelStandIns(Format::pe));
//   (*session)->run(entry, {driver_object});
//   (*session)->begin();
//   for each input:
//     const Outcome outcome = (*session)->run(parse, {address_of((*session)->place(input)), input.size()});
//     if (outcome.fault.kind != FaultKind::none) ...
//     (*session)->recover();  // always, or after faults alone where the driver keeps nothing of an input
#pragma once

#include <signal.h>
#include <ucontext.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/image/arena.h"
#include "fuzz/image/bind.h"
#include "fuzz/image/breakpoints.h"
#include "fuzz/image/call.h"
#include "fuzz/image/coverage.h"
#include "fuzz/image/decode.h"
#include "fuzz/image/detours.h"
#include "fuzz/image/environment.h"
#include "fuzz/image/image_file.h"
#include "fuzz/image/mapped.h"
#include "fuzz/image/session_pages.h"
#include "fuzz/image/session_stack.h"
#include "fuzz/image/snapshot.h"

namespace sluice::image {

enum class FaultKind : std::uint8_t {
  none,
  read,
  write,
  execute,
  protection,      // an address that cannot be, a privileged instruction, int 29h: the processor does not tell
  stack_overflow,  // the kernel's stack is at its end
  illegal,         // an instruction that is none
  bug,             // BUG() of a Linux module
  trap,            // int3, __debugbreak()
  arithmetic,      // a division, mostly
  kernel,          // a stand-in says so: `kernel_kind` and `text`
};

inline constexpr std::uint32_t kNoOffset = UINT32_MAX;

struct Fault {
  FaultKind kind = FaultKind::none;
  bool is_in_image = false;          // or in a stand-in that it called
  std::uint32_t offset = kNoOffset;  // of the instruction in the image; else of where it goes on, if that is known
  std::uintptr_t address = 0;        // that was touched
  const Import* import = nullptr;    // without a stand-in, that was called or touched
  const char* kernel_kind = "";      // "double-free", ...: see fuzz/kernel_api/control.h
  std::string_view text{};           // valid until the next run
};

struct Outcome {
  std::uint64_t result = 0;  // what is in the register for results
  Fault fault{};
};

class Session {
 public:
  struct Options {
    std::span<const std::uint8_t> symbols{};  // of the PDB; read by open() alone
    std::size_t stack_size = 24u << 10;
    std::size_t most_content = 1u << 20;          // for place()
    bool counts_blocks = false;                   // coverage
    std::span<volatile std::uint8_t> counters{};  // see Coverage; may be empty
    // Asked first about each signal while the driver runs; true: it has been served, and the context goes on.
    bool (*serve)(int signal, ucontext_t& context) = nullptr;
  };
  // The first six arguments of a function that is about to run.
  using CallHook = void (*)(std::uint64_t* arguments);

  // Sets address space aside, once; open() does it where it was not done. False with errno set.
  [[nodiscard]] static bool reserve();
  // One at a time in a process, and in the thread that runs it. Sets address space aside, once, has signals of faults
  // come here, and allocations guarded at their end. `bytes` are copied. What cannot be done is returned.
  static Parsed<std::unique_ptr<Session>> open(std::span<const std::uint8_t> bytes, std::string_view name,
                                               const Options& options, const Provider& provider);
  // Signals go where they went before.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // As find_symbol(). Null with `why`.
  const void* symbol(std::string_view name, std::string& why) const;
  // Has `hook` called whenever the function begins. Before begin(). Nothing that it does may fault.
  Parsed<void> on_call(const void* function, CallHook hook);

  // What is now is what recover() comes back to: the image's data, its kernel's, allocations. Begins to count blocks.
  Parsed<void> begin();

  // A copy of `bytes` that ends at a guard; valid until the next. Null where they are more than Options say.
  const std::uint8_t* place(std::span<const std::uint8_t> bytes);
  Outcome run(const void* function, const Arguments& arguments);
  // The same for a function of this process, such as an adapter's. What it does is taken for the driver's doing.
  Outcome run_own(SessionStack::Function function, const void* argument);
  // From a function that run_own() runs: calls one of the image, on the same stack.
  [[nodiscard]] std::uint64_t call(const void* function, const Arguments& arguments) const;
  // After a fault nothing may run before this. Also lets go of locks, and empties the log.
  void recover();
  // The same of the stack alone.
  void refill_stack() { stack_.refill(); }

  // Where the image was when the last fault happened, and where its functions would have returned to, innermost first:
  // offsets, the first that of the fault. May be empty. Valid until the next run.
  [[nodiscard]] std::span<const std::uint32_t> frames() const { return std::span(frames_).first(num_frames_); }

  [[nodiscard]] const ImageFile& file() const { return *file_; }
  [[nodiscard]] const Mapped& mapped() const { return *mapped_; }
  [[nodiscard]] Coverage* coverage() { return coverage_ ? &*coverage_ : nullptr; }
  [[nodiscard]] const SessionStack& stack() const { return stack_; }

 private:
  static constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  struct Hook {
    std::uint32_t offset;
    CallHook call;
  };

  Session() = default;
  Parsed<void> load(std::string_view name, const Options& options, const Provider& provider);
  [[nodiscard]] Parsed<void> install();
  void uninstall();
  [[nodiscard]] std::vector<std::span<std::uint8_t>> writable() const;

  static void on_signal(int signal, siginfo_t* info, void* context);
  static void on_kernel_fault(const char* kind, const char* text);
  static void on_detour(std::uint32_t offset, Detours::Arguments& arguments);
  void pass_on(int signal, const siginfo_t& info);
  bool go_on(int signal, ucontext_t& context);
  bool stop(ucontext_t& context);
  void call_hooks(std::uint32_t offset, Detours::Arguments& arguments) const;
  void tell(int signal, const siginfo_t& info, const ucontext_t& context);
  void tell_address(std::uintptr_t address, const ucontext_t& context);
  void tell_place(Registers registers);
  [[nodiscard]] bool is_code(std::uintptr_t address) const;
  [[nodiscard]] std::uintptr_t stack_word(std::uintptr_t at) const;
  [[nodiscard]] std::uintptr_t innermost_return(std::uintptr_t stack, std::uintptr_t frame) const;

  static Session* running_;  // a call into the image is under way
  static Session* opened_;

  std::vector<std::uint8_t> bytes_;
  Arena arena_;
  Environment environment_;
  std::unique_ptr<ImageFile> file_;
  std::optional<Bindings> bindings_;
  std::optional<Mapped> mapped_;
  std::optional<Breakpoints> breakpoints_;  // where there can be no detour
  std::optional<Detours> detours_;
  std::vector<Hook> hooks_;
  std::optional<Coverage> coverage_;
  std::optional<Snapshot> snapshot_;
  SessionStack stack_;
  SessionPages signal_stack_;
  SessionPages detour_stack_;
  SessionPages content_;
  std::size_t placed_ = 0;
  Fault fault_;
  std::array<char, 512> text_{};
  std::array<std::uint32_t, 16> frames_{};
  std::size_t num_frames_ = 0;
  std::array<struct sigaction, kSignals.size()> actions_before_{};
  stack_t signal_stack_before_{};
  bool (*serve_)(int signal, ucontext_t& context) = nullptr;
  bool is_installed_ = false;
};

}  // namespace sluice::image
