#include "fuzz/farm/morning.h"

#include <catch2/catch.hpp>

#include "fuzz/farm/page.h"
#include "fuzz/farm/summary.h"
#include "tests/approved.h"
#include "tests/farm/samples.h"

namespace sluice::farm {
namespace {

TEST_CASE("a morning is told") {
  test::check_approved("approved/farm.txt", summary_text(sample_morning()));
  test::check_approved("approved/farm.json", summary_json(sample_morning()));
  test::check_approved("approved/farm.html", page_html(first_morning(), sample_options()));
}

TEST_CASE("where a fault stands") {
  Records records;
  records.worker = "w";
  records.night.number = 5;
  FaultRecord fault{.worker = "w", .first_night = 5, .since = 5};
  CHECK(records.standing_of(fault) == Standing::fresh);
  fault.worker = "another";
  CHECK(records.standing_of(fault) == Standing::open);
  fault.worker = "w";
  fault.state = FaultRecord::State::fixed;
  CHECK(records.standing_of(fault) == Standing::fixed);
  fault.since = 4;
  CHECK(records.standing_of(fault) == Standing::fixed_before);
  fault.first_night = 2;
  fault.state = FaultRecord::State::returned;
  CHECK(records.standing_of(fault) == Standing::open);
  fault.since = 5;
  CHECK(records.standing_of(fault) == Standing::returned);
  records.faults = {fault, fault};
  CHECK(records.fault_counts() == FaultCounts{0, 2, 0, 0, 0});
}

TEST_CASE("a night that goes on has no verdict yet, and says what it would be") {
  Morning morning = sample_morning();
  morning.code.reset();
  CHECK_THAT(summary_text(morning),
             Catch::Contains("\nso far    faults: 3 new or returned, 6 open, 1 fixed tonight\n"));
  const std::string page = page_html(morning, sample_options());
  CHECK_THAT(page, Catch::Contains("<p class=\"verdict\">FAIL SO FAR</p>"));
  CHECK_THAT(page_html(night_begun(), sample_options()), Catch::Contains("<p class=\"verdict\">PASS SO FAR</p>"));
}

TEST_CASE("a page leads to those of triage from wherever it lies") {
  Morning morning = sample_morning();
  PageOptions options = sample_options();
  CHECK_THAT(page_html(morning, options), Catch::Contains("href=\"../farm/triage/sensor/rack-3-14-1.html\""));
  options.file = "index.html";
  CHECK_THAT(page_html(morning, options), Catch::Contains("href=\"farm/triage/sensor/rack-3-14-1.html\""));
  for (const char* elsewhere :
       {"../secret.html", "/etc/passwd", "triage/../../secret.html", "javascript:alert(1)/../../x"}) {
    for (FaultRecord& fault : morning.records.faults) fault.page = elsewhere;
    CHECK_THAT(page_html(morning, options), !Catch::Contains("what triage made of it"));
  }
}

TEST_CASE("commands are for a shell, and one that cannot be seen is not there") {
  Records records;
  records.worker = "w";
  records.night.number = 1;
  records.faults.push_back({.target = "t", .identity = "a b'c", .worker = "w", .first_night = 1});
  TargetDocuments documents;
  documents["t"] = {
      .driver = "my driver.yaml", .schema = "s.ksy", .rules = "", .builds_folder = "b", .include = {"$i"}};
  const auto command = [&] { return next_steps("f.yaml", "farm", documents, records).at(0).command; };
  CHECK(command() ==
        "sluice triage 'farm/faults/t/a b'\\''c.bin' --driver 'my driver.yaml' --schema s.ksy --builds b "
        "--include '$i' --crashes farm/crashes/t --html 'a b'\\''c.html'");
  documents["t"].driver = "\xe2\x80\xae.yaml";
  CHECK(command().empty());
  documents.clear();
  CHECK(command().empty());
  records.faults.front().identity = "7.11-content-refused-3";
  CHECK(command() == "cat farm/faults/t/7.11-content-refused-3.report.txt");
}

}  // namespace
}  // namespace sluice::farm
