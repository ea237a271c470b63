// Parts of a file that are taken out of it and put into it again.
#pragma once

#include "fuzz/mutate/editor.h"
#include "fuzz/mutate/minimal.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

// The subtree and its bytes. What is placed in it stays where it lies and is left out: the copy's positions name the
// same bytes.
[[nodiscard]] Fragment copy_subtree(const Tree& tree, NodeId id);

// Puts one more element behind the last of an array, or before it where the last is what ends the repeat, and returns
// its node: a copy of the last, or the least that the schema allows where there is none. kNoNode: there can be none,
// and the tree is as it was.
[[nodiscard]] NodeId append_element(Editor& editor, NodeId array);
// The same, and always the least.
[[nodiscard]] NodeId append_minimal(Editor& editor, NodeId array);

}  // namespace sluice::mutate
