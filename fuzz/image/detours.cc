#include "fuzz/image/detours.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <limits>

#include "fuzz/image/displaced.h"

namespace sluice::image {

namespace {

// What a stub lets `serve` know, before its code.
struct Record {
  std::uint64_t offset;
  std::uint64_t continue_at;  // the copy of the first instructions
};

Detours::Serve serving = nullptr;

}  // namespace

}  // namespace sluice::image

extern "C" {
__attribute__((visibility("hidden"))) extern const std::uint8_t sluice_detour_enter[];
// Where a stub keeps rax, and the end of what is free of the stack.
__attribute__((visibility("hidden"))) extern std::uint64_t sluice_detour_rax;
__attribute__((visibility("hidden"))) extern std::uint8_t* sluice_detour_top;

__attribute__((visibility("hidden"), used)) void sluice_detour_serve(const sluice::image::Record* record,
                                                                     sluice::image::Detours::Arguments* arguments) {
  sluice::image::serving(static_cast<std::uint32_t>(record->offset), *arguments);
}
}

// Entered at the begin of a function, with its record in rax. Whatever a called function may change is kept, and of
// vectors what arguments lie in.
asm(R"(
  .pushsection .bss
  .balign 8
  .hidden sluice_detour_rax
  .globl sluice_detour_rax
sluice_detour_rax:
  .zero 8
  .hidden sluice_detour_top
  .globl sluice_detour_top
sluice_detour_top:
  .zero 8
sluice_detour_stack:
  .zero 8
sluice_detour_next:
  .zero 8
  .popsection
  .pushsection .text
  .hidden sluice_detour_enter
  .globl sluice_detour_enter
  .type sluice_detour_enter, @function
sluice_detour_enter:
  movq %rsp, sluice_detour_stack(%rip)
  movq sluice_detour_top(%rip), %rsp
  pushq sluice_detour_stack(%rip)
  pushq %r9
  pushq %r8
  pushq %rdi
  pushq %rsi
  pushq %rdx
  pushq %rcx
  pushq %r10
  pushq %r11
  pushq sluice_detour_rax(%rip)
  pushq %rax
  subq $264, %rsp
  movups %xmm0, 0(%rsp)
  movups %xmm1, 16(%rsp)
  movups %xmm2, 32(%rsp)
  movups %xmm3, 48(%rsp)
  movups %xmm4, 64(%rsp)
  movups %xmm5, 80(%rsp)
  movups %xmm6, 96(%rsp)
  movups %xmm7, 112(%rsp)
  movups %xmm8, 128(%rsp)
  movups %xmm9, 144(%rsp)
  movups %xmm10, 160(%rsp)
  movups %xmm11, 176(%rsp)
  movups %xmm12, 192(%rsp)
  movups %xmm13, 208(%rsp)
  movups %xmm14, 224(%rsp)
  movups %xmm15, 240(%rsp)
  movq %rsp, sluice_detour_top(%rip)
  movq %rax, %rdi
  leaq 296(%rsp), %rsi
  cld
  call sluice_detour_serve
  movups 0(%rsp), %xmm0
  movups 16(%rsp), %xmm1
  movups 32(%rsp), %xmm2
  movups 48(%rsp), %xmm3
  movups 64(%rsp), %xmm4
  movups 80(%rsp), %xmm5
  movups 96(%rsp), %xmm6
  movups 112(%rsp), %xmm7
  movups 128(%rsp), %xmm8
  movups 144(%rsp), %xmm9
  movups 160(%rsp), %xmm10
  movups 176(%rsp), %xmm11
  movups 192(%rsp), %xmm12
  movups 208(%rsp), %xmm13
  movups 224(%rsp), %xmm14
  movups 240(%rsp), %xmm15
  leaq 352(%rsp), %rax
  movq %rax, sluice_detour_top(%rip)
  addq $264, %rsp
  popq %rax
  movq 8(%rax), %rax
  movq %rax, sluice_detour_next(%rip)
  popq %rax
  popq %r11
  popq %r10
  popq %rcx
  popq %rdx
  popq %rsi
  popq %rdi
  popq %r8
  popq %r9
  movq 0(%rsp), %rsp
  jmp *sluice_detour_next(%rip)
  .size sluice_detour_enter, . - sluice_detour_enter
  .popsection
)");

namespace sluice::image {

namespace {

class Stub {
 public:
  static constexpr std::size_t kSize = 96;

  explicit Stub(std::uint8_t* at) : at_(reinterpret_cast<std::uintptr_t>(at)) {}

  [[nodiscard]] std::uintptr_t entry() const { return at_ + sizeof(Record); }
  [[nodiscard]] std::uintptr_t copy() const { return entry() + kCode; }

  void write(std::uint32_t offset, std::span<const std::uint8_t> copy_bytes) const {
    auto* to = reinterpret_cast<std::uint8_t*>(at_);
    const Record record{.offset = offset, .continue_at = copy()};
    const auto put = [&](std::initializer_list<std::uint8_t> code, const void* address) {
      std::ranges::copy(code, to);
      std::memcpy(to + code.size(), &address, sizeof address);
      to += code.size() + sizeof address;
    };
    std::memcpy(to, &record, sizeof record);
    to += sizeof record;
    put({0x48, 0xA3}, &sluice_detour_rax);                           // mov [], rax
    put({0x48, 0xB8}, reinterpret_cast<const void*>(at_));           // mov rax,
    put({0xFF, 0x25, 0x00, 0x00, 0x00, 0x00}, sluice_detour_enter);  // jmp [rip]
    std::ranges::copy(copy_bytes, to);
  }

 private:
  static constexpr std::size_t kCode = 10 + 10 + 14;
  static_assert(sizeof(Record) + kCode + Displaced::kMost <= kSize);

  std::uintptr_t at_;
};

}  // namespace

Detours::Detours(const Mapped& mapped, Arena& arena, std::uint8_t* stack_end, Serve serve)
    : mapped_(&mapped), arena_(&arena), stack_end_(stack_end) {
  serving = serve;
  begin_call();
}

void Detours::begin_call() const { sluice_detour_top = stack_end_; }

bool Detours::set(std::uint32_t offset, std::span<const Block> blocks) {
  if (std::ranges::find(offsets_, offset) != offsets_.end()) return true;
  const auto block = std::ranges::find(blocks, offset, &Block::offset);
  if (block == blocks.end()) return false;
  if (copies_ == nullptr) copies_ = arena_->take(kPage);
  if (copies_ == nullptr || offsets_.size() == kPage / Stub::kSize) return false;

  std::uint8_t* place = copies_ + offsets_.size() * Stub::kSize;
  const Stub stub(place);
  const std::uintptr_t from = mapped_->address() + offset;
  Displaced copy(from, stub.copy());
  // Nothing leads to within a block.
  while (copy.length() < Displaced::kJump) {
    if (copy.length() >= block->size || copy.ends_in_branch()) return false;
    const std::size_t room = std::min<std::size_t>(Displaced::kMostOfOne, block->size - copy.length());
    if (!copy.add({mapped_->begin() + offset + copy.length(), room})) return false;
  }
  if (copy.ends_in_branch() || !copy.jump_back()) return false;
  const std::int64_t jump =
      static_cast<std::int64_t>(stub.entry()) - static_cast<std::int64_t>(from + Displaced::kJump);
  const auto narrow = static_cast<std::int32_t>(jump);
  if (narrow != jump) return false;

  ::mprotect(copies_, kPage, PROT_READ | PROT_WRITE);
  stub.write(offset, copy.bytes());
  ::mprotect(copies_, kPage, PROT_READ | PROT_EXEC);
  std::array<std::uint8_t, Displaced::kJump> patch = {0xE9};
  std::memcpy(&patch[1], &narrow, sizeof narrow);
  mapped_->patch(offset, patch);
  offsets_.push_back(offset);
  return true;
}

}  // namespace sluice::image
