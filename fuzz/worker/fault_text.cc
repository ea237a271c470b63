#include "fuzz/worker/fault_text.h"

#include <seccomp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace sluice::worker {

namespace {

constexpr std::array<std::string_view, 4> kAccesses = {"access", "read", "write", "execute"};

template <std::size_t N>
std::string text_of(const char (&characters)[N]) {
  return {characters, ::strnlen(characters, N)};
}

std::string bytes(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

std::string access_text(const FaultRecord& fault) {
  if (fault.access == Access::execute) return "jump";
  const std::string word(access_word(fault.access));
  return fault.size == 0 ? word : word + " of " + bytes(fault.size);
}

std::string object_text(const ObjectRecord& object) {
  const std::string what = text_of(object.what);
  const std::string name = text_of(object.name);
  const std::string size = std::to_string(object.bytes) + "-byte ";
  if (what == "array") return "a " + size + "array of " + std::to_string(object.elements) + " " + name;
  if (what == "value") return "a " + size + name;
  if (what == "content") return "the " + size + "content";
  if (what == "allocation") return "a " + size + "allocation" + (name.empty() ? "" : " tagged '" + name + "'");
  return "the " + size + what + (name.empty() ? "" : " '" + name + "'");
}

std::string side_text(const ObjectRecord& object) {
  switch (object.side) {
    case Side::start: return bytes(object.distance) + " before the begin of ";
    case Side::end: return bytes(object.distance) + " past the end of ";
    default: return "at byte " + std::to_string(object.distance) + " of ";
  }
}

std::string place_text(const FaultRecord& fault) {
  std::string place = access_text(fault) + ", " + side_text(fault.object) + object_text(fault.object);
  const std::string what = text_of(fault.object.what);
  const bool is_sealed = what == "content" && fault.object.side == Side::inside && fault.access == Access::write;
  if (fault.kind == FaultKind::out_of_bounds && is_sealed) return place + ", which is not the driver's to write";
  if (fault.kind != FaultKind::use_after_free) return place;
  return place + (what == "content"      ? ", after load returned"
                  : what == "allocation" ? ", after it was freed"
                                         : ", after its life had ended");
}

std::string system_call_text(const FaultRecord& fault) {
  const std::unique_ptr<char, void (*)(void*)> name(
      seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, fault.system_call), std::free);
  const std::string call = name != nullptr ? name.get() : "system call " + std::to_string(fault.system_call);
  const std::string argument = text_of(fault.text);
  return argument.empty() ? call : call + " of " + argument;
}

std::string null_offset_text(std::uint64_t address) {
  if (address == 0) return "";
  const bool is_before = address > UINT64_MAX / 2;
  return ", " + bytes(is_before ? -address : address) + (is_before ? " before it" : " behind it");
}

std::string text_by_kind(const FaultRecord& fault, std::size_t stack_size) {
  switch (fault.kind) {
    case FaultKind::null: return access_text(fault) + " through a null pointer" + null_offset_text(fault.address);
    case FaultKind::stack_exhausted: return "needed more than the " + bytes(stack_size) + " of the kernel's stack";
    case FaultKind::wild:
      return access_text(fault) + (fault.access == Access::execute ? " to" : " at") + " an address that is nobody's";
    case FaultKind::double_free: return "freed what was freed before";
    case FaultKind::bad_free: return "freed what is no allocation";
    case FaultKind::memory: return "asked for more memory than it may have";
    default: return access_text(fault);
  }
}

}  // namespace

std::string_view access_word(Access access) {
  return kAccesses[std::min<std::size_t>(static_cast<std::uint32_t>(access), kAccesses.size() - 1)];
}

std::string fault_text(const FaultRecord& fault, std::size_t stack_size) {
  if (fault.kind == FaultKind::forbidden && fault.system_call >= 0) return system_call_text(fault);
  if (fault.text[0] != '\0') return text_of(fault.text);
  const bool is_of_object = fault.object.what[0] != '\0' && fault.access != Access::none;
  return is_of_object ? place_text(fault) : text_by_kind(fault, stack_size);
}

}  // namespace sluice::worker
