// What both reports of an audit say in the same words.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/image/audit.h"

namespace sluice::image {

std::string_view format_name(Format format);
std::string_view machine_name(Machine machine);
std::string protection_of(const Section& section);  // "r-x"

// "guarded by cmp r10d, 0x14 at +0x1234", "no bounds check found".
std::string guard_words(const AuditedRead& read);
// "1234 bytes", "recursive, no bound".
std::string stack_words(const AuditedStack& stack);

}  // namespace sluice::image
