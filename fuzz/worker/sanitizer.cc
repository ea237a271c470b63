#include "fuzz/worker/sanitizer.h"

#include "fuzz/worker/shadow.h"

#ifdef SLUICE_ASAN
#include <array>
#include <cstdio>
#include <string_view>

#include "fuzz/worker/classify.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/frames.h"
#include "fuzz/worker/object.h"
#include "fuzz/worker/readable.h"

// The runtime offers it to debuggers; no header declares it.
extern "C" void __ubsan_get_current_report_data(const char** kind, const char** message, const char** file,
                                                unsigned* line, unsigned* column, char** address);

namespace sluice::worker {

namespace {

bool is_listening = false;

struct Description {
  std::string_view word;  // in what AddressSanitizer calls it
  FaultKind kind;
};

// The first that fits counts.
constexpr std::array kDescriptions = {
    Description{"use-after", FaultKind::use_after_free},
    Description{"double-free", FaultKind::double_free},
    Description{"overlap", FaultKind::undefined},
    Description{"negative-size", FaultKind::undefined},
    Description{"calloc-overflow", FaultKind::memory},
    Description{"overflow", FaultKind::out_of_bounds},
    Description{"underflow", FaultKind::out_of_bounds},
    Description{"allocation-size", FaultKind::memory},
    Description{"out-of-memory", FaultKind::memory},
    Description{"rss-limit", FaultKind::memory},
    Description{"free", FaultKind::bad_free},
    Description{"mismatch", FaultKind::bad_free},
    Description{"odr-violation", FaultKind::undefined},
};

FaultKind kind_of(std::string_view description) {
  for (const Description& row : kDescriptions) {
    if (description.find(row.word) != std::string_view::npos) return row.kind;
  }
  return FaultKind::wild;
}

std::uintptr_t number(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

void tell_heap_frames(void* address, FaultRecord& fault) {
  std::array<void*, kMaxFrames> trace{};
  int thread = 0;
  // These come as addresses of calls, not of returns.
  const auto record = [&](FramesRecord& frames, std::size_t count) {
    record_instructions(frames, reinterpret_cast<const std::uintptr_t*>(trace.data()), count);
  };
  record(fault.allocated, __asan_get_alloc_stack(address, trace.data(), trace.size(), &thread));
  record(fault.freed, __asan_get_free_stack(address, trace.data(), trace.size(), &thread));
}

// What AddressSanitizer knows of an address that is of none of the worker's objects.
void tell_object(void* address, FaultRecord& fault) {
  std::array<char, 64> name{};
  void* begin = nullptr;
  std::size_t bytes = 0;
  const std::string_view where = __asan_locate_address(address, name.data(), name.size(), &begin, &bytes);
  if (begin == nullptr) return;
  Object object{.name = name.data(), .begin = number(begin), .bytes = bytes};
  if (where == "heap") {
    object.what = "allocation";
    tell_heap_frames(address, fault);
  } else if (where == "stack") {
    object.what = "local variable";
  } else if (where == "global") {
    object.what = "global variable";
  } else {
    return;
  }
  describe(object, number(address), fault.object);
}

// Called twice: before AddressSanitizer writes its report, holding locks that locating a stack address needs; and
// after, if it lives that long.
void tell(bool may_locate) {
  void* address = __asan_get_report_address();
  FaultRecord& fault = may_locate ? shared->fault : begin_fault(FaultKind::wild);
  if (may_locate) {
    if (fault.object.what[0] == '\0') tell_object(address, fault);
    return;
  }
  const char* description = __asan_get_report_description();
  const FaultKind kind = kind_of(description != nullptr ? description : "");
  const bool is_access = kind != FaultKind::double_free && kind != FaultKind::bad_free;
  const std::size_t size = __asan_get_report_access_size();
  if (is_access && size != 0) {
    fault.access = __asan_get_report_access_type() != 0 ? Access::write : Access::read;
    fault.size = static_cast<std::uint32_t>(size < UINT32_MAX ? size : UINT32_MAX);
  }
  fault.has_address = address != nullptr;
  fault.address = number(address);
  if (kind == FaultKind::undefined || kind == FaultKind::memory) copy_text(fault.text, description);
  // Poison is the worker's or the stand-ins': they know more of it.
  const bool is_known = is_access && classify_address(number(address), fault);
  const bool is_precise = kind != FaultKind::wild && std::string_view(description) != "use-after-poison";
  if (!is_known || is_precise) fault.kind = kind;
  record_callers(fault.frames);
}

void on_report(const char*) {
  tell(true);
  end_fault();
}

}  // namespace

void listen_to_sanitizers() {
  is_listening = true;
  __asan_set_error_report_callback(on_report);
}

}  // namespace sluice::worker

extern "C" {

__attribute__((used)) const char* __asan_default_options() {
  return "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigill=0:handle_sigfpe=0:handle_sigtrap=0:"
         "use_sigaltstack=0:detect_leaks=0:symbolize=0:color=never:print_legend=0:allocator_may_return_null=1:"
         "detect_stack_use_after_return=0:detect_odr_violation=0:quarantine_size_mb=16:malloc_context_size=20";
}

__attribute__((used)) const char* __ubsan_default_options() { return "symbolize=0:color=never"; }

__attribute__((used)) void __asan_on_error() {
  if (sluice::worker::is_listening) sluice::worker::tell(false);
}

__attribute__((used)) void __ubsan_on_report() {
  using namespace sluice::worker;
  if (!is_listening) return;
  const char* kind = nullptr;
  const char* message = nullptr;
  const char* file = nullptr;
  unsigned line = 0;
  unsigned column = 0;
  char* address = nullptr;
  __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
  FaultRecord& fault = begin_fault(FaultKind::undefined);
  copy_text(fault.text, message);
  record_callers(fault.frames);
  end_fault();
}
}

#else

namespace sluice::worker {
void listen_to_sanitizers() {}
}  // namespace sluice::worker

#endif
