// What an expression computes with. Values carry their kind although the schema is typed: a wrong belief of the
// compiler then ends as a finding and not as a pointer made of file bytes.
#pragma once

#include <cstdint>
#include <string_view>

#include "validator/bytes/reader.h"
#include "validator/expression/integer.h"

namespace sluice::program {

struct TypeInfo;
struct Object;
struct Array;
struct Stream;
class Region;

enum class Tag : std::uint8_t {
  absent,   // not read (yet)
  pending,  // an instance that is being evaluated
  failed,   // an instance whose evaluation made a finding
  null,     // skipped: `if` was false, or no case matched
  integer,
  floating,
  boolean,
  string,
  bytes,
  enumeration,
  object,
  array,
  stream,
};

struct Value {
  Tag tag = Tag::absent;
  bool negative = false;      // integer, enumeration
  std::uint32_t enum_id = 0;  // enumeration
  union {
    std::uint64_t bits = 0;  // integer, enumeration: two's complement; boolean
    double number;
    const std::uint8_t* data;  // string (UTF-8), bytes
    Object* object;
    Array* array;
    Stream* stream;
  };
  std::uint64_t size = 0;  // string, bytes

  static Value null() { return of(Tag::null); }
  static Value of(Tag tag) {
    Value v;
    v.tag = tag;
    return v;
  }
  static Value integer(Integer value) {
    Value v = of(Tag::integer);
    v.bits = static_cast<std::uint64_t>(value);
    v.negative = value < 0;
    return v;
  }
  static Value unsigned_integer(std::uint64_t value) {
    Value v = of(Tag::integer);
    v.bits = value;
    return v;
  }
  static Value signed_integer(std::int64_t value) {
    Value v = of(Tag::integer);
    v.bits = static_cast<std::uint64_t>(value);
    v.negative = value < 0;
    return v;
  }
  static Value floating(double value) {
    Value v = of(Tag::floating);
    v.number = value;
    return v;
  }
  static Value boolean(bool value) {
    Value v = of(Tag::boolean);
    v.bits = value;
    return v;
  }
  static Value bytes(bytes::View view, Tag tag = Tag::bytes) {
    Value v = of(tag);
    v.data = view.data();
    v.size = view.size();
    return v;
  }
  static Value of(Object* object) {
    Value v = of(Tag::object);
    v.object = object;
    return v;
  }
  static Value of(Array* array) {
    Value v = of(Tag::array);
    v.array = array;
    return v;
  }
  static Value of(Stream* stream) {
    Value v = of(Tag::stream);
    v.stream = stream;
    return v;
  }

  // integer, enumeration
  [[nodiscard]] Integer as_integer() const {
    return negative ? static_cast<Integer>(static_cast<std::int64_t>(bits)) : static_cast<Integer>(bits);
  }
  [[nodiscard]] bytes::View view() const { return {data, size}; }
  [[nodiscard]] std::string_view text() const { return {reinterpret_cast<const char*>(data), size}; }
  [[nodiscard]] bool is_there() const { return tag > Tag::null; }
};
static_assert(sizeof(Value) == 24);

// Positions in a stream, half open.
struct Span {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

enum class ScalarKind : std::uint8_t { unsigned_integer, signed_integer, floating };

// How a fixed-size number lies in memory.
struct ScalarFormat {
  std::uint8_t width = 1;  // 1 2 4 8
  ScalarKind kind = ScalarKind::unsigned_integer;
  bool big_endian = false;
};
[[nodiscard]] Value load_scalar(const std::uint8_t* from, ScalarFormat format);

// The elements of a repeat. Plain numbers stay where they are in the content (`packed`); all else is a table of values.
struct Array {
  std::uint64_t count = 0;
  std::uint64_t capacity = 0;
  Value* items = nullptr;
  Span* spans = nullptr;  // of each element, if everything is kept
  const std::uint8_t* packed = nullptr;
  ScalarFormat format = {};
  Stream* stream = nullptr;  // the elements' own, for `spans`
  bool cut_short = false;    // given up before its last element

  [[nodiscard]] Value at(std::uint64_t index) const {  // index < count
    return packed != nullptr ? load_scalar(packed + index * format.width, format) : items[index];
  }
};

// One structure of the content, with the values of it that somebody asks for.
struct Object {
  enum class State : std::uint8_t { reading, read, given_up };

  const TypeInfo* type = nullptr;
  Object* parent = nullptr;     // `_parent`
  Object* root = nullptr;       // `_root`
  Object* container = nullptr;  // whose field it is: for paths
  Stream* stream = nullptr;
  Region* region = nullptr;   // where what it keeps is allocated; null until needed
  Span span = {};             // of its seq, in `stream`
  std::uint64_t element = 0;  // index in the container's field, if that repeats
  std::uint32_t member = 0;   // of the container
  bool is_element = false;
  bool owns_region = false;
  bool big_endian = false;  // a calculated byte order
  bool endian_known = false;
  State state = State::reading;
  Span* spans = nullptr;              // of each member, if everything is kept
  Stream** member_streams = nullptr;  // which stream each span is of

  [[nodiscard]] Value* slots() { return reinterpret_cast<Value*>(this + 1); }
};
static_assert(sizeof(Object) % 8 == 0);

}  // namespace sluice::program
