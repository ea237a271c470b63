// What a Linux kernel does when a module's instruction traps or faults and a table of the module's expects it.
#include <cstdio>

#include "fuzz/image/kernel_tables.h"
#include "fuzz/worker/image.h"

// Of the kernel's stand-ins (fuzz/kernel_api/linux/linux/bug.h): a line of the log.
extern "C" void __warn_at(const char* what, const char* file, int line);

namespace sluice::worker {

namespace {

constexpr std::uint32_t kTrapSize = 2;  // ud2

std::uintptr_t pc_of(const ucontext_t& context) {
  return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
}

}  // namespace

bool Image::serve_warning(ucontext_t& context) const {
  const std::uintptr_t pc = pc_of(context);
  if (!is_inside(pc)) return false;
  const auto bug = image::bug_at(*mapped_, mapped_->offset_of(pc));
  if (!bug || !bug->is_warning) return false;
  __warn_at("WARNING", bug->file.data(), bug->line);
  context.uc_mcontext.gregs[REG_RIP] += kTrapSize;
  return true;
}

bool Image::serve_exception(ucontext_t& context) const {
  const std::uintptr_t pc = pc_of(context);
  if (!is_inside(pc)) return false;
  const auto fixup = image::fixup_for(*mapped_, mapped_->offset_of(pc));
  if (!fixup) return false;
  context.uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(mapped_->address() + *fixup);
  return true;
}

bool Image::describe_bug(std::uintptr_t pc, char* text, std::size_t size) const {
  if (!is_inside(pc)) return false;
  const auto bug = image::bug_at(*mapped_, mapped_->offset_of(pc));
  if (!bug) return false;
  std::snprintf(text, size, "BUG at %s:%u", bug->file[0] != '\0' ? bug->file.data() : "?", bug->line);
  return true;
}

}  // namespace sluice::worker
