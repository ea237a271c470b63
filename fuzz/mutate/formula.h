// Expressions of a schema made ready to be computed over a tree, as often as a mutation needs.
//
// What they compute is what the validator's machine computes: integers are exact, out of range is no value. What asks
// for anything but integers, booleans, enumerations, texts and bytes as they lie in the file has no value either.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutate/node.h"
#include "fuzz/mutate/tree.h"
#include "validator/expression/ast.h"
#include "validator/schema/expression.h"

namespace sluice::mutate {

enum class TermOp : std::uint8_t {
  nothing,      // what is not understood
  constant,     // value
  text,         // text
  self,         // the structure that the expression stands in
  top,          // rules: the root of the file
  root,         // _root of a
  parent,       // _parent of a
  stream,       // _io of a
  stream_size,  // of a
  index,        // _index
  element,      // _
  member,       // the member `site` of a
  count,        // .size of a
  length,       // .length of a
  first,        // of a
  last,         // of a
  subscript,    // a[b]
  cast,         // a, if it is a structure of type `site`
  negate,
  invert,
  logical_not,
  binary,       // `binary` of a and b
  conditional,  // a ? b : c
};

struct Term {
  TermOp op = TermOp::nothing;
  expression::BinaryOp binary = expression::BinaryOp::add;
  std::uint32_t a = 0;  // terms
  std::uint32_t b = 0;
  std::uint32_t c = 0;
  SiteId site = kNoSite;
  schema::TypeId owner = schema::kNoType;  // member: of what
  std::uint32_t text = 0;                  // of the formula's
  bool is_read = false;                    // member: a field of the file
  Integer value = 0;
};

class Formula {
 public:
  Formula() = default;  // of nothing
  Formula(const Format& format, const schema::Expression& expression);

  explicit operator bool() const { return !terms_.empty(); }
  // Operands stand before what uses them; the last is the whole.
  [[nodiscard]] std::span<const Term> terms() const { return terms_; }
  [[nodiscard]] const std::string& text(const Term& term) const { return texts_[term.text]; }
  [[nodiscard]] std::uint32_t whole() const { return static_cast<std::uint32_t>(terms_.size() - 1); }
  // The members that it names itself, sorted; what value instances among them name in turn is not here.
  [[nodiscard]] const std::vector<SiteId>& reads() const { return reads_; }
  // Whether it asks for the size of a stream.
  [[nodiscard]] bool reads_stream() const { return reads_stream_; }
  [[nodiscard]] std::optional<Integer> constant() const;
  // Nothing but numbers, fields and what leads to them.
  [[nodiscard]] bool is_plain() const { return is_plain_; }

 private:
  std::uint32_t add(const Format& format, const expression::Expr& e);
  std::uint32_t add_operand(const Format& format, const expression::Expr& e);
  std::uint32_t put(Term term);
  std::uint32_t put_text(std::string text);

  std::vector<Term> terms_;
  std::vector<std::string> texts_;
  std::vector<SiteId> reads_;
  bool reads_stream_ = false;
  bool is_plain_ = true;
};

// Where an expression is computed.
struct Scope {
  NodeId self = 0;                          // the structure
  NodeId element = kNoNode;                 // `_`
  std::optional<std::uint32_t> index = {};  // `_index`
};

// What a term is over one tree.
struct Computed {
  enum class Kind : std::uint8_t { nothing, integer, node, stream, bytes };
  Kind kind = Kind::nothing;
  NodeId node = kNoNode;  // node; stream: whose it is, the root's is 0
  NodeId from = kNoNode;  // integer, bytes: the leaf that it was read from
  Integer integer = 0;
  std::span<const std::uint8_t> bytes = {};
  [[nodiscard]] bool is_nothing() const { return kind == Kind::nothing; }
};

// Evaluates terms, within a budget.
class Evaluator {
 public:
  explicit Evaluator(const Tree& tree) : tree_(tree) {}

  [[nodiscard]] std::optional<Integer> integer(const Formula& formula, const Scope& scope) {
    return integer(formula, formula.whole(), scope);
  }
  [[nodiscard]] std::optional<Integer> integer(const Formula& formula, std::uint32_t term, const Scope& scope);
  [[nodiscard]] Computed compute(const Formula& formula, std::uint32_t term, const Scope& scope);
  // The structure whose bytes are the `_io` of `structure`; kNoNode: not known.
  [[nodiscard]] NodeId stream_of(NodeId structure);
  // The same for what the position of a placed node counts in.
  [[nodiscard]] NodeId stream_of_place(NodeId placed);
  // The structure, array or field that a term is. kNoNode: it is none, or not a plain way to one.
  [[nodiscard]] NodeId node_of(const Formula& formula, std::uint32_t term, const Scope& scope) {
    steps_ = 0;
    return lead(formula, term, scope);
  }
  // The scope of the expressions that the schema gives for a node: its container, itself as `_`, its index.
  [[nodiscard]] Scope scope_of(NodeId id) const;

 private:
  // The short way of most formulas: numbers of 63 bits, and fields that are there. False, no node: the long way knows.
  bool find(const Formula& formula, std::uint32_t term, const Scope& scope, std::int64_t& out);
  bool find_binary(const Formula& formula, const Term& term, const Scope& scope, std::int64_t& out);
  bool find_operand(const Formula& formula, std::uint32_t term, const Scope& scope, std::int64_t& out);
  bool find_number(NodeId leaf, std::int64_t& out) const;
  NodeId lead(const Formula& formula, std::uint32_t term, const Scope& scope);
  [[nodiscard]] NodeId lead_to_member(const Term& member, NodeId of) const;
  Computed compute_term(const Formula& formula, std::uint32_t term, const Scope& scope);
  Computed member_of(const Computed& object, SiteId site);
  Computed parameter_of(NodeId object, const Site& site);
  Computed value_of(NodeId id) const;
  Computed length_of(const Computed& of) const;
  [[nodiscard]] NodeId root_of(NodeId structure) const;

  const Tree& tree_;
  std::uint32_t depth_ = 0;
  std::uint32_t steps_ = 0;
};

// What the member is where it is switched, by the fields that it depends on; null: no case matches. Otherwise its only
// type.
[[nodiscard]] const schema::DataType* case_of(const Tree& tree, SiteId site, const Scope& scope);

// An operation of the language on integers; empty: the validator would report an error.
[[nodiscard]] std::optional<Integer> apply(expression::BinaryOp op, Integer x, Integer y);

}  // namespace sluice::mutate
