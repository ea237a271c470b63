// The machine that runs a Program over one content file. Private to this room: `check` (walk.h) and `Session`
// (session.h) are what others use.
//
// What data nests is kept in vectors here, never on the host's stack: a type within a type, or an instance that needs
// an instance, is one Activation, and there are at most `Limits::depth` of them.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "validator/expression/ast.h"
#include "validator/finding/finding.h"
#include "validator/program/collector.h"
#include "validator/program/program.h"
#include "validator/program/region.h"
#include "validator/program/walk.h"

namespace sluice::program {

struct Stream {
  bytes::Reader reader;
  Object* owner = nullptr;
  const TypeInfo* owner_type = nullptr;
  bool flagged = false;   // a finding was reported in it
  bool given_up = false;  // reading it ended before its type did
  bool allow_trailing = false;
  bool watched = false;  // others read from it too: its leftovers are judged at the end
};

class Machine {
 public:
  enum class Mode : std::uint8_t {
    judge,  // findings are collected, and reading goes on where it can
    look,   // the first failure ends what was asked: what the language's own runtimes do
  };
  enum class Ending : std::uint8_t { done, failed, out_of_budget, needs_everything };

  Machine(const Program& program, const Code& code, bytes::View content, const Limits& limits, Mode mode,
          Findings& findings, const std::string& name);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Reads the root's seq (and, with lean code, all below it).
  Ending read_root();
  // Evaluates an instance of `object`; its value is then in its slot. With `for_findings`, a failure is a finding.
  Ending evaluate_member(Object* object, std::uint32_t member, Value& out);
  // Runs code that ends with `finish` in the context of `self`, where `_` is `element` and `_index` is `index`.
  Ending evaluate(Object* self, std::uint32_t entry, Value& out, const Value& element = {}, std::uint64_t index = 0);
  // Judges the streams that were left to the end.
  void finish();

  [[nodiscard]] Object* root() const { return root_; }
  [[nodiscard]] const std::optional<Finding>& failure() const { return failure_; }  // of the last `failed`
  [[nodiscard]] Statistics statistics() const;
  [[nodiscard]] std::optional<std::uint64_t> offset_of(const std::uint8_t* at) const;  // in the content file
  [[nodiscard]] std::string path_of(const Object* object) const;
  [[nodiscard]] const Program& program() const { return program_; }

 private:
  struct Loop {
    std::uint64_t index = 0;
    std::uint64_t count = 0;  // known, or the maximum
    std::uint64_t empty = 0;  // elements in a row that took no bits
    Array* array = nullptr;
    Object* held = nullptr;                 // `_`, where nobody keeps the array
    std::size_t watched = 0;                // streams watched before `held` was read
    std::size_t placed = 0;                 // and fields placed
    const std::uint8_t* element = nullptr;  // where this element began
    const std::uint8_t* first = nullptr;    // where the first did
    std::uint64_t serial = 0;               // no two repeats of a walk share it, as they may share a place
    std::uint64_t bits = 0;                 // where it began, in bits
    bool active = false;
    bool counted = false;
    bool until_end = false;
  };
  enum class Frame : std::uint8_t { type, instance, request };
  struct Activation {
    Frame frame = Frame::type;
    bool kept = false;
    bool discards = false;  // a forced instance: its value is not wanted
    bool has_catch = false;
    bool moved = false;           // by seek
    bool changed_stream = false;  // by enter_stream
    bool own_stream = false;      // call_type_in
    std::uint32_t return_pc = 0;
    std::uint32_t member = kNoSlot;  // the field being read
    std::uint32_t operands = 0;      // on the stack when it began
    std::uint32_t catches = 0;
    std::uint32_t instance = 0;  // frame instance: which
    Object* self = nullptr;
    Stream* caller_stream = nullptr;
    Stream* saved_stream = nullptr;
    bytes::Reader saved_reader = {};
    const std::uint8_t* field_begin = nullptr;
    const std::uint8_t* field_end = nullptr;  // where it is not where reading stands
    Region::Mark frames = {};
    std::size_t placed = 0;
    std::size_t watched = 0;
    Loop loop = {};
    Value element = {};
    std::uint32_t rule_pc = 0;        // a rule is judged: where to go on if it fails; 0: none
    std::uint32_t rule_operands = 0;  // then this many operands stay
    bool rule_quiet = false;          // then it is no finding
  };
  struct Catch {
    enum class Kind : std::uint8_t { attempt, force, substream };
    Kind kind = Kind::attempt;
    std::uint32_t pc = 0;
    std::uint32_t activations = 0;
    std::uint32_t operands = 0;
    Stream* stream = nullptr;
    Object* object = nullptr;  // substream
    bool kept = false;
    bool quiet = false;  // attempt: not even a finding
  };
  // A field read at a position that the file chose.
  struct Placed {
    const Stream* stream;
    const TypeInfo* type;  // and member: the field
    const TypeInfo* up;    // and up_member: whose field the structure is; null for the root
    std::uint32_t member;
    std::uint32_t up_member;
    std::uint64_t element;
    Span span;
    bool is_element;
    bool may_overlap;
  };
  // Why the current instruction cannot go on.
  enum class Trouble : std::uint8_t { none, finding, silent, budget, needs_everything };

  Ending run(std::uint32_t pc, std::size_t base);
  bool step(const Instruction& i, std::uint32_t& pc);  // false: trouble_
  bool step_value(const Instruction& i);
  bool step_read(const Instruction& i, std::uint32_t& pc);
  bool step_loop(const Instruction& i, std::uint32_t& pc);
  bool step_check(const Instruction& i);
  bool step_rule(const Instruction& i, std::uint32_t& pc);

  // machine_call.cc
  bool call_type(const Instruction& i, std::uint32_t& pc, bool in_own_stream);
  bool place(Object* object);
  void end_type(std::uint32_t& pc);
  bool enter_instance(Object* object, std::uint32_t member, std::uint32_t& pc, bool discards);
  void end_instance(const Instruction& i, std::uint32_t& pc);
  bool force(const Instruction& i, std::uint32_t& pc);
  Object* new_object(const TypeInfo& type, Region& region);
  Region& region_of(Object* object);
  Region* take_region();
  Region& region_of_next(Loop& loop);
  bool grow(Array& array, Object* self);
  void leave_stream(Activation& activation);
  void drop_object(Object* object);
  void drop_held(Loop& loop);

  // machine_value.cc
  bool load(Object* object, std::uint32_t member, std::uint32_t& pc);
  bool load_outer(const Instruction& i, std::uint32_t& pc);
  [[nodiscard]] bool guess(const Instruction& i) const;
  bool load_from(const Value& value, const Instruction& i, std::uint32_t& pc);
  bool compare_constant(expression::BinaryOp op, std::int64_t constant);
  bool apply_unary(expression::UnaryOp op);
  bool apply_binary(expression::BinaryOp op);
  bool apply_arithmetic(expression::BinaryOp op, const Value& a, const Value& b);
  bool apply_index();
  bool apply_method(expression::Method method, std::uint32_t arguments, std::uint32_t encoding);
  bool apply_to_i(const Value& value, std::uint32_t radix);
  bool apply_minmax(const Value& value, bool want_max);
  bool make_string(std::string_view text);

  // machine_read.cc
  bool read_bits(const Instruction& i);
  bool take_bytes(const Instruction& i);
  bool process_bytes(const Instruction& i);
  bool decode_text(const Instruction& i);
  bool trim(const ByteRule& rule, bytes::View& bytes);
  bool charge_search(const ByteRule& rule, std::uint64_t bytes);
  void report_left_over(bytes::View rest);

  // machine_check.cc
  void report_value(FindingId id, std::vector<Parameter> parameters);
  bool violation(FindingId id, std::vector<Parameter> parameters, bool structural);
  std::string describe(const Value& value) const;
  bool note_place(const Activation& a, bool may_overlap);
  static std::string field_of(const Placed& placed);
  void judge_stream(const Stream& stream, std::size_t placed_from);
  void judge_covered(const Stream& stream, std::span<const Placed> placed);
  void judge_overlaps(const Stream& stream, std::span<const Placed> placed);
  void report_stream(FindingId id, const Stream& stream, Span span, std::vector<Parameter> parameters,
                     const RuleInfo* rule = nullptr);
  void forget_places(const Stream* stream, std::size_t placed_from);
  void judge_watched(std::size_t from, std::size_t placed_from);

  // machine_rule.cc
  bool visit(const Instruction& i, std::uint32_t& pc);
  bool find_row(const Instruction& i, std::uint32_t& pc);
  bool collect(const Instruction& i);
  [[nodiscard]] std::uint64_t sequence_here() const;
  void give_up_sequence(std::uint64_t sequence);
  [[nodiscard]] bool stands_at(const RuleChain& chain) const;
  void violate(std::uint32_t values);
  [[nodiscard]] std::string shown_in_message(const Value& value) const;
  bool check_use(std::uint32_t& pc, std::uint32_t fine);
  void report_use();
  [[nodiscard]] std::string suggest_builds() const;
  void check_definition();

  // machine_fail.cc
  bool fail(FindingId id, std::vector<Parameter> parameters = {});
  bool fail_at(FindingId id, std::vector<Parameter> parameters, const std::uint8_t* begin, std::uint64_t size);
  bool fail_silently();
  bool budget(FindingId id, std::vector<Parameter> parameters);
  bool out_of_memory();
  bool charge(std::uint64_t elements) {
    elements_ += elements;
    ++steps_;
    return (elements_ <= limits_.elements && steps_ <= limits_.steps) || overcharged();
  }
  bool overcharged();
  bool charge_work(std::uint64_t bytes);   // that are handled many at once
  bool charge_bytes(std::uint64_t bytes);  // that are looked at one after the other
  // For a comparison of two texts or two arrays of bytes.
  bool charge_compared(const Value& a, const Value& b) { return a.size < 16 || charge_work(std::min(a.size, b.size)); }
  bool end_of_stream(std::uint64_t needed);
  [[nodiscard]] Finding located(FindingId id) const;
  [[nodiscard]] std::string path_here() const;
  [[nodiscard]] std::vector<std::string> trail_here() const;
  [[nodiscard]] std::string expression_here() const;
  bool unwind(std::uint32_t& pc, std::size_t base);
  bool unwind_to_rule(std::uint32_t& pc, std::size_t base, std::size_t catch_base, bool is_finding);
  void drop_activation();

  void push(Value value) { operands_.push_back(value); }
  Value pop() {
    Value v = operands_.back();
    operands_.pop_back();
    return v;
  }
  Activation& top() { return activations_.back(); }
  bytes::Reader& reader() { return stream_->reader; }

  const Program& program_;
  const Code& code_;
  const bytes::View content_;
  Limits limits_;
  const Mode mode_;
  Findings& findings_;
  const std::string& name_;

  ChunkPool pool_;
  Region kept_;    // of the root
  Region frames_;  // of objects that nobody keeps, last in first out
  std::vector<std::unique_ptr<Region>> regions_;
  std::vector<Region*> free_regions_;
  std::vector<Value> operands_;
  std::vector<Activation> activations_;
  std::vector<Catch> catches_;
  std::vector<Placed> placed_;
  std::vector<Stream*> watched_;
  std::vector<std::uint64_t> scan_bounds_;

  // Rules.
  struct Use {
    Integer type = 0;
    Integer input = 0;
  };
  std::vector<JoinTable> tables_;
  std::vector<Collector> collectors_;   // one for each rule
  std::vector<std::uint32_t> pairing_;  // rules that are
  std::vector<Value> locals_;
  std::uint64_t rules_memory_ = 0;  // of both
  std::uint64_t loops_ = 0;         // that have begun
  static constexpr std::uint32_t kNoRule = 0xFFFFFFFF;
  std::uint32_t rule_ = kNoRule;      // that is being judged
  std::optional<std::size_t> build_;  // that is being judged for
  std::size_t rule_depth_ = 0;        // activations: what is deeper is an instance, which no rule and no build owns
  std::optional<std::string> wrong_;  // what a collector says of the last value
  Use use_;
  std::optional<DeclaredBuilds> declared_;

  Object* root_ = nullptr;
  Stream* stream_ = nullptr;
  std::uint32_t pc_ = 0;  // of the instruction being run
  Trouble trouble_ = Trouble::none;
  std::optional<Finding> failure_;
  bool failure_is_structural_ = false;
  std::uint64_t elements_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t process_bytes_ = 0;
};

}  // namespace sluice::program
