// The types of members and of `_parent`.
//
// A value instance has the type of its expression, which may name others, and `parent: expr` gives a parent that other
// expressions then reach through `_parent`. So both are found on demand: whoever asks first has them computed. Chains
// of demands are as long as the schema likes; past a depth they are cut, the last demand is met first and the cut one
// asked again.
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "validator/expression/check.h"
#include "validator/schema/loader.h"
#include "validator/schema/scope.h"

namespace sluice::schema {
namespace {

using expression::Type;
using expression::TypeKind;

// How high the trees of all expressions under check may stand on each other, and what each of them adds.
constexpr std::uint32_t kMaxStack = 1000;
constexpr std::uint32_t kStackOfDemand = 20;
// Arrays of arrays of arrays: freeing a type recurses.
constexpr int kMaxArrayDepth = 16;

int array_depth(const Type& type) {
  int depth = 0;
  for (const Type* at = &type; at->is(TypeKind::array); at = at->element.get()) ++depth;
  return depth;
}

Type spelled(Type type, std::string spelling) {
  type.spelling = std::move(spelling);
  return type;
}

std::string spelling_of_integer(const DataType& data) {
  const std::string_view sign = data.is_signed ? "true" : "false";
  if (data.width == 1) return fmt::format("Int1Type({})", sign);
  const std::string_view endian = data.endian == Endian::little ? "Some(LittleEndian)"
                                  : data.endian == Endian::big  ? "Some(BigEndian)"
                                                                : "None";
  return fmt::format("IntMultiType({},Width{},{})", sign, data.width, endian);
}

Type integer_type(const Schema& schema, const DataType& data) {
  std::string spelling =
      data.kind == DataKind::integer ? spelling_of_integer(data) : fmt::format("BitsType({})", data.width);
  if (data.enum_id == kNoEnum) return spelled(Type::integer(), std::move(spelling));
  return spelled(Type::enumeration(data.enum_id),
                 fmt::format("EnumType({},List(),{})", schema.enumeration(data.enum_id).name, spelling));
}

Type type_of(const Schema& schema, const DataType& data, const Sizing& sizing);

// What all cases have in common. Without `_` a value that no case names leaves the bytes, if they have a size: then no
// one structure can be promised.
Type switch_type(const Schema& schema, const DataType& data, const Sizing& sizing) {
  std::optional<Type> all;
  bool has_default = false;
  for (const Case& item : data.cases) {
    has_default = has_default || !item.match;
    Type type = type_of(schema, item.type, sizing);
    if (!all) {
      all = std::move(type);
      continue;
    }
    all = expression::combine(*all, type);
    if (!all) return Type::of(TypeKind::any);
  }
  if (!all) return sizing.cuts_a_region() ? Type::bytes() : Type::of(TypeKind::any);
  if (has_default || !sizing.cuts_a_region() || all->is(TypeKind::bytes) || all->is(TypeKind::unknown)) return *all;
  return all->is(TypeKind::structure) ? Type::structure(kNoType) : Type::of(TypeKind::any);
}

Type type_of(const Schema& schema, const DataType& data, const Sizing& sizing) {
  if (data.failed) return {};
  switch (data.kind) {
    case DataKind::integer: return integer_type(schema, data);
    case DataKind::bits: return data.is_boolean ? Type::boolean() : integer_type(schema, data);
    case DataKind::floating: return Type::floating();
    case DataKind::bytes: return Type::bytes();
    case DataKind::string: return Type::string();
    case DataKind::structure: return Type::structure(data.type_id);
    case DataKind::switched: return switch_type(schema, data, sizing);
    case DataKind::none: return {};
  }
  return {};
}

// A parameter's built-in type was set when it was read.
Type parameter_type(const Member& member) {
  if (member.data.failed) return {};
  if (member.data.enum_id != kNoEnum) return Type::enumeration(member.data.enum_id);
  if (!member.data.type_name.empty()) return Type::structure(member.data.type_id);
  return member.element_type;
}

void set_type(const Schema& schema, Member& member) {
  if (member.role == Role::value_instance) return;
  const bool is_parameter = member.role == Role::parameter;
  member.element_type = is_parameter ? parameter_type(member) : type_of(schema, member.data, member.sizing);
  const bool is_array = is_parameter ? member.is_array : member.repeat != RepeatKind::none;
  member.type = is_array ? Type::array(member.element_type) : member.element_type;
}

class Typer final : public Inference {
 public:
  explicit Typer(Loader& loader) : loader_(loader), schema_(loader.schema) {}

  void run() {
    std::size_t slots = 0;
    for (const auto& type : schema_.types) {
      first_slot_.push_back(slots);
      slots += type->members.size() + 1;
    }
    states_.resize(slots, State::fresh);
    users_.resize(schema_.types.size());
    for (const auto& type : schema_.types) {
      for (std::uint32_t i = 0; i < type->members.size(); ++i) add_users(*type, i);
    }
    for (const auto& type : schema_.types) {
      for (std::uint32_t i = type->first_instance(); i < type->members.size(); ++i) {
        if (type->members[i].role == Role::value_instance) meet({type->id, i});
      }
      meet({type->id, kParent});
    }
  }

  void infer_member(TypeId owner, std::uint32_t index) override {
    if (schema_.type(owner).members[index].role == Role::value_instance) settle({owner, index});
  }

  void infer_parent(TypeId type) override { settle({type, kParent}); }

 private:
  static constexpr std::uint32_t kParent = 0xFFFFFFFF;

  // The type of a value instance, or of a type's `_parent`.
  struct Demand {
    TypeId type;
    std::uint32_t member;
  };
  enum class State : std::uint8_t { fresh, open, waiting, done };
  struct User {
    TypeId owner;
    std::uint32_t member;
  };

  State& state_of(Demand demand) {
    const std::size_t member =
        demand.member == kParent ? schema_.type(demand.type).members.size() : std::size_t{demand.member};
    return states_[first_slot_[demand.type] + member];
  }

  // From outside, with nothing open.
  void meet(Demand demand) {
    std::vector<Demand> waiting = {demand};
    while (!waiting.empty()) {
      cut_.reset();
      stack_ = 0;
      if (state_of(waiting.back()) == State::waiting) state_of(waiting.back()) = State::fresh;
      settle(waiting.back());
      if (!cut_) {
        waiting.pop_back();
        continue;
      }
      state_of(waiting.back()) = State::waiting;
      waiting.push_back(*cut_);
    }
  }

  // Afterwards the demand is met, or its cycle told, or `cut_` is set and nothing was told.
  void settle(Demand demand) {
    State& state = state_of(demand);
    if (cut_ || state == State::done) return;
    if (state != State::fresh) return report_cycle(demand);
    const std::uint32_t needed = kStackOfDemand + height_of(demand);
    if (stack_ > 0 && stack_ + needed > kMaxStack) {
      cut_ = demand;
      return;
    }
    state = State::open;
    stack_ += needed;
    if (demand.member == kParent) {
      find_parent(demand.type);
    } else {
      find_value(schema_.type(demand.type), schema_.type(demand.type).members[demand.member]);
    }
    stack_ -= needed;
    if (cut_) {
      if (state == State::open) state = State::fresh;
    } else {
      state = State::done;
    }
  }

  std::uint32_t height_of(Demand demand) const {
    if (demand.member == kParent) return kStackOfDemand;
    const Expression& value = schema_.type(demand.type).members[demand.member].value;
    return value ? value.expr->height : 0;
  }

  // A parent that depends on itself is any structure. A value instance that does has no type.
  void report_cycle(Demand demand) {
    if (demand.member == kParent) return;
    const TypeSpec& type = schema_.type(demand.type);
    const Member& member = type.members[demand.member];
    if (!cycles_told_.emplace(demand.type, demand.member).second) return;
    error(type, member.value, fmt::format("the type of '{}' depends on itself", member.id));
  }

  void error(const TypeSpec& type, const Expression& at, std::string message) {
    loader_.problems.error({.file = type.file_index, .path = at.path, .mark = at.mark}, std::move(message));
  }

  void find_value(const TypeSpec& type, Member& member) {
    if (member.data.failed) return;
    const SchemaScope scope(schema_, type.id, {}, this);
    expression::TypeError problem;
    const bool ok = expression::check_types(*member.value.expr, scope, problem);
    if (cut_) return;
    if (!ok) {
      member.data.failed = true;
      return error(type, member.value, std::move(problem.message));
    }
    member.element_type = member.value.expr->type;
    if (array_depth(member.element_type) > kMaxArrayDepth) {
      error(type, member.value, "arrays are nested too deeply");
      member.element_type = {};
    }
    if (member.data.enum_id != kNoEnum) take_enum(type, member, scope);
    member.type = member.element_type;
  }

  void take_enum(const TypeSpec& type, Member& member, const SchemaScope& scope) {
    const Type& value = member.element_type;
    if (value.is(TypeKind::integer) || value.is(TypeKind::unknown)) {
      member.element_type = Type::enumeration(member.data.enum_id);
      return;
    }
    loader_.problems.error({.file = type.file_index, .path = member.path + "/enum", .mark = member.data.enum_mark},
                           fmt::format("tried to resolve non-integer {} to enum", describe(value, scope)));
    member.element_type = {};
  }

  void add_users(const TypeSpec& type, std::uint32_t index) {
    const Member& member = type.members[index];
    if (member.role == Role::parameter) return;
    add_user(member.data, {type.id, index});
    for (const Case& item : member.data.cases) add_user(item.type, {type.id, index});
  }

  void add_user(const DataType& data, User user) {
    if (data.kind == DataKind::structure && data.type_id != kNoType) users_[data.type_id].push_back(user);
  }

  void find_parent(TypeId id) {
    std::optional<TypeId> only;
    bool several = false;
    for (const User& user : users_[id]) {
      const std::optional<TypeId> parent = parent_given_by(user);
      if (cut_) return;
      if (!parent) continue;
      several = several || *parent == kNoType || (only && *only != *parent);
      only = parent;
    }
    schema_.type(id).parent_type = only && !several ? *only : kNoType;
  }

  // Empty if the attribute gives none. What is wrong with its expression is told with its other expressions.
  std::optional<TypeId> parent_given_by(User user) {
    Member& member = schema_.type(user.owner).members[user.member];
    if (member.parent_is_false) return std::nullopt;
    if (!member.parent) return user.owner;
    const SchemaScope scope(schema_, user.owner, {.has_index = member.repeat != RepeatKind::none}, this);
    expression::TypeError ignored;
    if (!expression::check_types(*member.parent.expr, scope, ignored)) return std::nullopt;
    const Type& type = member.parent.expr->type;
    return type.is(TypeKind::structure) ? type.type_id : kNoType;
  }

  Loader& loader_;
  Schema& schema_;
  std::vector<std::size_t> first_slot_;  // by type
  std::vector<State> states_;
  std::vector<std::vector<User>> users_;  // by type
  std::set<std::pair<TypeId, std::uint32_t>> cycles_told_;
  std::optional<Demand> cut_;
  std::uint32_t stack_ = 0;
};

}  // namespace

void infer_types(Loader& loader) {
  for (const auto& type : loader.schema.types) {
    for (Member& member : type->members) set_type(loader.schema, member);
  }
  Typer(loader).run();
}

}  // namespace sluice::schema
