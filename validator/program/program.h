// A schema compiled: instructions for one machine and the tables that they name. No YAML, no types to infer, no names
// to look up; a Program can be run in a process that never saw the schema's files.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/expression/integer.h"
#include "validator/program/builds.h"
#include "validator/program/rule.h"
#include "validator/program/scan_plan.h"
#include "validator/program/value.h"

namespace sluice::program {

enum class Op : std::uint16_t {
#define OPCODE(name, operands, effect) name,
#include "validator/program/opcodes.def"
#undef OPCODE
};

struct Instruction {
  Op op = Op::jump;
  std::uint16_t a = 0;
  std::uint32_t b = 0;
  std::int64_t c = 0;
};
static_assert(sizeof(Instruction) == 16);

inline constexpr std::uint32_t kNoSlot = 0xFFFFFFFF;
inline constexpr std::uint32_t kNoEntry = 0xFFFFFFFF;

// Flags of call_type and call_type_in.
inline constexpr std::uint16_t kCallKept = 1;        // somebody asks for the object: it lives as long as its container
inline constexpr std::uint16_t kCallWithParent = 2;  // `parent: expr` is on the stack below the arguments
inline constexpr std::uint16_t kCallNoParent = 4;    // `parent: false`
inline constexpr std::uint16_t kCallOwnRoot = 8;     // imported: its `_root` is itself
inline constexpr std::uint16_t kCallAllowTrailing = 16;
inline constexpr std::uint16_t kCallWatched = 32;  // its `_io` is read from elsewhere too
inline constexpr std::uint16_t kCallElement = 64;  // `_` of a repeat: it lives until the next element

// Flags of rule_catch.
inline constexpr std::uint16_t kCatchInRule = 1;   // that was begun
inline constexpr std::uint16_t kCatchQuietly = 2;  // what is tried is tried again: a failure is no finding yet

// Of guess: a beside the operator; b is an element's type times kGuessSlots and the slot in it, or the element itself.
inline constexpr std::uint16_t kGuessHolds = 256;
inline constexpr std::uint32_t kGuessSlots = 65536;
inline constexpr std::uint32_t kGuessElement = 0xFFFFFFFF;

enum class MemberRole : std::uint8_t { parameter, sequence, value_instance, parse_instance };

struct MemberInfo {
  std::string id;
  std::string path = {};  // YAML path of the attribute
  MemberRole role = MemberRole::sequence;
  std::uint32_t slot = kNoSlot;
  std::uint32_t entry = kNoEntry;  // instance: its code
  std::uint32_t enum_id = kNoSlot;
  bool repeats = false;
  std::string kind = {};  // for people: `u2le`, `str(ASCII)`, `criterion`
  std::string doc = {};
};

struct TypeInfo {
  std::uint32_t id = 0;
  std::string name;
  std::string full_name;
  std::uint32_t entry = kNoEntry;
  std::uint32_t checksums = kNoEntry;  // full code: judges what the lean code does in place
  std::uint32_t asserts = kNoEntry;
  std::uint32_t tables = kNoEntry;  // and the rows of tables, then the rules, of what it contains
  std::uint32_t rules = kNoEntry;
  std::uint32_t slots = 0;
  std::uint32_t parameters = 0;
  bool inherits_endian = false;
  std::vector<MemberInfo> members = {};  // parameters, seq, instances
};

struct EnumInfo {
  std::string name;       // `animal`
  std::string full_name;  // `zoo::animal`
  struct Label {
    Integer value = 0;
    std::string text;
  };
  std::vector<Label> labels;  // sorted by value
  [[nodiscard]] const Label* find(Integer value) const;
};

// How bytes are cut out and trimmed.
struct ByteRule {
  std::vector<std::uint8_t> terminator = {};  // empty: none
  bool include = false;
  bool consume = true;
  bool eos_error = true;
  bool pads = false;
  std::uint8_t pad = 0;
};

struct SwitchTable {
  struct Row {
    Value key;  // integer, enumeration or boolean; sorted by key
    std::uint32_t target = 0;
  };
  std::vector<Row> rows;
};

// The expression that instructions [begin, end) compute, for findings.
struct Place {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string text;
  std::string path;
};

struct Code {
  std::vector<Instruction> instructions;
  std::vector<TypeInfo> types;
  std::vector<ByteRule> byte_rules;
  std::vector<SwitchTable> switches;
  std::vector<ScanPlan> plans;
  std::vector<Place> places;  // by begin; the innermost comes last
  bool keeps_everything = false;

  [[nodiscard]] const Place* place_of(std::uint32_t pc) const;
};

// The field that a contract's use names, where it is one of the element's own.
struct UsedField {
  std::string id;
  std::optional<Span> place;  // in the element, where nothing before it depends on the data
};

struct Program {
  std::string id;  // of the schema
  std::string file;
  std::uint32_t root = 0;
  bool allow_trailing = false;
  std::vector<EnumInfo> enums;
  std::vector<std::string> encodings;
  std::vector<Value> constants;  // strings and bytes point into `pool`
  std::vector<std::unique_ptr<std::string>> pool;

  // Rules (validator/schema/rule.h), and the builds that they are judged for.
  std::vector<RuleInfo> rules;
  std::vector<RuleChain> chains;
  std::vector<std::string> tables;  // `template_types by id`
  std::vector<std::string> caps;
  std::vector<BuildFacts> builds;
  BuildIndex build_index;
  UsedField used;
  std::uint32_t locals = 0;                  // that the largest rule needs
  std::optional<std::uint32_t> covers = {};  // the rule that every byte is explained

  // Keeps only the values that expressions ask for; forces instances at the end of each structure.
  Code lean;
  // Keeps every field; instances wait until they are asked for. Without instances and unless asked for: empty.
  Code full;

  [[nodiscard]] std::uint32_t add_constant(Value value);
  [[nodiscard]] std::uint32_t add_text(std::string_view text, Tag tag = Tag::string);
  [[nodiscard]] std::string_view text(std::uint32_t constant) const { return constants[constant].text(); }
};

// The code as a person reads it: one line an instruction, types and tables between them.
[[nodiscard]] std::string dump(const Code& code);

[[nodiscard]] std::string_view name_of(Op op);

}  // namespace sluice::program
