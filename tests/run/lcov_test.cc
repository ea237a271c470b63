#include "validator/run/lcov.h"

#include <catch2/catch.hpp>

using namespace sluice::run;

TEST_CASE("lines become a tracefile") {
  const CoveredLine lines[] = {{"b.c", 7, false}, {"a.c", 12, true}, {"a.c", 3, false}, {"a.c", 12, false},
                               {"b.c", 0, true},  {"", 4, true},     {"a.c", 3, false}, {"x\ny", 1, true}};
  CHECK(write_lcov("7.11", lines) ==
        "TN:7_11\n"
        "SF:a.c\nDA:3,0\nDA:12,1\nLF:2\nLH:1\nend_of_record\n"
        "SF:b.c\nDA:7,0\nLF:1\nLH:0\nend_of_record\n"
        "SF:x?y\nDA:1,1\nLF:1\nLH:1\nend_of_record\n");
  CHECK(write_lcov("", {}) == "TN:\n");
}
