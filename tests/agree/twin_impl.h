// THIS CODE IS FOR TESTS ONLY: the twin's one class. twin_walk.cc reads, twin_expression.cc evaluates, twin_judge.cc
// judges values, twin_bytes.cc knows encodings, processes and checksums.
#pragma once

#include <deque>
#include <map>

#include "tests/agree/twin_value.h"

namespace sluice::agree {

// Where an expression stands.
struct Place {
  Struct* self = nullptr;
  Stream* stream = nullptr;
  std::string path = {};
  std::optional<ByteRange> bytes = {};
  std::optional<Integer> index = {};
  const Value* element = nullptr;
  const Value* on = nullptr;
};

class Twin {
 public:
  Twin(const Schema& schema, std::span<const std::uint8_t> content, const TwinLimits& limits)
      : schema_(schema), content_(content.begin(), content.end()), limits_(limits) {}
  TwinResult run(bool want_tree);

 private:
  // twin_walk.cc. The readers return false when the stream is given up.
  void walk();
  Stream* new_stream(std::string bytes, std::optional<std::uint64_t> base);
  Struct* new_structure(const TypeSpec& type, Struct* parent, Stream* io, std::string path);
  bool read_structure(Struct& x);
  bool decide_endian(Struct& x);
  bool read_member(Struct& x, std::uint32_t i, Stream& s);
  bool read_repeated(Struct& x, std::uint32_t i, Stream& s, const Place& at);
  bool read_element(Struct& x, const Member& m, Stream& s, const Place& at, Value& slot);
  [[nodiscard]] bool says_unknown(const DataType& data, const Value& on) const;
  bool read_switched(Struct& x, const Member& m, Stream& s, const Place& at, Value& slot);
  bool read_typed(Struct& x, const Member& m, const DataType& data, Stream& s, const Place& at, Value& slot);
  bool read_number(const Struct& x, const DataType& data, Stream& s, const Place& at, Value& slot);
  bool read_bits(const DataType& data, Stream& s, const Place& at, Value& slot);
  bool read_contents(const Member& m, Stream& s, const Place& at, Value& slot);
  bool read_inline_structure(Struct& x, const Member& m, const DataType& data, Stream& s, const Place& at, Value& slot);
  bool read_region(Struct& x, const Member& m, const DataType& data, Stream& s, const Place& at, Value& slot);
  bool read_substream(Struct& x, const Member& m, const DataType& data, const Place& at, Stream* own, Value& slot);
  Struct* make_child(Struct& x, const Member& m, const DataType& data, const Place& at, Stream* io);
  bool take_region(const Member& m, const DataType& data, Stream& s, const Place& at, std::string& bytes);
  bool take_terminated(const Member& m, const std::string& terminator, Stream& s, const Place& at, std::string& bytes);
  bool undo_process(const Member& m, Stream& s, const Place& at, std::uint64_t begin, std::string& bytes);

  void finish(Struct& x);
  void finish_all(Struct& x);
  void finish_value(const Value& v);
  void force_instances(Struct& x, bool recurse);
  void check_left_over(Struct& x);
  void evaluate_instance(Struct& x, std::uint32_t i);
  void evaluate_value_instance(Struct& x, std::uint32_t i, const Place& at);
  bool evaluate_parse_instance(Struct& x, std::uint32_t i, Place at, Stream*& s);

  // twin_expression.cc. A result is never `unread`; `lost` when there is none, told or not.
  Value evaluate(const expression::Expr& e, const Place& at);
  Value evaluate_used(const expression::Expr& e, const Place& at);  // and `null` is a finding
  Value evaluate_name(const expression::Expr& e, const Place& at);
  Value evaluate_attribute(const expression::Expr& e, const Place& at);
  Value evaluate_unary(const expression::Expr& e, const Place& at);
  Value evaluate_binary(const expression::Expr& e, const Place& at);
  Value evaluate_fstring(const expression::Expr& e, const Place& at);
  Value evaluate_array(const expression::Expr& e, const Place& at);
  Value evaluate_subscript(const expression::Expr& e, const Place& at);
  Value evaluate_cast(const expression::Expr& e, const Place& at);
  Value evaluate_method(const expression::Expr& e, const Place& at);
  Value method_on_text(const expression::Expr& e, const Value& v, const Place& at);
  Value method_on_array(const expression::Expr& e, const Value& v, const Place& at);
  Value member_of(Struct& x, std::uint32_t i, const Place& at);
  Value arithmetic(expression::BinaryOp op, Integer a, Integer b, const Place& at);
  Value fail(FindingId id, const Place& at);

  // twin_judge.cc
  void judge(const Member& m, const Value& v, const Place& at);
  void judge_valid(const Member& m, const Value& v, const Place& at);
  void judge_checksums(Struct& x);
  void judge_asserts(Struct& x);

  // A judgement: always told. A failure: told unless it ends a stream that has a finding already.
  void judged(FindingId id, const Place& at);
  void failed(FindingId id, const Place& at);
  bool give_up(FindingId id, Place at, std::optional<ByteRange> bytes);  // fails; always false
  bool stop(FindingId id, const Place& at);                              // a limit: always false
  bool spend_element(const Place& at);
  [[nodiscard]] bool stopped() const { return stopped_ || redo_; }

  // While one lives, a failure ends what is judged and not the stream.
  struct Judgement {
    explicit Judgement(Twin& t) : twin(t), outer(t.ends_stream_) { twin.ends_stream_ = false; }
    ~Judgement() { twin.ends_stream_ = outer; }
    Judgement(const Judgement&) = delete;
    Judgement& operator=(const Judgement&) = delete;
    Twin& twin;
    bool outer;
  };

  const Schema& schema_;
  std::string content_;
  TwinLimits limits_;
  bool deferred_ = false;
  bool redo_ = false;
  bool ends_stream_ = true;  // what a failure here ends: the stream, or (false) an instance or a judgement
  bool forcing_ = false;     // somewhere above, an instance is evaluated for its findings
  bool stopped_ = false;
  std::uint32_t depth_ = 0;
  std::uint64_t elements_ = 0;
  std::uint64_t process_bytes_ = 0;
  std::deque<Stream> streams_;
  std::deque<Struct> structures_;
  std::deque<Array> arrays_;
  Struct* root_ = nullptr;
  std::vector<TwinFinding> findings_;
};

// Compares two values of one type: negative, zero, positive.
int compare(const Value& a, const Value& b);

// twin_bytes.cc
std::optional<std::string> decode(const std::string& bytes, const std::string& encoding);
std::optional<std::string> encode(const std::string& text, const std::string& encoding);
std::size_t unit_of(const std::string& encoding);
std::size_t count_characters(const std::string& utf8);
std::vector<std::string> split_characters(const std::string& utf8);
std::string rotate_left(const std::string& bytes, unsigned bits);
struct Inflated {
  std::string out;             // as far as it got
  std::uint64_t consumed = 0;  // bytes before what follows the stream
  bool good = false;
};
Inflated inflate(const std::string& bytes, std::uint64_t limit);
std::string checksum(schema::Checksum::Algorithm algorithm, const std::string& bytes);  // big-endian

// The tree as text, one field a line.
std::string print_tree(const Struct& x);

}  // namespace sluice::agree
