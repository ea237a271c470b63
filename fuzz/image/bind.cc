#include "fuzz/image/bind.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "fuzz/image/call.h"
#include "fuzz/image/environment.h"

namespace sluice::image {

namespace {

constexpr std::size_t kStubSize = 32;
constexpr std::size_t kTrapSize = 64;  // a variable that is none is read at an offset, too

// Code that keeps all registers but its result, as those who call it take for granted.
constexpr std::uint8_t kReturn[] = {0xC3};
constexpr std::uint8_t kCountBits32[] = {0xF3, 0x0F, 0xB8, 0xC7, 0xC3};        // popcnt eax, edi; ret
constexpr std::uint8_t kCountBits64[] = {0xF3, 0x48, 0x0F, 0xB8, 0xC7, 0xC3};  // popcnt rax, rdi; ret
struct MadeHere {
  std::string_view name;
  std::span<const std::uint8_t> code;
};
constexpr std::array kMadeHere = {
    MadeHere{"__fentry__", kReturn},
    MadeHere{"__x86_return_thunk", kReturn},
    MadeHere{"__SCT__preempt_schedule", kReturn},
    MadeHere{"__SCT__preempt_schedule_notrace", kReturn},
    MadeHere{"__sw_hweight32", kCountBits32},
    MadeHere{"__sw_hweight64", kCountBits64},
};
constexpr std::array<std::string_view, 16> kRegisters = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                                         "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

// Writes code. What does not fit a stub is a mistake here, and is cut.
class Stub {
 public:
  explicit Stub(std::uint8_t* at) : at_(at), end_(at + kStubSize) {}
  Stub& bytes(std::span<const std::uint8_t> bytes) {
    const std::size_t count = std::min(bytes.size(), static_cast<std::size_t>(end_ - at_));
    std::memcpy(at_, bytes.data(), count);
    at_ += count;
    return *this;
  }
  Stub& address(const void* address) {
    std::array<std::uint8_t, sizeof address> raw{};
    std::memcpy(raw.data(), &address, sizeof address);
    return bytes(raw);
  }

 private:
  std::uint8_t* at_;
  std::uint8_t* end_;
};

// The register of __x86_indirect_thunk_rax and its like; 16: another name.
std::size_t thunk_register(std::string_view name) {
  for (const std::string_view prefix : {"__x86_indirect_thunk_", "__x86_indirect_jump_thunk_"}) {
    if (!name.starts_with(prefix)) continue;
    const auto found = std::ranges::find(kRegisters, name.substr(prefix.size()));
    return static_cast<std::size_t>(found - kRegisters.begin());
  }
  return kRegisters.size();
}

void write_jump_to_register(std::uint8_t* at, std::size_t number) {
  const auto low = static_cast<std::uint8_t>(0xE0 | (number & 7));
  const std::uint8_t extended[] = {0x41, 0xFF, low};
  const std::uint8_t plain[] = {0xFF, low};
  Stub stub(at);
  number >= 8 ? stub.bytes(extended) : stub.bytes(plain);
}

void write_jump(std::uint8_t* at, Format format, const void* function) {
  constexpr std::uint8_t kMoveToR11[] = {0x49, 0xBB};
  constexpr std::uint8_t kMoveToR10[] = {0x49, 0xBA};
  constexpr std::uint8_t kJumpR11[] = {0x41, 0xFF, 0xE3};
  constexpr std::uint8_t kJumpR10[] = {0x41, 0xFF, 0xE2};
  Stub stub(at);
  stub.bytes(kMoveToR11).address(function);
  if (format == Format::elf) {
    stub.bytes(kJumpR11);
  } else {
    stub.bytes(kMoveToR10).address(reinterpret_cast<const void*>(&sluice_from_windows)).bytes(kJumpR10);
  }
}

bool write_made_here(std::uint8_t* at, std::string_view name) {
  for (const MadeHere& made : kMadeHere) {
    if (made.name != name) continue;
    Stub(at).bytes(made.code);
    return true;
  }
  const std::size_t number = thunk_register(name);
  if (number == kRegisters.size()) return false;
  write_jump_to_register(at, number);
  return true;
}

}  // namespace

bool is_made_here(std::string_view name) {
  std::uint8_t scratch[kStubSize];
  return write_made_here(scratch, name);
}

Parsed<Bindings> Bindings::make(const ImageFile& file, Arena& arena, const Provider& provider) {
  Bindings bindings;
  bindings.file_ = &file;
  const std::size_t count = file.imports.size();
  if (count > kMaxImage / kTrapSize) return std::unexpected("has more imports than there is room for");
  std::uint8_t* stubs = arena.take(count * kStubSize);
  std::uint8_t* traps = arena.take_forbidden(count * kTrapSize);
  if (stubs == nullptr || traps == nullptr) return std::unexpected("has more imports than there is room for");
  bindings.traps_ = reinterpret_cast<std::uintptr_t>(traps);

  for (std::size_t i = 0; i < count; ++i) {
    const std::string& name = file.imports[i].name;
    std::uint8_t* stub = stubs + i * kStubSize;
    const Provided provided = provider.find(name);
    const void* bound = stub;
    if (provided.address == nullptr) {
      if (file.format != Format::elf || !write_made_here(stub, name)) bound = traps + i * kTrapSize;
      // Not an address by itself: what %gs adds is its processor's.
      const auto per_cpu = file.format == Format::elf ? Environment::per_cpu_import(name) : std::nullopt;
      if (per_cpu) bound = reinterpret_cast<const void*>(*per_cpu);
    } else if (provided.object_size == 0) {
      write_jump(stub, file.format, provided.address);
    } else {
      std::uint8_t* copy = arena.take(provided.object_size);
      if (copy == nullptr) return std::unexpected("imports the variable " + name + ", which is too large");
      std::memcpy(copy, provided.address, provided.object_size);
      bindings.variables_.emplace_back(copy, (provided.object_size + kPage - 1) / kPage * kPage);
      bound = copy;
    }
    bindings.addresses_.push_back(reinterpret_cast<std::uintptr_t>(bound));
  }
  if (count != 0 && ::mprotect(stubs, (count * kStubSize + kPage - 1) / kPage * kPage, PROT_READ | PROT_EXEC) != 0) {
    return std::unexpected("cannot have its imports bound: memory cannot be made executable");
  }
  return bindings;
}

const Import* Bindings::trapped_at(std::uintptr_t address) const {
  if (Environment::is_inside(address)) address -= Environment::kAddress;  // as a per-CPU variable
  const std::uintptr_t at = (address - traps_) / kTrapSize;
  return file_ != nullptr && address >= traps_ && at < addresses_.size() && addresses_[at] == traps_ + at * kTrapSize
             ? &file_->imports[at]
             : nullptr;
}

}  // namespace sluice::image
