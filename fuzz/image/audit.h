// What an image's code says without being run: what can be reached, which reads by an index nothing checks, how much of
// the kernel's stack is taken, what input is compared with. Heuristics: docs/audit.md says what they cannot see.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/image/call_depth.h"
#include "fuzz/image/guards.h"
#include "fuzz/image/image_file.h"

namespace sluice::image {

inline constexpr std::uint64_t kKernelStack = 24 * 1024;

struct AuditedImport {
  std::string name;
  std::string module;
  bool is_provided = false;
};

struct AuditedFunction {
  std::uint32_t offset = 0;
  std::string name;  // "+0x1234" where it has none
  std::uint32_t num_instructions = 0;
  std::uint32_t frame = 0;              // bytes of stack, its return address too
  bool is_frame_known = true;           // false: at least so many
  bool is_cut = false;                  // there is more of it than was read
  std::uint32_t num_unknown_calls = 0;  // by pointers
  std::uint32_t num_unknown_jumps = 0;
};

struct AuditedRead {
  std::uint32_t function = 0;  // an index
  std::uint32_t offset = 0;
  std::string text;
  Guard guard;
  std::string guard_text;  // the comparison's, or what masks
};

struct AuditedStack {
  std::uint32_t entry = 0;  // an index
  Chain chain;
  bool is_known = true;  // false: at least so much, as functions of the chain say
};

struct Constant {
  std::uint64_t value = 0;
  std::uint8_t size = 0;  // in bytes
  auto operator<=>(const Constant&) const = default;
};

struct Audit {
  const ImageFile* image = nullptr;
  std::string symbols;  // a sentence on the PDB; empty: none is named
  std::vector<AuditedImport> imports{};
  std::vector<std::string> entries{};        // by name, as asked for
  std::vector<AuditedFunction> functions{};  // that entries reach, by offset
  std::vector<AuditedRead> reads{};          // by offset
  std::vector<AuditedStack> stacks{};        // of the entries
  std::vector<Constant> dictionary{};        // sorted
  std::vector<std::string> limits{};         // sentences on what was left out
};

struct Entry {
  std::string name;
  std::uint32_t offset;
};

// Of the symbols at `offset` the first that is a name and not an ordinal; null where there is none.
const Symbol* best_symbol(const ImageFile& image, std::uint32_t offset);

// Those that are audited where none are named: what the image exports, and where it is entered.
std::vector<Entry> default_entries(const ImageFile& image);

// The image must outlive what is returned.
Audit audit(const ImageFile& image, std::span<const Entry> entries,
            const std::function<bool(std::string_view)>& is_provided);

std::string audit_as_text(const Audit& audit);
std::string audit_as_json(const Audit& audit);
// As libFuzzer reads it by -dict.
std::string audit_as_dictionary(const Audit& audit);

}  // namespace sluice::image
