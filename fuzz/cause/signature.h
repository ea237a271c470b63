// What a fault is without what differs from night to night: no address, no offset, no size, nothing of a compiler or a
// build.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/engine/fault.h"
#include "fuzz/engine/oracle.h"
#include "validator/finding/finding.h"

namespace sluice::cause {

struct Signature {
  std::string kind;                    // `bad-address`, `use-after-free`, ..; empty: there is no fault
  std::string role;                    // of the memory: `array`; of freed memory who freed it; may be empty
  std::vector<std::string> functions;  // innermost first, inlined ones too; at most 3

  friend bool operator==(const Signature&, const Signature&) = default;
};

// One cause shows as a read past the end, as a null or wild pointer, or as one that nobody wrote, as memory falls: all
// are a `bad-address`. Reads and writes are one too: of `table[i]++` a sanitizer sees the read, a guard page the write.
[[nodiscard]] std::string kind_class_of(const engine::Fault& fault);
[[nodiscard]] std::string kind_class_of(FindingId id);  // empty: it is no fault

// Where in the driver, and of what kind: the same for all that one bad number comes to at one instruction, be that past
// an end or nowhere. What a file has to keep while it becomes smaller.
[[nodiscard]] std::uint64_t place_of(const engine::Fault& fault);
// The first of the faults that is at this place; null: none is. Aliases `seen`.
[[nodiscard]] const engine::Fault* find_place(const engine::Observation& seen, std::uint64_t place);

// By the symbol alone, which is all that the fuzzer knows of a place.
[[nodiscard]] Signature signature_of(const engine::Fault& fault);
// Of what `sluice run` says: functions of the C library and of sanitizers are left out, recursion counts once.
[[nodiscard]] Signature signature_of(const Finding& finding);

// `bad-address of array in match_criterion < match_instance < follow_chain`
[[nodiscard]] std::string text_of(const Signature& signature);

// `instances[3].criteria[20].input` without its indices.
[[nodiscard]] std::string field_without_indices(std::string_view path);

// What `check` has against a file: the rule or the kind, the build and the field of each error, without indices.
[[nodiscard]] std::set<std::string> refusals_of(const Findings& findings);

// Letters, digits, `_`, `.` and `-`, at most 64 of them: what a name of a file may hold.
[[nodiscard]] std::string word_of(std::string_view text);

}  // namespace sluice::cause
