// One field of content changed at a time, to see what hangs on it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutate/repair.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

// What a field is given: a number or, where it holds none, as many bytes as it has.
struct FlipValue {
  Integer number = 0;
  std::vector<std::uint8_t> bytes = {};
};

class Flipper {
 public:
  // Aliased.
  explicit Flipper(const Format& format) : tree_(format), work_(format), editor_(format) {}

  void begin(std::span<const std::uint8_t> content) { tree_.parse(content); }
  [[nodiscard]] const Tree& tree() const { return tree_; }

  // The leaves that have bytes, in the order of the file.
  [[nodiscard]] std::vector<NodeId> fields() const;
  // Others than it has. Near it first: a count that is one too high is to blame with one less, and not only with none.
  // `steps`: how far from a number each one beside it is among them.
  [[nodiscard]] std::vector<FlipValue> others(NodeId field, int steps = 2) const;

  // Gives the field the value and, if `repairs`, makes the rest agree with it; otherwise only the checksums. False: it
  // cannot have it, or nothing comes of it.
  [[nodiscard]] bool flip(NodeId field, const FlipValue& value, bool repairs) {
    return flip(std::span(&field, 1), value, repairs);
  }
  // The same of several at once.
  [[nodiscard]] bool flip(std::span<const NodeId> fields, const FlipValue& value, bool repairs);
  // After a flip, until the next.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return work_.bytes(); }
  [[nodiscard]] std::size_t num_changed() const;                                   // bytes
  [[nodiscard]] bool is_reshaped() const { return work_.size() != tree_.size(); }  // parts came or went

 private:
  Tree tree_;
  Tree work_;
  Editor editor_;
  Repairer repairer_{editor_};
};

// As people read it: a number, or text that is cut where it is long.
[[nodiscard]] std::string shown(const FlipValue& value);

}  // namespace sluice::mutate
