#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/approved.h"
#include "tests/report/triage_samples.h"
#include "validator/report/escape.h"

using namespace sluice;
using namespace sluice::report;

namespace {

constexpr std::uint64_t kSeeds = 40;
const TriageOptions options{.tool_version = "1.2.3"};

}  // namespace

TEST_CASE("each writer of triage writes its approved file") {
  test::check_approved("approved/triage.txt", triage_text(triage_sample(), options));
  test::check_approved("approved/triage.json", triage_json(triage_sample(), options));
  test::check_approved("approved/triage-hidparse.txt", triage_text(triage_of_hidparse(), options));
}

TEST_CASE("triage that came to nothing says so") {
  CHECK(triage_text(triage_of_nothing(), options) ==
        "a.bin: no longer faults on 7.11\nb.bin: no longer faults on 7.11\n\n0 faults in 2 files\n");
}

TEST_CASE("whatever triage tells of, its JSON is read back, and its text keeps to its lines") {
  const auto check = [](const Triage& triage) {
    const auto read = nlohmann::json::parse(triage_json(triage, options));
    REQUIRE(read["cases"].size() == triage.cases.size());
    CHECK(read["not_triaged"].size() == triage.not_triaged.size());
    for (std::size_t k = 0; k < triage.cases.size(); ++k) {
      const TriageCase& one = triage.cases[k];
      CHECK(read["cases"][k]["fields"].size() == one.fields.size());
      CHECK(read["cases"][k]["suggestion"].contains("patch") == !one.suggestion.patch.empty());
      if (is_utf8(one.identity)) CHECK(read["cases"][k]["identity"] == one.identity);
    }
    for (const char c : triage_text(triage, options)) {
      if (c != '\n' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)) FAIL("a control character");
    }
  };
  check(large_triage());
  check(breaking_out_triage());
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) check(hostile_triage(seed));
}
