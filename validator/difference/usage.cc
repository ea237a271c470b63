#include "validator/difference/usage.h"

#include "validator/program/compare.h"

namespace sluice::difference {

namespace {

using program::Array;
using program::kNoEntry;
using program::MemberInfo;
using program::MemberRole;
using program::Object;
using program::Session;
using program::Tag;
using program::Value;

class Survey {
 public:
  Survey(Session& session, const Plan& plan, Budget& budget, UsageSink& sink, std::optional<Finding>& failure)
      : session_(session), plan_(plan), budget_(budget), sink_(sink), failure_(failure) {}

  bool run() {
    if (session_.root() == nullptr) return fail();
    bool good = enter(session_.root());
    while (good && !frames_.empty()) {
      Frame& f = frames_.back();
      if (f.items != nullptr) {
        good = budget_.step() && next_item(f);
      } else if (f.member == f.object->type->members.size()) {
        frames_.pop_back();
        budget_.give_back(sizeof(Frame));
      } else {
        good = budget_.step() && visit(f.object, f.member++);
      }
    }
    if (!good && budget_.failure()) failure_ = budget_.failure();
    return good;
  }

 private:
  struct Frame {
    Object* object;
    std::uint32_t member = 0;
    const Array* items = nullptr;  // structures of the member before, that wait for their turn
    std::uint64_t item = 0;
  };

  bool fail() {
    failure_ = session_.failure();
    return false;
  }

  bool enter(Object* object) {
    sink_.structure(object->type->id);
    if (!budget_.hold(sizeof(Frame))) return false;
    frames_.push_back({object});
    return true;
  }

  bool next_item(Frame& f) {
    if (f.item == f.items->count) {
      f.items = nullptr;
      return true;
    }
    const Value item = f.items->at(f.item++);
    return item.tag != Tag::object || enter(item.object);
  }

  bool visit(Object* object, std::uint32_t member) {
    const MemberInfo& info = object->type->members[member];
    const bool has_enum = info.enum_id != program::kNoSlot;
    if (info.role == MemberRole::parameter || (info.role == MemberRole::value_instance && !has_enum)) return true;
    const auto value = session_.member(object, member);
    if (!value) return fail();
    if (!value->is_there()) return true;
    const MemberPlan& plan = plan_.of(object->type->id, member);
    const Array* items = value->tag == Tag::array ? value->array : nullptr;

    const bool is_there = items == nullptr || items->count > 0;
    if (plan.may_be_missing && is_there && !use(Feature::Kind::field, object, member, {})) return false;
    const bool asks = has_enum || plan.switched || is_used(object, member);
    if (asks && items == nullptr && !look_at(object, member, *value, std::nullopt)) return false;
    for (std::uint64_t k = 0; asks && items != nullptr && k < items->count; ++k) {
      if (!budget_.step() || !look_at(object, member, items->at(k), k)) return false;
    }
    if (items != nullptr && plan.holds_structures) {
      frames_.back().items = items;
      frames_.back().item = 0;
    }
    return value->tag != Tag::object || !plan.holds_structures || enter(value->object);
  }

  bool look_at(Object* object, std::uint32_t member, const Value& value, std::optional<std::uint64_t> element) {
    const std::uint32_t type = object->type->id;
    const Spot spot{object, member, element};
    if (value.tag == Tag::enumeration) {
      const Feature feature{Feature::Kind::value, type, member, value.as_integer()};
      if (!sink_.use(feature, spot, nullptr)) return false;
    }
    const auto& switched = plan_.of(type, member).switched;
    if (switched && value.is_there() && !choose(*switched, spot)) return false;
    return !is_used(object, member) || look_at_use(spot, value);
  }

  bool choose(const SwitchPlan& plan, const Spot& spot) {
    const auto on = session_.evaluate(plan.on, spot.object, {}, spot.element.value_or(0));
    if (!on) return fail();
    Feature feature{Feature::Kind::choice, spot.object->type->id, *spot.member, -1};
    for (std::size_t k = 0; k < plan.cases.size() && feature.a < 0; ++k) {
      const SwitchPlan::Case& choice = plan.cases[k];
      std::optional<Value> match = choice.constant;
      if (!match && choice.entry != kNoEntry) {
        if (!budget_.step()) return false;
        match = session_.evaluate(choice.entry, spot.object, {}, spot.element.value_or(0));
        if (!match) return fail();
      }
      if (!match || program::compare(*on, *match) == 0) feature.a = static_cast<Integer>(k);
    }
    Feature tag;
    if (plan.tag) tag = {Feature::Kind::value, plan.tag->type, plan.tag->member, on->as_integer()};
    return sink_.use(feature, spot, plan.tag ? &tag : nullptr);
  }

  // Whether the member is what the rules' `uses` go over, where it stands.
  bool is_used(const Object* object, std::uint32_t member) const {
    if (!plan_.uses) return false;
    const auto& each = plan_.uses->each;
    if (each.back().type != object->type->id || each.back().member != member) return false;
    for (std::size_t k = each.size() - 1; k-- > 0; object = object->container) {
      const Object* up = object->container;
      if (up == nullptr || up->type->id != each[k].type || object->member != each[k].member) return false;
    }
    return object->container == nullptr;
  }

  bool look_at_use(const Spot& spot, const Value& element) {
    const UsePlan& uses = *plan_.uses;
    const auto ask = [&](std::uint32_t entry) {
      return session_.evaluate(entry, spot.object, element, spot.element.value_or(0));
    };
    if (uses.where != kNoEntry) {
      const auto where = ask(uses.where);
      if (!where) return fail();
      if (where->tag != Tag::boolean || where->bits == 0) {
        const auto type = ask(uses.type);  // what has no type here is not asked for one
        return !type || !is_integral(*type) || use_type(*type, spot);
      }
    }
    const auto type = ask(uses.type);
    if (!type || !is_integral(*type)) return fail();
    const auto input = ask(uses.input);
    if (!input || !is_integral(*input)) return fail();
    if (!use_type(*type, spot)) return false;
    const Feature cause{Feature::Kind::template_type, 0, 0, type->as_integer()};
    const Feature feature{Feature::Kind::input, 0, 0, type->as_integer(), input->as_integer()};
    const bool is_field = uses.input_member && element.tag == Tag::object;
    return sink_.use(feature, is_field ? Spot{element.object, uses.input_member} : spot, &cause);
  }

  bool use_type(const Value& type, const Spot& spot) {
    return sink_.use({Feature::Kind::template_type, 0, 0, type.as_integer()}, spot, nullptr);
  }

  bool use(Feature::Kind kind, Object* object, std::uint32_t member, std::optional<std::uint64_t> element) {
    return sink_.use({kind, object->type->id, member}, {object, member, element}, nullptr);
  }

  static bool is_integral(const Value& v) { return v.tag == Tag::integer || v.tag == Tag::enumeration; }

  Session& session_;
  const Plan& plan_;
  Budget& budget_;
  UsageSink& sink_;
  std::optional<Finding>& failure_;
  std::vector<Frame> frames_;
};

}  // namespace

bool survey(Session& session, const Plan& plan, Budget& budget, UsageSink& sink, std::optional<Finding>& failure) {
  return Survey(session, plan, budget, sink, failure).run();
}

bool Usage::use(const Feature& feature, const Spot&, const Feature*) { return add(feature); }

bool Usage::add(const Feature& feature) {
  constexpr std::uint64_t kNode = sizeof(Feature) + 48;
  return features_.contains(feature) || (budget_.hold(kNode) && features_.insert(feature).second);
}

}  // namespace sluice::difference
