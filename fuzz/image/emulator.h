// Runs AArch64 images in this process, by Unicorn: an address is the same to emulated code as to ours.
//
// No page is copied, and none is tracked: the emulator is lent all memory that a process can have, and what emulated
// code must not touch is what this process cannot. Such an access is a SIGSEGV, raised at the very address while
// is_running(), whoever mapped the page, protected or freed it, and whenever. Its handler asks registers() where
// emulated code stands, and does not return. What no process could touch, and what only Unicorn knows, ends the call
// with a Trap: the first page, addresses that cannot exist, writes to code, jumps to what is no code, instructions that
// trap.
//
// The emulator's own frames lie on a stack of its own. Emulated code, and the functions of ours that it calls, run on
// the stack of whoever calls into the image, like native code.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "fuzz/image/arena.h"
#include "fuzz/image/bind.h"
#include "fuzz/image/call.h"
#include "fuzz/image/decode_aarch64.h"
#include "fuzz/image/mapped.h"

struct uc_struct;

namespace sluice::image {

struct Trap {
  enum class Kind : std::uint8_t { read, write, execute, breakpoint, undefined, exception };
  Kind kind = Kind::exception;
  std::uint32_t size = 0;     // read, write: of the access, in bytes
  std::uint64_t address = 0;  // read, write, execute
  std::uint32_t number = 0;   // breakpoint: what brk says; exception: Unicorn's number
};

class Emulator {
 public:
  // What embeds the emulator. Null: nothing is to be told.
  struct Listener {
    // Emulated code comes to a function that stop_at() named. Not as running code: what this touches is its own doing.
    void (*arrive)(std::uintptr_t function, std::uint64_t* first_six_arguments) = nullptr;
    // Before each instruction.
    void (*step)(const Emulator& emulator, std::uintptr_t pc) = nullptr;
  };

  // Makes what takes rights that a sandboxed process does not have: executable memory, 1 GiB of addresses of it. Once
  // in a process or in the one that it is forked from.
  static Parsed<void> prepare();

  Emulator() = default;
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  // After prepare(), once in a process. What `mapped` and `bindings` are of must outlive this.
  Parsed<void> enter(const Mapped& mapped, const Bindings& bindings, Arena& arena);

  // Calls by the convention of Windows and Linux on AArch64. May be called by a function that emulated code called, to
  // any depth that the stack has room for, but not by a listener.
  std::expected<std::uint64_t, Trap> call(const void* function, const Arguments& arguments);

  void stop_at(std::uintptr_t function);
  void listen(const Listener& listener);
  [[nodiscard]] const Listener& listener() const { return listener_; }

  // The rest may be called from a signal handler.
  // Whether emulated code is being run right now, and no function of ours that it called.
  [[nodiscard]] bool is_running() const { return is_running_; }
  // Whether registers() are those of a call: of one that has not returned, or that has ended with a Trap.
  [[nodiscard]] bool is_entered() const { return depth_ != 0 || has_failed_; }
  [[nodiscard]] Aarch64Registers registers() const;
  [[nodiscard]] std::uint64_t general(unsigned number) const;  // 31: the stack pointer

 private:
  struct Call;
  enum class Reached : std::uint8_t { nothing, end, import };

  static void on_instruction(uc_struct* engine, std::uint64_t address, std::uint32_t size, void* self);
  static bool on_bad_access(uc_struct* engine, int type, std::uint64_t address, int size, std::int64_t value,
                            void* self);
  static void on_exception(uc_struct* engine, std::uint32_t number, void* self);
  static void run_on_own_stack(void* call, std::uintptr_t stack);

  void come_to(std::uintptr_t address);
  void tell_arrival(std::uintptr_t function);
  void run(Call& call, std::uintptr_t stack);
  void call_out();
  void set(unsigned number, std::uint64_t value) const;
  void fail(const Trap& trap);
  Parsed<void> lend(std::uintptr_t begin, std::uintptr_t end, unsigned permissions);

  const Bindings* bindings_ = nullptr;
  std::uintptr_t stubs_ = 0;  // that imports are bound to
  std::size_t stubs_size_ = 0;
  std::uintptr_t end_ = 0;  // where calls return to
  std::vector<std::uintptr_t> stops_;
  std::uint64_t watched_ = 0;  // of 64 classes of addresses, those that matter
  Listener listener_;

  std::uintptr_t pc_ = 0;
  bool is_running_ = false;
  unsigned depth_ = 0;
  Reached reached_ = Reached::nothing;
  bool has_failed_ = false;
  Trap trap_;
};

}  // namespace sluice::image
