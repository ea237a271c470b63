// What the files that make remedies share.
#pragma once

#include <string_view>
#include <vector>

#include "fuzz/mutate/remedies.h"

namespace sluice::mutate {

class RemedyMaker {
 public:
  RemedyMaker(const Tree& tree, const Finding& finding, Random& random)
      : tree_(tree), format_(tree.format()), schema_(format_.schema()), finding_(finding), random_(random) {}

  [[nodiscard]] std::vector<Remedy> make();

 private:
  // remedies.cc: a condition that is to hold, a field that is to be another value.
  void for_layout();
  void for_contract();
  void ask_for(const Question& question);
  void compare(const Question& question, const expression::Expr& expr, const std::vector<NodeId>& fields);
  void hold(const Question& question);
  void change(NodeId field, const std::vector<Integer>& numbers);
  void change_text(NodeId field, const Question& question);
  void for_member(NodeId structure, std::uint32_t member, NodeId node);
  void drop(NodeId node);
  void for_left_over();

  // remedy_places.cc: what lies elsewhere: places that are shared, bytes that are added, bytes that nobody names.
  void place_again(NodeId structure, std::uint32_t member);
  void place_at(NodeId structure, std::uint32_t member, std::uint32_t from, std::uint32_t size);
  void allocate(NodeId structure, std::uint32_t member, std::uint32_t size);
  void place_last(const Question& question);
  void explain_bytes(std::uint32_t from, std::uint32_t to);

  // remedy_rules.cc: rules over many elements, and rows that are missing.
  void for_rule(const schema::Rule& rule);
  void join(const schema::Rule& rule, const schema::RuleLocal& local, NodeId element);
  void renumber(const schema::Rule& rule);
  void add_row(const schema::Rule& rule, const schema::RuleLocal& local, NodeId element);

  void add(Remedy remedy) { out_.push_back(std::move(remedy)); }
  void set(NodeId field, Integer value);
  [[nodiscard]] std::uint8_t letter() { return static_cast<std::uint8_t>('A' + random_.below(26)); }

  const Tree& tree_;
  const Format& format_;
  const schema::Schema& schema_;
  const Finding& finding_;
  Random& random_;
  NodeId node_ = kNoNode;                 // where the finding is, as far as the tree goes
  std::string_view rest_ = {};            // of its path
  std::optional<ByteRange> unread_ = {};  // bytes that nobody reads are given letters, so that they can be text
  std::vector<Remedy> out_;
};

// The structure whose bytes the position of a placed member counts in; 0: the file.
[[nodiscard]] NodeId stream_of_place(const Tree& tree, NodeId structure, std::uint32_t member);

}  // namespace sluice::mutate
