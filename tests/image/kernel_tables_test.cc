// A module that runs: what it calls, where it stops itself, what it finds behind %gs.
#include <sys/mman.h>
#include <unistd.h>

#include <csetjmp>
#include <csignal>
#include <map>

#include "fuzz/image/bind.h"
#include "fuzz/image/call.h"
#include "fuzz/image/environment.h"
#include "fuzz/image/kernel_tables.h"
#include "tests/image/arena.h"
#include "tests/image/sample_module.h"

#ifdef SLUICE_SAMPLE_MODULE

using namespace sluice::image;

namespace {

std::string printed;
int print(const char* text) {
  printed += text;
  return 7;
}
std::uint64_t jiffies = 1000;

class Kernel : public Provider {
 public:
  [[nodiscard]] Provided find(const std::string& name) const override {
    if (name == "sample_printk") return {.address = reinterpret_cast<void*>(&print)};
    if (name == "sample_jiffies") return {.address = &jiffies, .object_size = sizeof jiffies};
    return {};
  }
};

struct Running {
  ImageFile file;
  Bindings bindings;
  Mapped mapped;

  std::uint64_t call(std::string_view name, std::uint64_t first = 0, std::uint64_t second = 0) const {
    return sluice::image::call(Format::elf, mapped.begin() + offset_of(file, name), {first, second});
  }
};

// One for all tests: an environment is entered once.
Running& sample() {
  static Environment environment;
  static Running* running = [] {
    REQUIRE(Environment::reserve());
    environment.enter(Format::elf);
    static ImageFile file = *parse_image(sample_module(), "sample.ko");
    auto bindings = Bindings::make(file, test_arena(), Kernel());
    REQUIRE(bindings);
    auto mapped = Mapped::map(file, test_arena(), bindings->addresses());
    INFO((mapped ? "" : mapped.error()));
    REQUIRE(mapped);
    REQUIRE(environment.place_per_cpu(*mapped));
    return new Running{file, *bindings, *mapped};
  }();
  return *running;
}

sigjmp_buf landing;
std::uintptr_t fault_address;
void on_fault(int, siginfo_t* info, void*) {
  fault_address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  siglongjmp(landing, 1);
}

// The address of the fault that `run` ends with; 0: none.
template <typename Run>
std::uintptr_t fault_of(int signal, Run run) {
  struct sigaction action{}, before{};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  ::sigaction(signal, &action, &before);
  fault_address = 0;
  if (sigsetjmp(landing, 1) == 0) run();
  ::sigaction(signal, &before, nullptr);
  return fault_address;
}

}  // namespace

TEST_CASE("a module runs") {
  Running& module = sample();
  CHECK(module.call("sample_lookup", 5) == 27);
  CHECK(module.call("sample_lookup", 5) == 29);
  CHECK(module.call("square_of", 15) == 225);
  CHECK(module.call("sample_use_imports") == 1007);
  CHECK(printed == "hello");
}

TEST_CASE("a module's stack is protected as a kernel's is") {
  const std::uint8_t bytes[] = {1, 2, 3, 4};
  CHECK(sample().call("sample_protected", reinterpret_cast<std::uintptr_t>(bytes), sizeof bytes) == 10);
  std::uint64_t canary = 0;
  asm volatile("movq %%gs:0x28, %0" : "=r"(canary));
  CHECK((canary & 0xFF) == 0);
  CHECK(canary != 0);
}

TEST_CASE("a module's per-CPU variables are one, however they are addressed") {
  Running& module = sample();
  CHECK(module.call("sample_count_on_cpu") == 42);
  CHECK(module.call("sample_count_by_pointer") == 43);
  CHECK(module.call("sample_count_on_cpu") == 44);
  const std::uint32_t own = offset_of(module.file, "sample_per_cpu");
  std::uint64_t original = 0;
  std::memcpy(&original, module.mapped.begin() + own, sizeof original);
  CHECK(original == 41);
}

TEST_CASE("the kernel's per-CPU variables are there") {
  CHECK(sample().call("sample_preempt_count") == 0x80000001);
  CHECK(sample().call("sample_preempt_count") == 0x80000002);
  CHECK(Environment::per_cpu_import("current_task"));
  CHECK_FALSE(Environment::per_cpu_import("jiffies"));
}

TEST_CASE("%gs with an address that is no per-CPU variable is a fault") {
  Running& module = sample();
  const std::uintptr_t at = module.mapped.address() + offset_of(module.file, "squares");
  const std::uintptr_t faulted = fault_of(SIGSEGV, [&] {
    std::uint32_t value = 0;
    asm volatile("movl %%gs:(%1), %0" : "=r"(value) : "r"(at));
  });
  CHECK(faulted == Environment::kAddress + at);
  CHECK(Environment::is_inside(faulted));
}

TEST_CASE("a Windows driver finds itself, its thread and its process") {
  sample();
  // The area is the same for both; what Windows needs is put there and taken away again.
  Environment windows;
  windows.enter(Format::pe);
  std::uint64_t self = 0, old_self = 0, thread = 0, process = 0, heap = 0;
  asm volatile("movq %%gs:0x18, %0" : "=r"(self));
  asm volatile("movq %%gs:0x30, %0" : "=r"(old_self));
  asm volatile("movq %%gs:0x188, %0" : "=r"(thread));
  asm volatile("movq %%gs:0x60, %0" : "=r"(process));
  windows.enter(Format::elf);
  std::memcpy(&heap, reinterpret_cast<const void*>(process + 0x30), sizeof heap);
  CHECK(self == Environment::kAddress);
  CHECK(old_self == self);
  CHECK(thread - self < Environment::kArea);
  CHECK(process - self < Environment::kArea);
  REQUIRE(windows.writable().size() == 1);
  CHECK(windows.writable()[0].size() == Environment::kArea);
}

TEST_CASE("an instruction that stops the module is told by __bug_table") {
  Running& module = sample();
  const std::uint32_t bug = offset_of(module.file, "sample_bug_at");
  const auto found = bug_at(module.mapped, bug);
  REQUIRE(found);
  CHECK_FALSE(found->is_warning);
  CHECK(found->line == 1234);
  CHECK(std::string_view(found->file.data()) == "drivers/sample/sample.c");
  const auto warning = bug_at(module.mapped, offset_of(module.file, "sample_warn_at"));
  REQUIRE(warning);
  CHECK(warning->is_warning);
  CHECK(warning->line == 777);
  CHECK_FALSE(bug_at(module.mapped, bug + 1));
  CHECK_FALSE(bug_at(module.mapped, 0));

  const std::uintptr_t stopped = fault_of(SIGILL, [&] { module.call("sample_bug", 0); });
  CHECK(module.mapped.offset_of(stopped) == bug);
}

TEST_CASE("a table that the module damaged tells less, and nothing worse") {
  Running& module = sample();
  std::uint8_t* table = module.mapped.begin() + module.file.bugs.offset;
  std::int32_t file = 0;
  std::memcpy(&file, table + 4, sizeof file);
  const std::uint32_t bug = offset_of(module.file, "sample_bug_at");
  for (const std::int32_t wrong : {INT32_MIN, INT32_MAX, -1, 0x7000}) {
    std::memcpy(table + 4, &wrong, sizeof wrong);
    const auto found = bug_at(module.mapped, bug);
    REQUIRE(found);
    CHECK(found->line == 1234);
    CHECK(std::memchr(found->file.data(), 0, found->file.size()) != nullptr);
  }
  std::memcpy(table + 4, &file, sizeof file);
}

TEST_CASE("an instruction that may fault is told by __ex_table") {
  Running& module = sample();
  CHECK(fixup_for(module.mapped, offset_of(module.file, "sample_try_at")) ==
        offset_of(module.file, "sample_try_fixup"));
  // Of a kind that sets registers, too.
  CHECK_FALSE(fixup_for(module.mapped, offset_of(module.file, "sample_try_fixup")));
  CHECK_FALSE(fixup_for(module.mapped, 1));
}

#endif
