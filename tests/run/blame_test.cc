#include "validator/run/blame.h"

#include <catch2/catch.hpp>

namespace sluice::run {
namespace {

TEST_CASE("a blame names a field, a value and bytes") {
  const auto blame = read_blame("groups[2].parent=0@1204..1208");
  REQUIRE(blame);
  CHECK(blame->path == "groups[2].parent");
  CHECK(blame->value == "0");
  CHECK(blame->bytes == ByteRange{1204, 1208});
  // A text may have anything in it; a value need not be known.
  CHECK(read_blame("name=a@b=c@0..4")->value == "a@b=c");
  CHECK(read_blame("header=@0..0")->value.empty());
}

TEST_CASE("what is no blame is refused") {
  for (const char* text : {"", "field", "field=1", "field@0..4", "=1@0..4", "field=1@0", "field=1@4..0", "field=1@a..b",
                           "field=1@0..4x", "field=1@-1..4", "field=1@0..99999999999999999999"}) {
    INFO(text);
    CHECK(!read_blame(text));
  }
}

TEST_CASE("a fault that was seen has the name of a fault and a text") {
  const auto seen = read_seen_fault("use_after_free=read of 8 bytes = much");
  REQUIRE(seen);
  CHECK(seen->id == FindingId::use_after_free);
  CHECK(seen->text == "read of 8 bytes = much");
  CHECK(read_seen_fault("write_outside=w")->id == FindingId::write_outside);
  for (const char* text : {"", "=", "use_after_free", "use_after_free=", "=read", "end_of_stream=read", "none=read"}) {
    INFO(text);
    CHECK(!read_seen_fault(text));
  }
}

}  // namespace
}  // namespace sluice::run
