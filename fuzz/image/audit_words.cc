#include "fuzz/image/audit_words.h"

#include <fmt/format.h>

namespace sluice::image {

std::string_view format_name(Format format) { return format == Format::pe ? "PE image" : "ELF module"; }
std::string_view machine_name(Machine machine) { return machine == Machine::x86_64 ? "x86-64" : "AArch64"; }

std::string protection_of(const Section& section) {
  return std::string("r") + (section.is_writable ? "w" : "-") + (section.is_executable ? "x" : "-");
}

std::string guard_words(const AuditedRead& read) {
  const Guard& guard = read.guard;
  const std::string what = fmt::format("{} at +{:#x}", read.guard_text, guard.offset);
  switch (guard.kind) {
    case GuardKind::none: return "no bounds check found";
    case GuardKind::compared:
      return "guarded by " + what + (guard.is_signed ? ", with a sign: negative ones pass" : "") +
             (guard.is_reread ? ", of memory that is read again" : "");
    case GuardKind::counted: return "counted in a loop that ends by " + what;
    case GuardKind::masked: return "bounded by " + what;
    case GuardKind::selected: return "chosen by " + what;
  }
  return "";
}

std::string stack_words(const AuditedStack& stack) {
  if (stack.chain.is_recursive) return "recursive, no bound";
  const std::string least = stack.is_known ? "" : "at least ";
  const std::string_view verdict = stack.chain.size > kKernelStack ? ", more than there is" : "";
  return fmt::format("{}{} bytes{}", least, stack.chain.size, verdict);
}

}  // namespace sluice::image
