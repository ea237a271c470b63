// The tree of a session in document order, for those who show it: each field with its name, value and place.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>

#include "validator/program/session.h"

namespace sluice::program {

// What a sink may leave out: by default nothing.
struct TreeSink {
  // Whether what lies in `range` is to be read and told of, for an element of a repeat.
  static bool wants(std::optional<ByteRange>) { return true; }
  // Whether the walk goes on.
  static bool goes_on() { return true; }
};

// Hands each field to `Sink`: `begin` and `end` around a structure, `begin_items` and `end_items` around a repeat,
// `leaf` for the rest and `failed` for what cannot be read. The session's limits bound how deep structures nest, and so
// how deep this recurses. Both are aliased.
template <typename Sink>
class TreeWalk {
 public:
  TreeWalk(Session& session, Sink& sink) : session_(session), sink_(sink) {}

  void structure(Object* object) {
    for (std::uint32_t k = 0; k < object->type->members.size() && sink_.goes_on(); ++k) {
      const MemberInfo& info = object->type->members[k];
      if (info.role == MemberRole::parameter) continue;
      const auto value = session_.member(object, k);
      if (!value) {
        sink_.failed(info, session_.failure());
      } else if (value->tag != Tag::null && value->tag != Tag::absent) {
        field(object, k, info, *value);
      }
    }
  }

 private:
  void field(Object* object, std::uint32_t k, const MemberInfo& info, const Value& value) {
    const auto range = session_.bytes_of(object, k);
    if (value.tag == Tag::array && info.role != MemberRole::value_instance) {
      sink_.begin_items(info.id, info, value, range);
      for (std::uint64_t e = 0; e < value.array->count && sink_.goes_on(); ++e) {
        const auto place = session_.bytes_of(object, k, e);
        if (sink_.wants(place)) one(object, k, info, value.array->at(e), fmt::format("[{}]", e), place);
      }
      sink_.end_items();
    } else {
      one(object, k, info, value, info.id, range);
    }
  }

  void one(Object* object, std::uint32_t k, const MemberInfo& info, const Value& value, const std::string& name,
           std::optional<ByteRange> range) {
    if (value.tag == Tag::object && is_home(value.object, object, k)) {
      sink_.begin(name, info, value, range);
      structure(value.object);
      sink_.end();
    } else {
      sink_.leaf(name, info, value, range);
    }
  }

  static bool is_home(const Object* child, const Object* object, std::uint32_t member) {
    return child->container == object && child->member == member;
  }

  Session& session_;
  Sink& sink_;
};

}  // namespace sluice::program
