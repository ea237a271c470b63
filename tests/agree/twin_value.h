// THIS CODE IS FOR TESTS ONLY: what the twin knows of a file. Everything is owned by the Twin (its deques); values
// point into them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/agree/twin.h"

namespace sluice::agree {

using schema::DataType;
using schema::Endian;
using schema::EnumId;
using schema::Expression;
using schema::Member;
using schema::Schema;
using schema::TypeSpec;

struct Struct;
struct Array;
struct Stream;

struct Value {
  enum class Kind : std::uint8_t {
    unread,  // its turn has not come
    lost,    // its structure was given up, or its expression failed: whoever needs it is silent
    null,    // left out by the schema: using it is a finding
    integer,
    floating,
    boolean,
    string,
    bytes,
    structure,
    array,
    stream,
  };
  Kind kind = Kind::unread;
  Integer integer = 0;  // boolean: 0 or 1
  EnumId enum_id = schema::kNoEnum;
  double number = 0;
  std::string text;  // string (UTF-8), bytes
  Struct* structure = nullptr;
  Array* array = nullptr;
  Stream* stream = nullptr;

  [[nodiscard]] bool is(Kind k) const { return kind == k; }

  static Value of(Kind kind) {
    Value v;
    v.kind = kind;
    return v;
  }
  static Value lost() { return of(Kind::lost); }
  static Value null() { return of(Kind::null); }
  static Value of_integer(Integer i) {
    Value v = of(Kind::integer);
    v.integer = i;
    return v;
  }
  static Value of_boolean(bool b) {
    Value v = of(Kind::boolean);
    v.integer = b ? 1 : 0;
    return v;
  }
  static Value of_number(double d) {
    Value v = of(Kind::floating);
    v.number = d;
    return v;
  }
  static Value of_string(std::string s) {
    Value v = of(Kind::string);
    v.text = std::move(s);
    return v;
  }
  static Value of_bytes(std::string s) {
    Value v = of(Kind::bytes);
    v.text = std::move(s);
    return v;
  }
  static Value of_structure(Struct* s) {
    Value v = of(Kind::structure);
    v.structure = s;
    return v;
  }
  static Value of_array(Array* a) {
    Value v = of(Kind::array);
    v.array = a;
    return v;
  }
  static Value of_stream(Stream* s) {
    Value v = of(Kind::stream);
    v.stream = s;
    return v;
  }
};

struct Array {
  std::vector<Value> items;
  bool cut_short = false;  // given up before its last element
};

struct Stream {
  std::string bytes;
  std::optional<std::uint64_t> base;  // where they lie in the file; empty: decoded, not the file's own
  std::uint64_t pos = 0;
  std::uint32_t bit = 0;  // bits used of the byte at `pos`
  schema::BitEndian bit_order = schema::BitEndian::big;
  bool has_finding = false;
  bool given_up = false;
  std::vector<bool> covered;

  [[nodiscard]] std::uint64_t size() const { return bytes.size(); }
  [[nodiscard]] bool at_end() const { return pos >= size(); }
  [[nodiscard]] std::uint64_t left() const { return size() - pos; }
  [[nodiscard]] std::uint64_t next_byte() const { return pos + (bit > 0 ? 1 : 0); }
  [[nodiscard]] std::optional<ByteRange> absolute(std::uint64_t begin, std::uint64_t end) const {
    return base ? std::optional(ByteRange{*base + begin, *base + end}) : std::nullopt;
  }
  void align() {
    if (bit > 0) ++pos;
    bit = 0;
  }
  void cover(std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t i = begin; i < end; ++i) covered[i] = true;
  }
};

struct Struct {
  enum class State : std::uint8_t { reading, complete, given_up };
  const TypeSpec* type = nullptr;
  Struct* parent = nullptr;
  Stream* io = nullptr;
  Endian endian = Endian::none;  // of a type whose order is calculated
  std::string path;
  State state = State::reading;
  std::uint64_t begin = 0;  // of its seq, in `io`
  std::uint64_t end = 0;
  bool owns_stream = false;
  bool allows_trailing = false;
  std::vector<Value> members;
  std::vector<std::optional<ByteRange>> places;  // in `io`, relative
  std::vector<bool> in_progress;                 // instances
};

}  // namespace sluice::agree
