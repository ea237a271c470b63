// What content is measured by: a plain file of its format, valid and of the least of everything.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutate/editor.h"
#include "fuzz/mutate/tree.h"

namespace sluice::shrink {

// How far content is from plain; the smaller the better.
struct Rank {
  std::size_t bytes = 0;
  std::size_t off = 0;   // fields that are not plain, and bytes of no field that are not 0; without what follows others
  Integer distance = 0;  // of their values from plain
  friend auto operator<=>(const Rank&, const Rank&) = default;
};

class Plain {
 public:
  explicit Plain(const mutate::Format& format);  // aliased

  // A leaf as it is in plain content. Keys that rise from element to element do so there, too.
  [[nodiscard]] const std::vector<std::uint8_t>& bytes_of(const mutate::Tree& tree, mutate::NodeId leaf) const;
  [[nodiscard]] Integer number_of(const mutate::Tree& tree, mutate::NodeId number) const;
  [[nodiscard]] bool is_plain(const mutate::Tree& tree, mutate::NodeId leaf) const;
  // What texts and bytes are filled with.
  [[nodiscard]] std::uint8_t filler_of(const mutate::Tree& tree, mutate::NodeId leaf) const;
  // Whether it is a count, a size, a position, a checksum or what an equation demands.
  [[nodiscard]] bool follows(const mutate::Tree& tree, mutate::NodeId leaf) const;
  [[nodiscard]] Rank rank(const mutate::Tree& tree) const;

 private:
  struct Key {
    mutate::SiteId site;
    mutate::NodeKind kind;
    std::uint8_t width;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Value {
    std::vector<std::uint8_t> bytes;
    Integer number = 0;
  };
  [[nodiscard]] const Value& value_of(const mutate::Tree& tree, mutate::NodeId leaf) const;
  void learn(const mutate::Tree& tree);
  [[nodiscard]] Value build(const mutate::Tree& tree, mutate::NodeId leaf) const;

  const mutate::Format& format_;
  std::vector<bool> keys_;                             // by site: they rise from element to element
  std::vector<std::vector<mutate::SiteId>> followed_;  // by site: what it is a count, size or position of
  mutable std::map<Key, Value> values_;
};

// Makes a leaf what it is in plain content, as far as there is room.
void set_plain(mutate::Editor& editor, const Plain& plain, mutate::NodeId leaf);

// The bytes that no field reads, as runs [from, to) in the order of the file.
struct Gap {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};
[[nodiscard]] std::vector<Gap> gaps_of(const mutate::Tree& tree);

}  // namespace sluice::shrink
