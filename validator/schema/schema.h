// A schema symbolically: what the .ksy files say, names resolved and types checked, nothing about how it is walked.
//
// `load_schema` makes one; `compile` (compile.h) turns it into a Program. Everything is owned by the Schema and refers
// to other parts of it by number.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "validator/document/node.h"
#include "validator/schema/expression.h"
#include "validator/schema/rule.h"

namespace sluice::schema {

enum class Endian : std::uint8_t { none, little, big, calculated };
enum class BitEndian : std::uint8_t { big, little };

enum class DataKind : std::uint8_t {
  integer,    // width 1 2 4 8, is_signed, endian
  floating,   // width 4 8, endian
  bits,       // width 1..64 bits, bit_endian; b1 without enum is a boolean
  bytes,      // sizing of the attribute
  string,     // sizing, encoding
  structure,  // type_id, arguments; with sizing: in a substream of its own
  switched,   // switch_on, cases
  none,       // value instance; or a parameter (declared_type says which)
};

struct Case;

struct DataType {
  DataKind kind = DataKind::bytes;
  std::uint8_t width = 0;
  bool is_signed = false;
  Endian endian = Endian::none;
  BitEndian bit_endian = BitEndian::big;
  bool is_boolean = false;       // b1 without an enum
  bool zero_terminated = false;  // strz: a terminator of one unit of its encoding, unless one is given
  std::string encoding;          // string: resolved from the attribute or meta
  EnumId enum_id = kNoEnum;      // integer, bits; value instance and parameter
  TypeId type_id = kNoType;      // structure
  std::string type_name;         // structure: as written, without arguments
  std::string enum_name;         // as written, empty: none
  document::Mark mark;           // of the type's name
  document::Mark enum_mark;
  bool failed = false;                // a problem of this type was reported: it says nothing
  std::vector<Expression> arguments;  // structure: one for each parameter of the type
  Expression switch_on;
  std::vector<Case> cases;  // in the order written
};

struct Case {
  Expression match;  // absent: `_`
  DataType type;
};

enum class ProcessKind : std::uint8_t { none, xor_key, rotate_left, rotate_right, zlib, custom };

struct Process {
  ProcessKind kind = ProcessKind::none;
  std::string name;                   // custom: as written
  std::vector<Expression> arguments;  // xor: the key (an integer 0..255 or bytes); rotate: the bits
};

// How many bytes a bytes, string, structure or switched attribute takes. At most one of size and size_eos.
struct Sizing {
  Expression size;
  bool size_eos = false;
  std::optional<std::vector<std::uint8_t>> terminator;  // one byte, or the encoding's unit; strz has it filled in
  bool include = false;
  bool consume = true;
  bool eos_error = true;
  std::optional<std::uint8_t> pad_right;
  Process process;
  [[nodiscard]] bool cuts_a_region() const { return size || size_eos || terminator.has_value(); }
};

enum class RepeatKind : std::uint8_t { none, eos, count, until };

struct Validation {
  enum class Kind : std::uint8_t { none, equal, range, any_of, in_enum, expression };
  Kind kind = Kind::none;
  Expression equal;
  Expression min, max;
  std::vector<Expression> any_of;
  Expression expression;
  std::string path;  // `/seq/0/valid`: reported by the official runtimes as src_path `/seq/0`
};

// -sluice-checksum: {crc32: body}. The field holds the checksum of the bytes of a sibling region.
struct Checksum {
  enum class Algorithm : std::uint8_t { none, crc32, adler32, sum8, sum16, sum32, sha256 };
  Algorithm algorithm = Algorithm::none;
  // The region: a seq member of the same type, as index in `members`, or from one to another (`{crc32: [body, tail]}`:
  // first byte of the first to the last byte of the last).
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::string first_id;
  std::string last_id;
  std::string region;  // `body` or `body..tail`, for messages
  std::string path;
  document::Mark mark;
};

enum class Role : std::uint8_t { parameter, sequence, value_instance, parse_instance };

// What `-sluice-allow` can relax. A name given on the schema's `meta` or on a type holds below it.
struct Allowances {
  bool trailing_bytes = false;
  bool overlap = false;
  bool unknown_enum = false;
  bool unmatched_switch = false;
};

struct Member {
  Role role = Role::sequence;
  std::string id;    // `_unnamed0` where the schema gives none
  std::string path;  // YAML path of the attribute: `/types/foo/seq/1`
  document::Mark mark;
  std::string doc;
  expression::Type type;          // of the whole member: an array if it repeats
  expression::Type element_type;  // of one element
  bool is_array = false;          // parameter: `type: foo[]`

  DataType data;
  Sizing sizing;
  std::optional<std::vector<std::uint8_t>> contents;
  Expression condition;  // if
  RepeatKind repeat = RepeatKind::none;
  Expression repeat_count;
  Expression repeat_until;
  Validation valid;
  Checksum checksum;
  Allowances allow;

  Expression parent;             // `parent: expr`
  bool parent_is_false = false;  // `parent: false`

  Expression position;      // parse instance
  Expression io;            // parse instance
  Expression value;         // value instance
  Expression sluice_valid;  // value instance: boolean, `_` is the value
};

struct Assertion {
  Expression expression;
  std::string message;  // optional, as written
};

struct EnumMember {
  Integer value = 0;
  std::string label;
  std::string doc;
};

struct Enum {
  EnumId id = kNoEnum;
  std::string name;       // `animal`
  std::string full_name;  // `zoo::animal`
  std::string path;       // `/types/zoo/enums/animal`
  TypeId owner = kNoType;
  std::vector<EnumMember> members;  // sorted by value
  std::vector<std::uint32_t> by_label;
  [[nodiscard]] const EnumMember* find(Integer value) const;
  [[nodiscard]] const EnumMember* find(std::string_view label) const;
};

struct EndianSwitch {
  Expression switch_on;
  struct Case {
    Expression match;  // absent: `_`
    Endian endian = Endian::little;
  };
  std::vector<Case> cases;
};

struct TypeSpec {
  TypeId id = kNoType;
  std::string name;              // `criterion`
  std::string full_name;         // `channel::instance::criterion`
  std::string path;              // YAML path: `` for the top type, `/types/criterion`
  std::string file;              // the .ksy it stands in
  std::uint32_t file_index = 0;  // of it in Schema::files
  bool opaque = false;           // named but written nowhere (`ks-opaque-types`): has no members and cannot be walked
  TypeId outer = kNoType;        // the type it is written in
  std::string doc;

  // Default for its attributes; calculated: by the `endian_switch` of this type or of one that it is written in.
  Endian endian = Endian::none;
  std::optional<EndianSwitch> endian_switch;
  BitEndian bit_endian = BitEndian::big;
  std::string encoding;  // default, may be empty
  bool debug = false;    // ks-debug
  Allowances allow;

  // Parameters, then seq, then instances, each in the order written.
  std::vector<Member> members;
  std::vector<std::uint32_t> by_id;  // indices of `members`, sorted by id
  std::uint32_t parameter_count = 0;
  std::uint32_t sequence_count = 0;
  [[nodiscard]] std::uint32_t first_sequence() const { return parameter_count; }
  [[nodiscard]] std::uint32_t first_instance() const { return parameter_count + sequence_count; }

  std::vector<Assertion> asserts;  // -sluice-asserts
  Expression to_string;

  std::map<std::string, TypeId, std::less<>> types;
  std::map<std::string, EnumId, std::less<>> enums;

  // What `_parent` is: the one type that uses this one, or kNoType (any structure) where several do or nobody does.
  TypeId parent_type = kNoType;
  // Fixed size in bits, where it depends on no data.
  std::optional<std::uint64_t> fixed_bits;

  [[nodiscard]] std::optional<std::uint32_t> find_member(std::string_view member) const;
};

// What TypeSpec::by_id holds.
[[nodiscard]] std::vector<std::uint32_t> order_by_id(const std::vector<Member>& members);

struct Schema {
  std::string file;  // of the root
  std::string id;    // meta/id
  TypeId root = 0;
  std::vector<std::unique_ptr<TypeSpec>> types;          // by TypeId
  std::vector<std::unique_ptr<Enum>> enums;              // by EnumId
  std::vector<std::string> files;                        // every .ksy read, the root's first
  std::map<std::string, TypeId, std::less<>> top_types;  // the top type of each file, by its meta/id
  RuleBook rules;                                        // of a rules document; empty without one

  [[nodiscard]] const TypeSpec& type(TypeId number) const { return *types[number]; }
  [[nodiscard]] TypeSpec& type(TypeId number) { return *types[number]; }
  [[nodiscard]] const Enum& enumeration(EnumId number) const { return *enums[number]; }
};

// Allows, in every type and member, what `allow` names: the command line's `--allow`.
void relax(Schema& schema, const Allowances& allow);

}  // namespace sluice::schema
