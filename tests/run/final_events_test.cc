// The events that a file is judged by: how many, and what is said of those that are not made.
#include <catch2/catch.hpp>

#include "validator/run/final_events.h"

namespace sluice::run {
namespace {

// `count` instances of type 3, each with one criterion that may be looking for one of `values` numbers.
Uses uses_of(std::uint32_t count, std::uint32_t values) {
  Uses uses;
  for (std::uint32_t i = 0; i < count; ++i) {
    Instance& instance = uses.instances.emplace_back();
    instance.number = i;
    instance.type = Integer{3};
    Criterion& criterion = instance.criteria.emplace_back();
    for (std::uint32_t v = 0; v < values; ++v) {
      criterion.candidates.push_back({Candidate::Kind::integer, {}, Integer{10} * (values * i + v)});
    }
  }
  return uses;
}

std::size_t made(std::uint32_t count, std::uint32_t values, std::uint64_t& cut) {
  const Uses uses = uses_of(count, values);
  const DescribedType described{.type = 3, .name = "ipc", .inputs = {InputKind::u32}};
  const Shapes shapes({&described, 1}, {}, uses);
  Values kept;
  return events_for(attempts_for(uses, shapes, kept), shapes, kept, cut).size();
}

TEST_CASE("events that are not made are counted") {
  std::uint64_t cut = 0;
  // Each value, one more and one less than the first; and once absent. The greatest and the least are among these.
  CHECK(made(10, 4, cut) == 10 * 6 + 1);
  CHECK(cut == 0);
  CHECK(made(30'000, 8, cut) == 200'000);
  CHECK(cut >= 30'000 * 10 + 1 - 200'000);
}

}  // namespace
}  // namespace sluice::run
