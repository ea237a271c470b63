// Advice of the official style guide on names: an attribute that is only the size of `foo` is called `len_foo`, one
// that is only the count of `foos` is called `num_foos`.
#include <map>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "validator/schema/expressions.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

using expression::Binding;
using expression::Expr;
using expression::ExprKind;

constexpr std::string_view kGuide = "https://doc.kaitai.io/ksy_style_guide.html#attr-id";

// A member that is the size or the count of another by itself, under a name that does not say so.
struct Advice {
  std::string_view prefix;
  std::string_view use;
  const Member* user = nullptr;
  int references = 0;  // to the member, from all expressions of the schema
};

using MemberKey = std::pair<TypeId, std::uint32_t>;
using Advices = std::map<MemberKey, Advice>;

void add(Advices& advices, const TypeSpec& type, const Expression& expression, Advice advice) {
  if (!expression || expression.expr->kind != ExprKind::name || advice.user->id.starts_with('_')) return;
  const Binding& binding = expression.expr->binding;
  if (binding.kind != Binding::Kind::member || binding.owner != type.id) return;
  const Member& member = type.members[binding.index];
  if (member.role == Role::parameter || member.id == std::string(advice.prefix) + advice.user->id) return;
  advices.emplace(MemberKey{type.id, binding.index}, advice);
}

Advices collect(const Schema& schema) {
  Advices advices;
  for (const auto& type : schema.types) {
    for (const Member& member : type->members) {
      add(advices, *type, member.sizing.size, {.prefix = "len_", .use = "a byte size", .user = &member});
      add(advices, *type, member.repeat_count, {.prefix = "num_", .use = "repeat count", .user = &member});
    }
  }
  return advices;
}

void count_references(const Expr& root, Advices& advices) {
  std::vector<const Expr*> open = {&root};
  while (!open.empty()) {
    const Expr* expr = open.back();
    open.pop_back();
    if (expr->binding.kind == Binding::Kind::member) {
      const auto found = advices.find({expr->binding.owner, expr->binding.index});
      if (found != advices.end()) ++found->second.references;
    }
    for (const auto& child : expr->children) open.push_back(child.get());
  }
}

}  // namespace

void advise(Loader& loader) {
  Advices advices = collect(loader.schema);
  if (advices.empty()) return;
  for (const auto& type : loader.schema.types) {
    for_each_expression(*type, [&](const Expression& expression) {
      if (expression) count_references(*expression.expr, advices);
    });
  }
  for (const auto& [key, advice] : advices) {
    if (advice.references != 1) continue;
    const TypeSpec& type = loader.schema.type(key.first);
    const Member& member = type.members[key.second];
    loader.problems.warning(
        id_place(type, member),
        fmt::format("use `{}{}` instead of `{}`, given that it's only used as {} of `{}` (see {})", advice.prefix,
                    advice.user->id, member.id, advice.use, advice.user->id, kGuide));
  }
}

}  // namespace sluice::schema
