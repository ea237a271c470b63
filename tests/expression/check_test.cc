#include "validator/expression/check.h"

#include <catch2/catch.hpp>

#include "tests/expression/fake_scope.h"
#include "validator/expression/parse.h"

namespace sluice::expression {
namespace {

struct Row {
  std::string_view text, want;
};

// `text` parsed and checked. Its type, or the error as `column: message`.
struct Checked {
  explicit Checked(std::string_view text) {
    SyntaxError syntax_error;
    expr = parse(text, syntax_error);
    REQUIRE(expr);
    TypeError error;
    const bool ok = check_types(*expr, scope, error);
    outcome = ok ? describe(expr->type, scope) : std::to_string(error.column) + ": " + error.message;
  }
  FakeScope scope;
  ExprPtr expr;
  std::string outcome;
};

TEST_CASE("Every construct has its type") {
  const Row rows[] = {
      {"5", "Int1Type(true)"},
      {"200", "Int1Type(false)"},
      {"256", "CalcIntType"},
      {"1.5", "CalcFloatType"},
      {"'x'", "CalcStrType"},
      {"true", "CalcBooleanType"},
      {"num", "Int1Type(false)"},
      {"_index", "CalcIntType"},
      {"_root.block.b", "CalcIntType"},
      {"_parent._parent._io.pos", "CalcIntType"},
      {"animal::cat", "EnumType(animal,List(),CalcIntType)"},

      {"num + 1", "CalcIntType"},
      {"num + 1.5", "CalcFloatType"},
      {"ratio / num", "CalcFloatType"},
      {"name + 'x'", "CalcStrType"},
      {"-num", "CalcIntType"},
      {"-ratio", "CalcFloatType"},
      {"~num & 0xf", "CalcIntType"},
      {"not flag", "CalcBooleanType"},
      {"flag and num == 3 or not flag", "CalcBooleanType"},

      {"num == 1.5", "CalcBooleanType"},
      {"name <= 'x'", "CalcBooleanType"},
      {"data < [1, 2]", "CalcBooleanType"},
      {"flag != true", "CalcBooleanType"},
      {"pet == animal::dog", "CalcBooleanType"},
      {"anything == 'x'", "CalcBooleanType"},

      {"flag ? 1 : 2", "Int1Type(true)"},
      {"flag ? 1 : 200", "CalcIntType"},
      {"flag ? 1 : 1.5", "CalcFloatType"},
      {"flag ? data : [1]", "CalcBytesType"},
      {"flag ? pet : animal::cat", "EnumType(animal,List(),CalcIntType)"},
      {"flag ? block : block", "CalcUserType(List(block),None,List(),false)"},
      {"flag ? block : other", "CalcKaitaiStructType(false)"},
      {"(flag ? block : other)._io", "KaitaiStreamType"},
      {"flag ? block : anything", "AnyType"},
      {"flag ? nums : [0 + 1]", "CalcArrayType(CalcIntType,false)"},

      {"[]", "CalcBytesType"},
      {"[0, 255]", "CalcBytesType"},
      {"[0, 256]", "CalcArrayType(CalcIntType,false)"},
      {"[-1]", "CalcArrayType(CalcIntType,false)"},
      {"[num]", "CalcArrayType(Int1Type(false),false)"},
      {"[1, 1.5]", "CalcArrayType(CalcFloatType,false)"},
      {"[[1], [2, 3]]", "CalcArrayType(CalcBytesType,false)"},
      {"[block, other]", "CalcArrayType(CalcKaitaiStructType(false),false)"},
      {"nums[0]", "CalcIntType"},
      {"data[num]", "CalcIntType"},
      {"blocks[0].a", "CalcIntType"},
      {"blocks.last.tail.size", "CalcIntType"},

      {"other.as<block>.a", "CalcIntType"},
      {"anything.as<u2>", "CalcIntType"},
      {"anything.as<f4le>", "CalcFloatType"},
      {"anything.as<b1>", "CalcBooleanType"},
      {"anything.as<b12>", "CalcIntType"},
      {"[num, num].as<bytes>", "CalcBytesType"},
      {"[1, 2].as<u1[]>", "CalcArrayType(CalcIntType,false)"},
      {"anything.as<block[]>[0].b", "CalcIntType"},
      {"block.as<struct>", "CalcKaitaiStructType(false)"},

      {"num.to_s", "CalcStrType"},
      {"1.5.to_i", "CalcIntType"},
      {"flag.to_i", "CalcIntType"},
      {"pet.to_i", "CalcIntType"},
      {"name.length", "CalcIntType"},
      {"name.reverse", "CalcStrType"},
      {"name.to_i + name.to_i(16)", "CalcIntType"},
      {"name.substring(0, 2)", "CalcStrType"},
      {"name.to_b('ASCII')", "CalcBytesType"},
      {"data.to_s('UTF-8')", "CalcStrType"},
      {"data.first + data.last + data.min + data.max + data.size + data.length", "CalcIntType"},
      {"data.index_of([0])", "CalcIntType"},
      {"words.min", "CalcStrType"},
      {"blocks.first", "CalcUserType(List(block),None,List(),false)"},
      {"stream.eof", "CalcBooleanType"},
      {"stream.size - stream.pos", "CalcIntType"},
      {"f\"{num}-{name}\"", "CalcStrType"},

      {"later", "UnknownType"},
      {"later.foo.bar(1)[2]", "UnknownType"},
      {"later + 1", "UnknownType"},
      {"later == block", "CalcBooleanType"},
      {"not later", "CalcBooleanType"},
      {"later ? 1 : later", "Int1Type(true)"},
      {"nums[later]", "CalcIntType"},
      {"data.to_s('x') + name.substring(later, 1)", "CalcStrType"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(Checked(row.text).outcome == row.want);
  }
}

TEST_CASE("What does not fit is told in the words of the compiler of record") {
  const Row rows[] = {
      {"bar", "1: unable to access 'bar' in top context"},
      {"1 + bar", "5: unable to access 'bar' in top context"},
      {"block.bar", "7: unable to access 'bar' in block context"},
      {"BAD", "1: invalid ID: 'BAD', expected /^[a-z][a-z0-9_]*$/"},
      {"block.Bad", "7: invalid ID: 'Bad', expected /^[a-z][a-z0-9_]*$/"},
      {"_foo", "1: invalid ID: '_foo', expected /^[a-z][a-z0-9_]*$/"},
      {"_parent.len", "9: don't know how to call method 'len' of object type 'CalcKaitaiStructType(false)'"},

      {"not 5", "1: unable to apply unary operator Not to Int1Type(true)"},
      {"-name", "1: unable to apply unary operator Minus to CalcStrType"},
      {"~ratio", "1: unable to apply unary operator Invert to CalcFloatType"},
      {"-flag", "1: unable to apply unary operator Minus to CalcBooleanType"},
      {"1 + name", "3: can't apply operator Add to Int1Type(true) and CalcStrType"},
      {"name - name", "6: can't apply operator Sub to CalcStrType and CalcStrType"},
      {"ratio & 1", "7: can't apply operator BitAnd to CalcFloatType and Int1Type(true)"},
      {"ratio % 2", "7: can't apply operator Mod to CalcFloatType and Int1Type(true)"},
      {"ratio << 1", "7: can't apply operator LShift to CalcFloatType and Int1Type(true)"},
      {"pet + 1", "5: can't apply operator Add to EnumType(animal,List(),CalcIntType) and Int1Type(true)"},
      {"flag and 1", "10: unable to use Int1Type(true) argument in And boolean expression"},
      {"name or flag", "1: unable to use CalcStrType argument in Or boolean expression"},

      {"5 == true", "3: can't compare Int1Type(true) and CalcBooleanType"},
      {"pet == 4", "5: can't compare EnumType(animal,List(),CalcIntType) and Int1Type(true)"},
      {"pet > animal::cat", "5: can't use comparison operator Gt on enums"},
      {"pet == food", "5: can't compare different enums 'animal' and 'fruit'"},
      {"flag < true", "6: can't use comparison operator Lt on booleans"},
      {"block == block",
       "7: can't compare CalcUserType(List(block),None,List(),false) and CalcUserType(List(block),None,List(),false)"},
      {"nums == nums", "6: can't compare CalcArrayType(CalcIntType,false) and CalcArrayType(CalcIntType,false)"},
      {"name == data", "6: can't compare CalcStrType and CalcBytesType"},

      {"1 ? 2 : 3", "1: unable to switch over Int1Type(true)"},
      {"flag ? 1 : name", "6: can't combine output types: Int1Type(true) vs CalcStrType"},
      {"flag ? pet : food",
       "6: can't combine output types: EnumType(animal,List(),CalcIntType) vs EnumType(fruit,List(),CalcIntType)"},
      {"[1, name]", "5: can't combine output types: Int1Type(true) vs CalcStrType"},
      {"nums[name]", "6: unable to index an array using CalcStrType"},
      {"num[0]", "4: unable to apply operation [] to Int1Type(false)"},
      {"f\"{ratio}\"", "4: unable to convert CalcFloatType to string"},

      {"animal::hat", "1: unable to find enum member 'animal::hat' (enum 'animal' defined at /enums/animal)"},
      {"unknown_enum::cat", "1: unable to find enum 'unknown_enum', searching from top"},
      {"num.as<bar>", "5: unable to find type 'bar', searching from top"},
      {"num.as<b65>", "5: unable to find type 'b65', searching from top"},
      {"sizeof<bar>", "7: unable to find type 'bar', searching from top"},

      {"[1, 2, 3].frobnicate", "11: don't know how to call method 'frobnicate' of object type 'CalcBytesType'"},
      {"[1, 2, 3].frobnicate(2, true)",
       "11: don't know how to call method 'frobnicate' of object type 'CalcBytesType'"},
      {"num.length", "5: don't know how to call method 'length' of object type 'Int1Type(false)'"},
      {"block.a(1)",
       "7: don't know how to call method 'a' of object type 'CalcUserType(List(block),None,List(),false)'"},
      {"data.to_s", "6: wrong arguments to method call `to_s` on byte array: expected (string), got ()"},
      {"data.to_s()", "6: wrong arguments to method call `to_s` on byte array: expected (string), got ()"},
      {"data.to_s(123)",
       "6: wrong arguments to method call `to_s` on byte array: expected (string), got (IntNum(123))"},
      {"data.to_s('foo', 'bar')",
       "6: wrong arguments to method call `to_s` on byte array: expected (string), got (Str(foo), Str(bar))"},
      {"data.to_s(num == 0 ? 'SJIS' : 'UTF-16LE')",
       "20: to_s: argument #0: expected string literal, got "
       "IfExp(Compare(Name(identifier(num)),Eq,IntNum(0)),Str(SJIS),Str(UTF-16LE))"},
      {"name.to_i('x')", "6: wrong arguments to method call `to_i` on string: expected () or (integer), got (Str(x))"},
      {"blocks.max", "8: can't order CalcUserType(List(block),None,List(),false) to find the max"},

      {"name._sizeof", "6: unable to derive sizeof of `Name(identifier(name))`: dynamic sized type"},
      {"_sizeof", "1: unable to derive sizeof for type `top`: dynamic sized type"},
      {"sizeof<str>", "7: unable to derive sizeof for type `str`: dynamic sized type"},
      {"sizeof<other>", "7: unable to derive sizeof for type `other`: dynamic sized type"},
      {"_parent._sizeof", "9: unable to derive sizeof of `Name(identifier(_parent))`: dynamic sized type"},

      // the first in reading order
      {"bar.as<baz>", "5: unable to find type 'baz', searching from top"},
      {"bar.as<u1>", "1: unable to access 'bar' in top context"},
      {"bar + baz", "1: unable to access 'bar' in top context"},
      {"(1 + name) * bar", "4: can't apply operator Add to Int1Type(true) and CalcStrType"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(Checked(row.text).outcome == row.want);
  }
}

TEST_CASE("Constants are folded by the language's arithmetic, or not at all") {
  const Row rows[] = {
      {"2 + 3 * 4", "14"},
      {"-9837 / 13", "-757"},
      {"9837 / -13", "-757"},
      {"-9837 % 13", "4"},
      {"7 % -2", "none"},
      {"1 / 0", "none"},
      {"~5", "-6"},
      {"0xf0 >> 4 | 1 << 8 ^ 3", "271"},
      {"-1 >> 63", "-1"},
      {"1 << 63", "9223372036854775808"},
      {"1 << 64", "none"},
      {"2 << 63", "none"},
      {"1 >> -1", "none"},
      {"18446744073709551615 + 1", "none"},
      {"18446744073709551615 * 18446744073709551615", "none"},
      {"-18446744073709551615", "none"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"-9223372036854775808 - 1", "none"},
      {"animal::dog", "7"},
      {"sizeof<u4> + sizeof<b9>", "6"},
      {"bitsizeof<b9>", "9"},
      {"sizeof<block>", "5"},
      {"bitsizeof<block>", "33"},
      {"block._sizeof", "12"},
      {"blocks[0]._sizeof", "5"},
      {"block.b._sizeof", "4"},
      {"flag._sizeof", "1"},
      {"num", "none"},
      {"1.5", "none"},
      {"true ? 1 : 2", "none"},
      {"1 == 1", "none"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Checked checked(row.text);
    const std::optional<Integer> value = constant_integer(*checked.expr);
    CHECK((value ? to_string(*value) : "none") == row.want);
  }
}

TEST_CASE("Names and methods are bound") {
  const Checked member("_root.block.b");
  CHECK(member.expr->binding.kind == Binding::Kind::member);
  CHECK(member.expr->binding.owner == 1);
  CHECK(member.expr->children[0]->children[0]->binding.kind == Binding::Kind::root);
  const Checked method("name.to_i(16)");
  CHECK(method.expr->binding.kind == Binding::Kind::method);
  CHECK(method.expr->method == Method::to_i);
  const Checked size("block._sizeof");
  CHECK(size.expr->binding.kind == Binding::Kind::size_of);
  CHECK(Checked("animal::dog").expr->value == 7);
}

TEST_CASE("What may be passed where") {
  const Type any = Type::of(TypeKind::any);
  const Type structure = Type::structure(kNoType);
  struct Case {
    Type from, to;
    bool allowed;
  };
  const Case cases[] = {
      {Type::integer(), Type::integer(), true},
      {Type::integer(), Type::floating(), true},
      {Type::floating(), Type::integer(), false},
      {Type::floating(), Type::boolean(), false},
      {Type::structure(1), Type::structure(1), true},
      {Type::structure(1), Type::structure(2), false},
      {Type::structure(1), structure, true},
      {structure, Type::structure(1), false},
      {Type::string(), any, true},
      {any, Type::string(), false},
      {Type::enumeration(0), Type::enumeration(0), true},
      {Type::enumeration(0), Type::enumeration(1), false},
      {Type::enumeration(0), Type::integer(), false},
      {Type::array(Type::integer()), Type::array(Type::floating()), true},
      {Type::array(Type::string()), Type::array(Type::integer()), false},
      {Type::bytes(), Type::array(Type::integer()), false},
      {Type(), Type::stream(), true},
      {Type::stream(), Type(), true},
  };
  const FakeScope scope;
  for (const Case& row : cases) {
    CAPTURE(describe(row.from, scope), describe(row.to, scope));
    CHECK(is_assignable(row.from, row.to) == row.allowed);
  }
}

TEST_CASE("Built-in names have their type and size") {
  const Row rows[] = {
      {"u1", "CalcIntType 8"},
      {"s1", "CalcIntType 8"},
      {"u2", "CalcIntType 16"},
      {"s8be", "CalcIntType 64"},
      {"u4le", "CalcIntType 32"},
      {"f4", "CalcFloatType 32"},
      {"f8le", "CalcFloatType 64"},
      {"b1", "CalcBooleanType 1"},
      {"b1le", "CalcBooleanType 1"},
      {"b64", "CalcIntType 64"},
      {"b12be", "CalcIntType 12"},
      {"str", "CalcStrType ?"},
      {"strz", "CalcStrType ?"},
      {"bytes", "CalcBytesType ?"},
      {"bool", "CalcBooleanType ?"},
      {"io", "KaitaiStreamType ?"},
      {"any", "AnyType ?"},
      {"struct", "CalcKaitaiStructType(false) ?"},
      {"u1le", "none"},
      {"u3", "none"},
      {"f2", "none"},
      {"b0", "none"},
      {"b65", "none"},
      {"b", "none"},
      {"u", "none"},
      {"", "none"},
      {"b0x1", "none"},
      {"b1_", "none"},
      {"u2xx", "none"},
      {"u22", "none"},
      {"block", "none"},
      {"le", "none"},
  };
  const FakeScope scope;
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::optional<BuiltinType> type = builtin_type(row.text);
    const std::string size = type && type->bits ? to_string(*type->bits) : "?";
    CHECK((type ? describe(type->type, scope) + " " + size : "none") == row.want);
  }
}

}  // namespace
}  // namespace sluice::expression
