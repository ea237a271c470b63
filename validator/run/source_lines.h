// The lines of source that blocks of an image come from: asked of llvm-symbolizer, which reads PDBs and DWARF.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "validator/run/block_list.h"
#include "validator/run/lcov.h"

namespace sluice::run {

// Of all instructions of all blocks, those that were inlined with their callers too; a line is hit where one of its
// blocks is. None where the image has no line table. `folders` as in Symbolizer. Empty, with `problem` filled: there is
// no symbolizer, or it does not answer.
[[nodiscard]] std::optional<std::vector<CoveredLine>> lines_of(const BlockList& list, const std::string& image,
                                                               std::span<const std::string> folders,
                                                               std::string& problem);

}  // namespace sluice::run
