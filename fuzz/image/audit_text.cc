// An audit as a person reads it.
#include <fmt/format.h>

#include <algorithm>

#include "fuzz/image/audit.h"
#include "fuzz/image/audit_words.h"

namespace sluice::image {

namespace {

// Names are the image's: what a terminal would obey is not printed.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < ' ' || byte == 0x7F ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
  }
  return out;
}

std::string heading(std::string_view title, std::size_t count) { return fmt::format("\n{}: {}\n", title, count); }

class Writer {
 public:
  explicit Writer(const Audit& audit) : audit_(audit), image_(*audit.image) {}

  std::string write() {
    write_image();
    write_imports();
    write_functions();
    write_reads();
    write_stacks();
    if (!audit_.limits.empty()) out_ += "\nLeft out\n";
    for (const std::string& limit : audit_.limits) out_ += "  " + limit + "\n";
    return out_;
  }

 private:
  void write_image() {
    out_ += fmt::format("{}: {} for {}, {:#x} bytes when mapped\n", printable(image_.name), format_name(image_.format),
                        machine_name(image_.machine), image_.size);
    if (!audit_.symbols.empty()) out_ += "  " + printable(audit_.symbols) + "\n";
    out_ += heading("Sections", image_.sections.size());
    for (const Section& section : image_.sections) {
      out_ += fmt::format("  +{:#08x} {:#8x}  {}  {}\n", section.offset, section.size, protection_of(section),
                          printable(section.name));
    }
  }

  void write_imports() {
    out_ += heading("Imports", audit_.imports.size());
    for (const bool is_provided : {false, true}) {
      for (const AuditedImport& import : audit_.imports) {
        if (import.is_provided != is_provided) continue;
        const std::string module = import.module.empty() ? "" : "  (" + printable(import.module) + ")";
        out_ += fmt::format("  {}  {}{}\n", is_provided ? "provided" : "trapped ", printable(import.name), module);
      }
    }
  }

  void write_functions() {
    std::string entries;
    for (const std::string& entry : audit_.entries) entries += (entries.empty() ? "" : ", ") + printable(entry);
    out_ += heading("Functions that are reached", audit_.functions.size());
    out_ += fmt::format("  from {}\n", entries.empty() ? "no entry" : entries);
    for (const AuditedFunction& function : audit_.functions) {
      out_ += fmt::format("  +{:#08x}  {}: {} instructions, {}{} bytes of stack{}\n", function.offset,
                          printable(function.name), function.num_instructions,
                          function.is_frame_known ? "" : "at least ", function.frame, unknown_flow(function));
    }
  }

  static std::string unknown_flow(const AuditedFunction& function) {
    std::string text;
    if (function.num_unknown_calls > 0) text += fmt::format(", {} calls by pointers", function.num_unknown_calls);
    if (function.num_unknown_jumps > 0) text += fmt::format(", {} jumps not followed", function.num_unknown_jumps);
    return text;
  }

  void write_reads() {
    out_ += heading("Reads by an index with a scale", audit_.reads.size());
    // What nothing checks first.
    for (const bool is_guarded : {false, true}) {
      for (const AuditedRead& read : audit_.reads) {
        if ((read.guard.kind != GuardKind::none) != is_guarded) continue;
        const AuditedFunction& function = audit_.functions[read.function];
        out_ += fmt::format("  {}: {} at +{:#x}: {}\n", printable(function.name), read.text, read.offset,
                            guard_words(read));
      }
    }
  }

  void write_stacks() {
    out_ += fmt::format("\nStack, of the kernel's {} bytes\n", kKernelStack);
    auto stacks = audit_.stacks;
    std::ranges::stable_sort(stacks, [](const AuditedStack& a, const AuditedStack& b) {
      if (a.chain.is_recursive != b.chain.is_recursive) return a.chain.is_recursive;
      return a.chain.size > b.chain.size;
    });
    for (const AuditedStack& stack : stacks) {
      out_ += fmt::format("  {}: {}\n", printable(audit_.functions[stack.entry].name), stack_words(stack));
      out_ += "    " + chain_of(stack) + "\n";
    }
  }

  std::string chain_of(const AuditedStack& stack) const {
    constexpr std::size_t kMost = 24;
    std::string text;
    for (std::size_t i = 0; i < stack.chain.functions.size(); ++i) {
      if (i == kMost) return text + fmt::format(" > .. {} more", stack.chain.functions.size() - kMost);
      const AuditedFunction& function = audit_.functions[stack.chain.functions[i]];
      text += fmt::format("{}{} {}", i == 0 ? "" : " > ", printable(function.name), function.frame);
    }
    return text;
  }

  const Audit& audit_;
  const ImageFile& image_;
  std::string out_;
};

}  // namespace

std::string audit_as_text(const Audit& audit) { return Writer(audit).write(); }

}  // namespace sluice::image
