#include "validator/run/uses.h"

#include <algorithm>

#include "validator/difference/place.h"

namespace sluice::run {

namespace {

using difference::Spot;
using program::kNoEntry;
using program::Object;
using program::Session;
using program::Tag;
using program::Value;

constexpr std::size_t kMostInstances = 16'384;
constexpr std::size_t kMostCriteria = 65'536;  // that dereference

class Finder {
 public:
  Finder(Session& session, const difference::Plan& plan, std::span<const std::uint8_t> content, Uses& uses)
      : session_(session), plan_(plan), use_(*plan.uses), content_(content), uses_(uses) {}

  void run() {
    if (session_.root() != nullptr) descend(session_.root(), 0);
  }

 private:
  // `object` has the field of step `step`. As deep as the path in the rules document is long.
  void descend(Object* object, std::size_t step) {
    if (object->type->id != use_.each[step].type) return;
    const std::uint32_t member = use_.each[step].member;
    const auto value = session_.member(object, member);
    if (!value) return;
    if (step + 1 == use_.each.size()) {
      end_of_path(object, member, *value);
    } else if (value->tag == Tag::object) {
      descend(value->object, step + 1);
    } else if (value->tag == Tag::array) {
      for (std::uint64_t k = 0; k < value->array->count; ++k) {
        const Value item = value->array->at(k);
        if (item.tag == Tag::object) descend(item.object, step + 1);
      }
    }
  }

  void end_of_path(Object* parent, std::uint32_t member, const Value& value) {
    const bool is_list = value.tag == Tag::array;
    const std::uint64_t count = is_list ? value.array->count : value.is_there() ? 1 : 0;
    const auto element = [&](std::uint64_t k) { return is_list ? value.array->at(k) : value; };
    const auto spot = [&](std::uint64_t k) { return Spot{parent, member, is_list ? std::optional(k) : std::nullopt}; };
    if (use_.each.size() > 1) {
      Instance* instance = begin({parent});
      for (std::uint64_t k = 0; instance != nullptr && k < count; ++k) add(*instance, k, spot(k), element(k));
      return;
    }
    for (std::uint64_t k = 0; k < count; ++k) {
      if (Instance* instance = begin(spot(k))) add(*instance, 0, spot(k), element(k));
    }
  }

  Instance* begin(const Spot& spot) {
    if (uses_.instances.size() == kMostInstances || criteria_ >= kMostCriteria) {
      ++uses_.left_out;
      return nullptr;
    }
    Instance& instance = uses_.instances.emplace_back();
    instance.number = static_cast<std::uint32_t>(uses_.instances.size() - 1);
    instance.path = difference::path_of(spot);
    instance.bytes = difference::bytes_of(session_, spot);
    instance.trail = difference::trail_of(session_, plan_, spot);
    instance.is_active = use_.active == kNoEntry;
    return &instance;
  }

  void add(Instance& instance, std::uint64_t number, const Spot& spot, const Value& element) {
    const auto ask = [&](std::uint32_t entry) {
      return session_.evaluate(entry, spot.object, element, spot.element.value_or(0));
    };
    const auto is_true = [&](std::uint32_t entry) {
      const auto answer = ask(entry);
      return answer && answer->tag == Tag::boolean && answer->bits != 0;
    };
    if (!instance.is_active) instance.is_active = is_true(use_.active);
    const bool reads = use_.where == kNoEntry || is_true(use_.where);
    if (!reads && instance.type) return;
    const auto type = ask(use_.type);
    if (!type || !is_integral(*type)) return;
    if (!instance.type) instance.type = type->as_integer();
    const auto input = reads ? ask(use_.input) : std::nullopt;
    if (!input || !is_integral(*input)) return;
    const bool is_field = use_.input_member && element.tag == Tag::object;
    const Spot place = is_field ? Spot{element.object, use_.input_member} : spot;
    instance.criteria.push_back({.number = static_cast<std::uint32_t>(number),
                                 .input = input->as_integer(),
                                 .path = difference::path_of(place),
                                 .bytes = difference::bytes_of(session_, place),
                                 .candidates = candidates_of(session_, content_, element)});
    ++criteria_;
  }

  static bool is_integral(const Value& v) { return v.tag == Tag::integer || v.tag == Tag::enumeration; }

  Session& session_;
  const difference::Plan& plan_;
  const difference::UsePlan& use_;
  std::span<const std::uint8_t> content_;
  Uses& uses_;
  std::size_t criteria_ = 0;
};

}  // namespace

const Instance* Uses::find(std::uint32_t instance) const {
  return instance < instances.size() ? &instances[instance] : nullptr;
}

const Criterion* find(const Instance& instance, std::uint32_t criterion) {
  const auto found = std::ranges::lower_bound(instance.criteria, criterion, {}, &Criterion::number);
  return found != instance.criteria.end() && found->number == criterion ? &*found : nullptr;
}

Uses find_uses(Session& session, const difference::Plan& plan, std::span<const std::uint8_t> content) {
  Uses uses;
  Finder(session, plan, content, uses).run();
  return uses;
}

}  // namespace sluice::run
