#include "validator/run/stored_measurements.h"

#include <catch2/catch.hpp>

#include "validator/bytes/packed.h"

namespace sluice::run {
namespace {

TEST_CASE("what was measured comes back, and nothing that is cut off or said twice") {
  Measurements measurements;
  measurements.add(1, 3, 0, {20, true});
  measurements.add(1, 3, 5, {21, true});  // a later file's figure
  measurements.add(1, UINT32_MAX, 2, {UINT64_MAX, false});
  measurements.add(0, 4, 0, {1, true});
  measurements.add(2, 0, 0, {2, true});
  const Supplies supplies = measurements.of_build(1);
  CHECK(supplies == Supplies{{3, {20, true}}, {UINT32_MAX, {UINT64_MAX, false}}});
  CHECK(measurements.of_build(3).empty());

  const std::string packed = pack(supplies);
  CHECK(unpack_supplies(packed) == supplies);
  CHECK(unpack_supplies(pack({})) == Supplies{});
  for (std::size_t size = 0; size < packed.size(); ++size) CHECK(!unpack_supplies(packed.substr(0, size)));
  CHECK(!unpack_supplies(packed + '\0'));
  const std::string twice =
      bytes::Packer().number(2).number(3).number(1).flag(true).number(3).number(1).flag(true).packed();
  CHECK(!unpack_supplies(twice));
  const std::string too_large = bytes::Packer().number(1).number(UINT64_C(1) << 32).number(1).flag(true).packed();
  CHECK(!unpack_supplies(too_large));
}

}  // namespace
}  // namespace sluice::run
