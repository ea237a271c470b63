#include "validator/run/candidates.h"

#include <algorithm>

#include "validator/program/program.h"
#include "validator/run/pattern.h"

namespace sluice::run {

namespace {

using program::MemberRole;
using program::Object;
using program::Session;
using program::Tag;
using program::Value;

constexpr std::size_t kMost = 48;
constexpr std::uint64_t kMostElements = 16;  // of one sequence
constexpr std::uint64_t kLongest = 4096;     // bytes of one value
constexpr int kDeepest = 6;

class Harvest {
 public:
  Harvest(Session& session, std::span<const std::uint8_t> content) : session_(session), content_(content) {}

  std::vector<Candidate> run(const Value& element) {
    if (element.tag != Tag::object) {
      add_value(element, 0);
    } else {
      each_member(element.object, true, [&](std::uint32_t m, const Value& value) {
        add_value(value, 0);
        add_bytes(element.object, m, value);
      });
    }
    derive();
    if (element.tag == Tag::object) {
      each_member(element.object, false, [&](std::uint32_t, const Value& value) { add_value(value, 0); });
    }
    return std::move(found_);
  }

 private:
  template <typename Visit>
  void each_member(Object* object, bool instances, const Visit& visit) {
    for (std::uint32_t m = 0; m < object->type->members.size(); ++m) {
      const MemberRole role = object->type->members[m].role;
      const bool is_instance = role == MemberRole::value_instance || role == MemberRole::parse_instance;
      if (role == MemberRole::parameter || is_instance != instances) continue;
      if (const auto value = session_.member(object, m)) visit(m, *value);
    }
  }

  void add(Candidate candidate) {
    if (found_.size() < kMost && std::ranges::find(found_, candidate) == found_.end()) {
      found_.push_back(std::move(candidate));
    }
  }

  void add_value(const Value& value, int depth) {
    if (found_.size() >= kMost || depth > kDeepest) return;
    switch (value.tag) {
      case Tag::integer: add({.kind = Candidate::Kind::integer, .text = {}, .number = value.as_integer()}); break;
      case Tag::string:
      case Tag::bytes: {
        const auto kind = value.tag == Tag::string ? Candidate::Kind::text : Candidate::Kind::bytes;
        if (value.size <= kLongest) add({.kind = kind, .text = std::string(value.text()), .number = 0});
        break;
      }
      case Tag::array:
        for (std::uint64_t k = 0; k < std::min(value.array->count, kMostElements); ++k) {
          add_value(value.array->at(k), depth + 1);
        }
        break;
      case Tag::object:
        for (const bool instances : {false, true}) {
          each_member(value.object, instances, [&](std::uint32_t, const Value& v) { add_value(v, depth + 1); });
        }
        break;
      default: break;
    }
  }

  // A structure may be one value to the driver: a pattern, whose characters the schema reads one by one.
  void add_bytes(Object* object, std::uint32_t member, const Value& value) {
    if (value.tag != Tag::object && value.tag != Tag::array) return;
    const auto range = session_.bytes_of(object, member);
    if (!range || range->end <= range->begin || range->end > content_.size()) return;
    const auto bytes = content_.subspan(range->begin, range->end - range->begin);
    if (bytes.size() > kLongest) return;
    add({.kind = Candidate::Kind::bytes,
         .text = std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
         .number = 0});
  }

  void derive() {
    const std::vector<Candidate> given = found_;
    for (const Candidate& candidate : given) {
      if (candidate.kind == Candidate::Kind::integer) {
        for (const int step : {1, -1}) add({.kind = candidate.kind, .text = {}, .number = candidate.number + step});
      } else if (auto sample = sample_of(candidate.text)) {
        add({.kind = Candidate::Kind::text, .text = std::move(*sample), .number = 0});
      }
    }
  }

  Session& session_;
  std::span<const std::uint8_t> content_;
  std::vector<Candidate> found_;
};

}  // namespace

std::vector<Candidate> candidates_of(Session& session, std::span<const std::uint8_t> content, const Value& element) {
  return Harvest(session, content).run(element);
}

}  // namespace sluice::run
