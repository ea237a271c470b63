#include "tests/bench/emulated.h"

#include <unicorn/unicorn.h>

#include <array>
#include <cstring>

#include "tests/bench/measure.h"

// Windows' convention: the function in rax, sensor rcx, events rdx, count r8, verdicts r9, event size r10.
asm(R"(
  .pushsection .rodata
  .hidden sluice_bench_loop
  .hidden sluice_bench_loop_end
  .globl sluice_bench_loop
  .globl sluice_bench_loop_end
sluice_bench_loop:
  movq %rax, %rbx
  movq %rcx, %r12
  movq %rdx, %r13
  movq %r8, %r14
  movq %r9, %r15
  movq %r10, %rbp
  subq $32, %rsp
1:
  movq %r12, %rcx
  movq %r13, %rdx
  movq %r15, %r8
  call *%rbx
  addq %rbp, %r13
  addq $16, %r15
  decq %r14
  jnz 1b
  addq $32, %rsp
  ret
sluice_bench_loop_end:
  .popsection
)");
extern "C" const std::uint8_t sluice_bench_loop[];
extern "C" const std::uint8_t sluice_bench_loop_end[];

namespace sluice::bench {

namespace {

std::uint64_t address_of(const void* memory) { return reinterpret_cast<std::uint64_t>(memory); }

void check(uc_err error, const char* what) {
  require(error == UC_ERR_OK, std::string(what) + ": " + uc_strerror(error));
}

}  // namespace

struct Emulated::Engine {
  uc_engine* uc = nullptr;
  std::uint64_t end = 0;  // an address to return to
  std::uint64_t loop = 0;
  std::uint64_t stack = 0;

  void set(int register_id, std::uint64_t value) const { check(uc_reg_write(uc, register_id, &value), "a register"); }
  void start(std::uint64_t at) const {
    const std::uint64_t top = stack - sizeof end;
    std::memcpy(reinterpret_cast<void*>(top), &end, sizeof end);
    set(UC_X86_REG_RSP, top);
    check(uc_emu_start(uc, at, end, 0, 0), "emulation");
  }
};

Emulated::Emulated(const image::Mapped& mapped, std::span<std::uint8_t> world) : engine_(std::make_unique<Engine>()) {
  check(uc_open(UC_ARCH_X86, UC_MODE_64, &engine_->uc), "Unicorn");
  for (const image::Section& section : mapped.file().sections) {
    const std::size_t size = (section.size + image::kPage - 1) / image::kPage * image::kPage;
    std::uint8_t* begin = mapped.begin() + section.offset;
    if (size != 0) check(uc_mem_map_ptr(engine_->uc, address_of(begin), size, UC_PROT_ALL, begin), "a section");
  }
  check(uc_mem_map_ptr(engine_->uc, address_of(world.data()), world.size(), UC_PROT_ALL, world.data()), "memory");
  std::uint8_t* code = &world.back() + 1 - image::kPage;
  std::memcpy(code, sluice_bench_loop, static_cast<std::size_t>(sluice_bench_loop_end - sluice_bench_loop));
  engine_->loop = address_of(code);
  engine_->end = address_of(code) + image::kPage / 2;
  engine_->stack = address_of(code);
}

Emulated::~Emulated() { uc_close(engine_->uc); }

void Emulated::run_each(const EmulatedCall& call) {
  for (std::size_t i = 0; i < call.count; ++i) {
    engine_->set(UC_X86_REG_RCX, address_of(call.sensor));
    engine_->set(UC_X86_REG_RDX, address_of(call.events) + i * call.event_size);
    engine_->set(UC_X86_REG_R8, address_of(call.verdicts) + i * 16);
    engine_->start(address_of(call.function));
  }
}

void Emulated::run_all(const EmulatedCall& call) {
  engine_->set(UC_X86_REG_RAX, address_of(call.function));
  engine_->set(UC_X86_REG_RCX, address_of(call.sensor));
  engine_->set(UC_X86_REG_RDX, address_of(call.events));
  engine_->set(UC_X86_REG_R8, call.count);
  engine_->set(UC_X86_REG_R9, address_of(call.verdicts));
  engine_->set(UC_X86_REG_R10, call.event_size);
  engine_->start(engine_->loop);
}

}  // namespace sluice::bench
