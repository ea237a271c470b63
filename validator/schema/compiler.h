// The compiler's working state. Private to compile*.cc.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "validator/program/program.h"
#include "validator/schema/schema.h"

namespace sluice::schema {

// What expressions ask for, over the whole schema.
struct Uses {
  std::vector<std::vector<bool>> members;  // [type][member]: its value
  std::vector<std::vector<bool>> streams;  // [type][member]: the `_io` of its structure
  [[nodiscard]] static Uses of(const Schema& schema);
};

// Where rules are judged: at which members of which types.
class RuleSites {
 public:
  struct Site {
    std::vector<std::uint32_t> tables;
    bool uses = false;
    std::vector<std::uint32_t> rules;
  };
  [[nodiscard]] static RuleSites of(const Schema& schema);
  [[nodiscard]] const Site* find(TypeId type, std::uint32_t member) const;
  // A rule needs what is read after its elements: what one walk with a short memory cannot give.
  [[nodiscard]] bool look_ahead() const { return look_ahead_; }
  // Whether `path` can be reached in one way only, so that nobody needs to ask where a structure stands.
  [[nodiscard]] bool is_only_way(const RulePath& path) const;

 private:
  std::map<RulePath::Step, Site> sites_;
  std::vector<std::uint32_t> users_;  // of each type
  bool look_ahead_ = false;
};

// What is known of a schema before code is made of it. Aliased by the Compiler.
struct Analysis {
  Uses uses;
  RuleSites sites;
};

class Compiler {
 public:
  Compiler(const Schema& schema, const Analysis& analysis, program::Program& program, program::Code& code,
           bool use_scan = false, bool use_guesses = false)
      : schema_(schema),
        uses_(analysis.uses),
        sites_(analysis.sites),
        program_(program),
        code_(code),
        use_scan_(use_scan),
        use_guesses_(use_guesses) {}

  void run();
  // Code that leaves the value of `expression` and finishes; returns its entry. For expressions of users.
  std::uint32_t add_request(const Expression& expression);

 private:
  using Op = program::Op;
  using Instruction = program::Instruction;

  // compile.cc
  void declare_types();
  void compile_type(const TypeSpec& type);
  void decide_endian(const EndianSwitch& endian);
  void checksum_positions(const TypeSpec& type, std::uint32_t index, bool end);
  void judge_checksums(const TypeSpec& type);
  void judge_asserts(const TypeSpec& type);
  [[nodiscard]] bool is_kept(TypeId type, std::uint32_t member) const;
  [[nodiscard]] std::uint32_t slot(std::uint32_t member) const;

  // compile_member.cc
  void compile_sequence_member(std::uint32_t index);
  void compile_instance(std::uint32_t index);
  void compile_value_instance(std::uint32_t index);
  void compile_repeat(const Member& member, std::uint32_t index, bool kept);
  void compile_until(const Member& member);
  void compile_element(const Member& member, const DataType& data, std::uint32_t index);
  void compile_switch(const Member& member, const DataType& data, std::uint32_t index);
  void compile_structure(const Member& member, const DataType& data, std::uint32_t index);
  void compile_take(const Member& member, const DataType& data);
  void compile_process(const Member& member);
  void judge_element(const Member& member);
  void judge_bound(const Expression& bound, Op op, std::uint16_t a = 0);
  [[nodiscard]] bool wants_element(const Member& member) const;
  [[nodiscard]] bool says_unknown(const Expression& value) const;

  // compile_rule.cc
  void judge_rules(std::uint32_t member);  // lean: of the element on the stack
  void judge_kept(const TypeSpec& type);   // full: of all that was kept
  void judge_site(const RuleSites::Site& site, bool tables, bool rules);
  void judge_row(std::uint32_t table);
  void judge_use();
  void describe_use(const ContractUse& use);
  void judge_rule(std::uint32_t rule);
  void for_builds(const std::function<void()>& body);
  void decide(std::uint32_t rule);
  void select(std::uint32_t rule, std::vector<std::uint32_t>& ends, std::vector<std::uint32_t>& missing);
  void require(std::uint32_t rule);
  void message_value(const Expression& value);
  void judge_root_rules();
  void judge_collected(std::uint32_t rule);
  void declare_builds();
  std::uint32_t gate(const RulePath& path);
  std::uint32_t chain(const RulePath& path);

  // compile_shape.cc
  std::optional<std::uint32_t> guess(const expression::Expr& condition, bool holds);
  std::optional<std::uint32_t> guess_for_builds(const Rule& rule);

  // compile_expression.cc
  void compile_value(const Expression& expression);
  void compile(const expression::Expr& expr);
  void compile_name(const expression::Expr& expr);
  void compile_attribute(const expression::Expr& expr);
  void compile_call(const expression::Expr& expr);
  void compile_array(const expression::Expr& expr, bool as_bytes);

  // Emitting.
  std::uint32_t here() const { return static_cast<std::uint32_t>(code_.instructions.size()); }
  std::uint32_t emit(Op op, std::uint64_t a = 0, std::uint64_t b = 0, std::int64_t c = 0) {
    code_.instructions.push_back(
        {.op = op, .a = static_cast<std::uint16_t>(a), .b = static_cast<std::uint32_t>(b), .c = c});
    return here() - 1;
  }
  // Lets the jump at `pc` go to here.
  void land(std::uint32_t pc) { code_.instructions[pc].c = here(); }
  std::uint32_t text(std::string_view text) { return program_.add_text(text); }
  std::uint32_t encoding(const std::string& name);
  std::uint32_t byte_rule(const Sizing& sizing, const DataType& data);

  const Schema& schema_;
  const Uses& uses_;
  const RuleSites& sites_;
  program::Program& program_;
  program::Code& code_;
  const bool use_scan_;
  const bool use_guesses_;
  const TypeSpec* type_ = nullptr;     // being compiled
  std::vector<std::uint32_t> hidden_;  // of it: first hidden slot of each member's checksum, or kNoSlot
};

// A bound of a scan that the machine computes before it.
struct ScanValue {
  const expression::Expr* expression;
  bool exclusive;
};
// compile_scan.cc: a plan for the elements of `member`, if the scan can judge them.
[[nodiscard]] bool plan_scan(const Schema& schema, const RuleSites& sites, const Member& member,
                             program::ScanPlan& plan, std::vector<ScanValue>& values);

// 2 if an element may begin inside a byte that bits have begun, for Op::field, loop_test and keep_position.
[[nodiscard]] std::uint64_t inside_byte(const Member& member);

// compile_shape.cc: what the compiler has an instruction for.
[[nodiscard]] bool is_comparison(const expression::Expr& e);
[[nodiscard]] bool is_plain_constant(const expression::Expr& e);    // that fits an instruction
[[nodiscard]] bool is_field_of_element(const expression::Expr& e);  // `_.field`

// compile_rule.cc: what the program says of rules beside their instructions.
void describe_rules(const Schema& schema, program::Program& program);

[[nodiscard]] program::ScalarFormat scalar_format(const DataType& data);
[[nodiscard]] constexpr std::uint16_t pack(program::ScalarFormat f) {
  return static_cast<std::uint16_t>(f.width | static_cast<unsigned>(f.kind) << 4 | (f.big_endian ? 64u : 0u));
}

}  // namespace sluice::schema
