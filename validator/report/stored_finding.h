// Findings kept beyond the end of the program: every field of them, as bytes.
//
// What is read may be anything: a fault makes the Unpacker no longer good, and the value is of no use then. A code,
// severity or verdict that is not known is a fault. The form changes with struct Finding: whoever keeps the bytes keeps
// kStoredForm beside them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/bytes/packed.h"
#include "validator/finding/finding.h"
#include "validator/report/matrix.h"

namespace sluice::report {

inline constexpr std::string_view kStoredForm = "1";

void pack(bytes::Packer& out, const Finding& finding);
void pack(bytes::Packer& out, const std::vector<Finding>& findings);
void pack(bytes::Packer& out, const Ran& ran);
void pack(bytes::Packer& out, Verdict verdict);

[[nodiscard]] Finding unpack_finding(bytes::Unpacker& in);
[[nodiscard]] std::vector<Finding> unpack_findings(bytes::Unpacker& in);
[[nodiscard]] Ran unpack_ran(bytes::Unpacker& in);
[[nodiscard]] Verdict unpack_verdict(bytes::Unpacker& in);

}  // namespace sluice::report
