#include "tests/agree/random_schema.h"

#include <fmt/core.h>

namespace sluice::agree {

static std::string quoted(const std::string& expression) { return "'" + expression + "'"; }

std::vector<std::uint8_t> RandomSchema::draw_content(std::size_t longest) {
  std::vector<std::uint8_t> out(below(longest + 1));
  for (auto& byte : out) {
    byte = static_cast<std::uint8_t>(chance(60) ? below(5) : chance(50) ? 0x7F + below(2) : below(256));
  }
  return out;
}

// --- what there will be

RandomSchema::Field RandomSchema::draw_field(std::size_t type, std::size_t i) {
  static constexpr const char* kIntegers[] = {"u1", "u1", "u1", "s1", "u2le", "u2be", "s2le", "u4be", "s8le", "u8be"};
  static constexpr const char* kBits[] = {"b1", "b2", "b3", "b5", "b8", "b11"};
  Field f{.id = fmt::format("f{}", i)};
  f.repeated = chance(20);
  std::uint64_t roll = below(100);
  if (roll < 40) {
    f.type = one_of(kIntegers);
  } else if (roll < 50) {
    f.shape = Shape::bits;
    f.type = one_of(kBits);
  } else if (roll < 60) {
    f.shape = Shape::bytes;
  } else if (roll < 68) {
    f.shape = Shape::text;
  } else if (type + 1 < types_.size()) {
    f.shape = roll < 92 ? Shape::structure : Shape::switched;
    f.structure = type + 1 + below(types_.size() - type - 1);
    Type& used = types_[f.structure];
    used.shared = used.shared || (used.user != type && used.user != f.structure);
    used.user = type;
  } else {
    f.type = "u1";
  }
  return f;
}

void RandomSchema::draw_skeleton() {
  types_.assign(1 + below(4), {});
  for (std::size_t t = 0; t < types_.size(); ++t) {
    types_[t].name = fmt::format("t{}", t);
    types_[t].user = t;  // nobody yet
    types_[t].has_parameter = t > 0 && chance(30);
  }
  for (std::size_t t = 0; t < types_.size(); ++t) {
    bool unused = t > 0 && types_[t].user == t;
    if (unused) {
      types_[t].user = t - 1;
      types_[t - 1].fields.push_back({.id = "g", .shape = Shape::structure, .type = "", .structure = t});
    }
    std::size_t fields = 1 + below(4);
    for (std::size_t i = 0; i < fields; ++i) types_[t].fields.push_back(draw_field(t, i));
    std::size_t instances = chance(60) ? below(3) : 0;
    for (std::size_t i = 0; i < instances; ++i) types_[t].instances.push_back({.id = fmt::format("i{}", i)});
  }
}

// --- expressions

// An integer that a value of `type` offers: one of its first `fields` fields, or something below them.
std::string RandomSchema::integer_of(const Type& type, std::size_t fields, const std::string& prefix, int depth) {
  if (!type.instances.empty() && chance(25)) return prefix + type.instances[below(type.instances.size())].id;
  if (fields == 0) return std::to_string(below(4));
  const Field& f = type.fields[below(fields)];
  std::string name = prefix + f.id;
  if (f.repeated) {
    if (chance(40)) return name + ".size";
    name += fmt::format("[{}]", below(3));
  }
  switch (f.shape) {
    case Shape::integer: return name;
    case Shape::bits: return f.type == "b1" ? name + ".to_i" : name;
    case Shape::bytes: return chance(70) ? name + ".length" : name + "[0]";
    case Shape::text: return chance(80) ? name + ".length" : name + ".to_i";
    case Shape::switched: return fmt::format("{}.as<{}>.f0", name, types_[f.structure].name);
    case Shape::structure: break;
  }
  if (depth == 0) return name + "._io.size";
  const Type& inner = types_[f.structure];
  return integer_of(inner, inner.fields.size(), name + ".", depth - 1);
}

std::string RandomSchema::reference(const Here& here) {
  const Type& type = types_[here.type];
  std::uint64_t roll = below(100);
  if (here.has_element && roll < 30) return "_";
  if (here.has_index && roll < 40) return "_index";
  if (type.has_parameter && roll < 50) return "n";
  if (roll < 60 && here.type > 0 && !type.shared && type.user != here.type) {
    const Type& user = types_[type.user];
    return integer_of(user, user.fields.size(), "_parent.", 1);
  }
  if (roll < 66) return integer_of(types_[0], types_[0].fields.size(), "_root.", 1);
  if (roll < 70) return here.in_seq && chance(50) ? "_io.pos" : "_io.size";
  return integer_of(type, chance(95) ? here.fields : type.fields.size(), "", 1);
}

std::string RandomSchema::integer(const Here& here, int depth) {
  static constexpr const char* kLiterals[] = {
      "0", "1", "2", "3", "4", "127", "255", "-1", "0x7fffffffffffffff", "0xffffffffffffffff"};
  static constexpr const char* kOperators[] = {"+", "-", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"};
  std::uint64_t roll = below(100);
  if (depth == 0 || roll < 55) return chance(25) ? one_of(kLiterals) : reference(here);
  if (roll < 60) return "-(" + integer(here, depth - 1) + ")";
  if (roll < 63) return "~(" + integer(here, depth - 1) + ")";
  if (roll < 70)
    return fmt::format("({} ? {} : {})", boolean(here, depth - 1), integer(here, depth - 1), integer(here, depth - 1));
  return fmt::format("({} {} {})", integer(here, depth - 1), one_of(kOperators), integer(here, depth - 1));
}

std::string RandomSchema::boolean(const Here& here, int depth) {
  static constexpr const char* kComparisons[] = {"==", "!=", "<", "<=", ">", ">="};
  std::uint64_t roll = below(100);
  if (depth == 0 || roll < 70)
    return fmt::format("({} {} {})", integer(here, 1), one_of(kComparisons), integer(here, 1));
  if (roll < 80) return "not " + boolean(here, depth - 1);
  return fmt::format("({} {} {})", boolean(here, depth - 1), chance(50) ? "and" : "or", boolean(here, depth - 1));
}

// --- writing

std::string RandomSchema::use(std::size_t t, const Here& here) {
  return types_[t].has_parameter ? fmt::format("{}({})", types_[t].name, integer(here, 1)) : types_[t].name;
}

std::string RandomSchema::write_process(const Here& here) {
  if (chance(70)) return "";
  switch (below(4)) {
    case 0: return ", process: xor(0x80)";
    case 1: return ", process: " + quoted("xor(" + integer(here, 0) + ")");
    case 2: return ", process: " + quoted("ror(" + std::to_string(below(8)) + ")");
    default: return chance(20) ? ", process: zlib" : ", process: rol(3)";
  }
}

std::string RandomSchema::write_sizing(const Field& f, const Here& here) {
  std::string extra;
  if (f.shape != Shape::structure && f.shape != Shape::switched) {
    if (chance(20)) extra += ", pad-right: 0";
    if (chance(20)) extra += ", terminator: 1";
    if (chance(10) && extra.find("terminator") != extra.npos) extra += ", include: true";
  }
  if (chance(20)) return ", size-eos: true" + extra + write_process(here);
  if (chance(20) && f.shape != Shape::switched) {
    return fmt::format(", terminator: {}{}{}{}", below(3), chance(30) ? ", consume: false" : "",
                       chance(30) ? ", eos-error: false" : "", chance(20) ? ", include: true" : "");
  }
  std::string size = chance(50) ? std::to_string(below(5)) : integer(here, 1);
  return ", size: " + quoted(size) + extra + write_process(here);
}

std::string RandomSchema::write_data(const Field& f, const Here& here) {
  static constexpr const char* kEncodings[] = {"ASCII", "UTF-8", "UTF-16LE", "ISO-8859-1"};
  switch (f.shape) {
    case Shape::integer:
    case Shape::bits: return ", type: " + f.type + (chance(5) && f.type != "b1" ? ", enum: e" : "");
    case Shape::bytes: return write_sizing(f, here);
    case Shape::text: {
      std::string encoding = ", encoding: " + one_of(kEncodings);
      return (chance(40) ? ", type: strz" : ", type: str" + write_sizing(f, here)) + encoding;
    }
    case Shape::structure:
      return ", type: " + quoted(use(f.structure, here)) + (chance(50) ? write_sizing(f, here) : "");
    case Shape::switched: break;
  }
  std::string cases = fmt::format("{}: {}", below(3), quoted(use(f.structure, here)));
  if (chance(30)) cases += ", _: " + quoted(use(types_.size() - 1, here));
  return fmt::format(", type: {{switch-on: {}, cases: {{{}}}}}{}{}", quoted(integer(here, 1)), cases,
                     chance(50) ? write_sizing(f, here) : "", chance(30) ? ", -sluice-allow: [unmatched-switch]" : "");
}

std::string RandomSchema::write_repeat(const Here& here) {
  std::uint64_t roll = below(100);
  if (roll < 30) return ", repeat: eos";
  if (roll < 75) return ", repeat: expr, repeat-expr: " + quoted(integer(here, 1));
  Here until = here;
  until.has_index = true;
  return ", repeat: until, repeat-until: " + quoted(boolean(until, 1) + " or _io.eof");
}

std::string RandomSchema::write_valid(const Field& f, const Here& here) {
  Here inside = here;
  if (f.shape == Shape::bytes) return chance(50) ? ", valid: {expr: '_.length > 0'}" : ", valid: {min: '[1]'}";
  if (f.shape == Shape::text) return ", valid: {expr: '_ != \"a\"'}";
  if (f.shape != Shape::integer) return "";
  switch (below(4)) {
    case 0: return ", valid: " + quoted(integer(inside, 1));
    case 1: return ", valid: {min: " + quoted(integer(inside, 1)) + "}";
    case 2: return ", valid: {max: " + quoted(integer(inside, 1)) + "}";
    default: inside.has_element = true; return ", valid: {expr: " + quoted(boolean(inside, 1)) + "}";
  }
}

std::string RandomSchema::write_field(std::size_t t, std::size_t i) {
  const Field& f = types_[t].fields[i];
  Here here{.type = t, .fields = i};
  std::string out = "{id: " + f.id;
  if (chance(15)) out += ", if: " + quoted(boolean(here));
  if (f.repeated) out += write_repeat(here);
  here.has_index = f.repeated;
  out += write_data(f, here);
  bool is_enum = out.find(", enum: e") != out.npos;
  if (chance(25) && !is_enum) out += write_valid(f, here);
  if (i > 0 && f.type == "u1" && !f.repeated && chance(10)) {
    out += fmt::format(", -sluice-checksum: {{{}: f{}}}", chance(50) ? "sum8" : "crc32", below(i));
  }
  return out + "}";
}

std::string RandomSchema::write_instance(std::size_t t, std::size_t i) {
  const Type& type = types_[t];
  Here here{.type = t, .fields = type.fields.size(), .in_seq = false};
  std::string condition = chance(20) ? ", if: " + quoted(boolean(here, 1)) : "";
  std::string out = type.instances[i].id + ": {";
  if (chance(50)) {
    out += "value: " + quoted(integer(here)) + condition;
    if (chance(30)) out += ", -sluice-valid: " + quoted("_ > " + integer(here, 0));
    return out + "}";
  }
  out += "pos: " + quoted(integer(here, 1)) + condition;
  if (chance(20)) out += ", io: _root._io";
  if (chance(20)) out += ", valid: {max: " + std::to_string(below(200)) + "}";
  return out + ", type: " + (chance(70) ? "u1" : "s2le") + "}";
}

std::string RandomSchema::write_type(std::size_t t) {
  const Type& type = types_[t];
  std::string indent = t == 0 ? "" : "    ";
  std::string out;
  if (type.has_parameter) out += indent + "params: [{id: n, type: s8}]\n";
  out += indent + "seq:\n";
  for (std::size_t i = 0; i < type.fields.size(); ++i) out += indent + "  - " + write_field(t, i) + "\n";
  if (!type.instances.empty()) out += indent + "instances:\n";
  for (std::size_t i = 0; i < type.instances.size(); ++i) out += indent + "  " + write_instance(t, i) + "\n";
  Here here{.type = t, .fields = type.fields.size(), .in_seq = false};
  if (chance(15)) out += indent + "-sluice-asserts: [" + quoted(boolean(here)) + "]\n";
  if (chance(15)) out += indent + "-sluice-allow: [trailing-bytes]\n";
  return out;
}

std::string RandomSchema::draw() {
  draw_skeleton();
  std::string out = "meta: {id: small, bit-endian: be}\n" + write_type(0);
  if (types_.size() > 1) out += "types:\n";
  for (std::size_t t = 1; t < types_.size(); ++t) out += "  " + types_[t].name + ":\n" + write_type(t);
  return out + "enums: {e: {0: zero, 1: one, 127: most}}\n";
}

}  // namespace sluice::agree
