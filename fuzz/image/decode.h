// One x86-64 instruction, decoded by Zydis and again by Capstone, which must agree.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace sluice::image {

// rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 .. r15, as the processor numbers them; then rip.
struct Registers {
  std::array<std::uint64_t, 16> general{};
  std::uint64_t rip = 0;
  std::uint64_t fs_base = 0;
  std::uint64_t gs_base = 0;
};

struct MemoryOperand {
  bool is_read = false;
  bool is_written = false;
  std::uint32_t size = 0;     // of the access, in bytes
  std::uint64_t address = 0;  // computed from the registers
  std::string expression;     // "rcx+r10*8, rcx = 0x7f0012345f60, r10 = 0x14"
};

struct Decoded {
  std::uint32_t length = 0;
  std::string text;                       // "mov r10, qword ptr [rcx+r10*8]", Intel syntax
  std::array<MemoryOperand, 2> operands;  // explicit ones and those of push, pop, call, string instructions
  std::uint32_t num_operands = 0;
  std::string disagreement;  // what Capstone says otherwise; empty where they agree
};

// Nothing where the bytes are no instruction. `bytes` are at most 15 from the instruction on.
std::optional<Decoded> decode(std::span<const std::uint8_t> bytes, const Registers& registers);

}  // namespace sluice::image
