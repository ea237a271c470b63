// Triage of a night and cases run again, by programs that are told what to say.
#include "fuzz/farm/triage.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/scratch_folder.h"

namespace sluice::farm {
namespace {

namespace fs = std::filesystem;

// By what is in each input: `case NAME` faults, `nothing` does not; `fail` and `hang` take all that came with it along.
constexpr std::string_view kFake = R"(#!/usr/bin/env python3
import json, os, sys, time
if sys.argv[1] == "run":
    says = {name: open(name).read() for name in sys.argv[sys.argv.index("--") + 1:]}
    print(json.dumps({"files": [{"file": name, "verdict": "FAIL", "findings": [{"id": "SL0601"}] if text.startswith("case") else []}
                                for name, text in says.items()]}))
    sys.exit(1)
words = dict(word[2:].split("=", 1) for word in sys.argv[1:])
cases = words["corpus"]
if words["do"] == "fixed":
    os.makedirs(cases + "/regression")
    os.rename(cases + "/new/" + words["identity"], cases + "/regression/" + words["identity"])
    sys.exit(0)
if words["do"] == "replay":
    told = []
    for state, shows, silent in ("open", "open", "gone"), ("regression", "returned", "fixed"):
        for name in os.listdir(cases + "/" + state) if os.path.exists(cases + "/" + state) else []:
            faults = open(f"{cases}/{state}/{name}/content.bin").read().startswith("case")
            told.append({"identity": name, "outcome": shows if faults else silent, "text": ""})
    json.dump({"version": 1, "cases": told}, open(words["output"], "w"))
    sys.exit(0)
inputs = {name: open(words["faults"] + "/" + name).read() for name in os.listdir(words["faults"]) if name.endswith(".bin")}
with open(os.path.dirname(sys.argv[0]) + "/calls", "a") as calls: calls.write(f"{len(inputs)} ")
if "fail" in inputs.values(): sys.stderr.write("it cannot"); sys.exit(2)
if "hang" in inputs.values(): time.sleep(1000)
made = {}
for name, says in sorted(inputs.items()):
    if says.startswith("case "): made.setdefault(says[5:], []).append(words["faults"] + "/" + name)
for name in made:
    folder = cases + "/new/" + name
    os.makedirs(folder, exist_ok=True)
    open(folder + "/content.bin", "w").write("case")
open(words["html"], "w").write("a page")
json.dump({"format_version": "1.0",
           "cases": [{"identity": name, "sentence": name + " is wrong", "files": files,
                      "fields": [{"path": "a.b", "guilty": False}, {"path": "a.c", "guilty": True}],
                      "suggestion": {"kind": "rule", "text": "c < 20"}} for name, files in made.items()],
           "not_triaged": [{"file": words["faults"] + "/" + name, "reason": "does not fault"}
                           for name, says in inputs.items() if says == "nothing"]}, open(words["output"], "w"))
sys.exit(1 if made else 0)
)";

constexpr std::array kPrograms = {"SLUICE_TRIAGE", "SLUICE"};

struct Nights {
  Nights() {
    REQUIRE(fs::create_directories(folders.faults("t")));
    REQUIRE(fs::create_directories(folders.turns()));
    const std::string program = (folder / "fake").string();
    std::ofstream(program) << kFake;
    REQUIRE(::chmod(program.c_str(), 0755) == 0);
    for (const char* name : kPrograms) REQUIRE(::setenv(name, program.c_str(), 1) == 0);
  }
  ~Nights() {
    for (const char* name : kPrograms) ::unsetenv(name);
  }
  Nights(const Nights&) = delete;
  Nights& operator=(const Nights&) = delete;

  void find(const std::string& identity, const std::string& says) const {
    const std::string base = folders.faults("t") + "/" + identity;
    std::ofstream(base + ".bin") << says;
    std::ofstream(base + ".found.json") << fmt::format(R"({{"identity": "{}", "build": "b", "fault": "it faults"}})",
                                                       identity);
  }

  void set_case(const std::string& state, const std::string& says) const {
    const std::string content = folders.crashes("t") + "/" + state + "/x/content.bin";
    REQUIRE(fs::exists(content));
    std::ofstream(content) << says;
  }

  // All that is known is run again, and what is to be triaged is. What is known after it.
  std::vector<FaultRecord> triage(std::int64_t number, Triage::End expected = Triage::End::done) {
    const std::function<void(const std::string&)> tell = [this](const std::string& what) { told += what + "\n"; };
    const std::function<bool()> never = [] { return false; };
    State state(folders.state());
    REQUIRE(state.begin_night(0));
    const Night night{.number = number};
    Faults faults(folders, state, night);
    faults.load();
    std::string problem;
    REQUIRE(faults.take("t", problem));
    TriageProgram program(folders, 1, never);
    const std::string target = "t";
    program::BuildFacts facts;
    facts.name = "b";
    run::CampaignOptions campaign;
    campaign.driver = "d.yaml";
    campaign.schema = "s.ksy";
    campaign.builds.push_back({facts, {}});
    Target of;
    of.name = target;
    const Lane lane{.target = of, .build = "b", .campaign = campaign, .problem = {}};
    CHECK(faults.replay({&lane}, campaign, program, problem));
    CHECK(problem.empty());
    CHECK(Triage(folders, night, faults, program, target, campaign, tell).run(limit) == expected);
    CHECK(faults.is_kept());
    return state.records("w").faults;
  }

  std::string calls() const {
    std::string text;
    std::getline(std::ifstream(folder / "calls"), text);
    return text;
  }

  test::ScratchFolder folder;
  Folders folders{.root = (folder / "farm").string(), .worker = "w"};
  TriageLimit limit{};
  std::string told;
};

TEST_CASE("what campaigns found is one case for each cause, and what triage cannot say has the reason with it") {
  Nights nights;
  nights.find("b-1", "case x");
  nights.find("b-2", "case y");
  nights.find("b-3", "case x");
  nights.find("b-4", "nothing");
  const auto faults = nights.triage(1);
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].identity == "b-4");
  CHECK(faults[0].why == "does not fault");
  CHECK(faults[1].identity == "x");
  CHECK(faults[1].found == std::vector<std::string>{"b-1", "b-3"});
  CHECK(faults[1].cause == "x is wrong");
  CHECK(faults[1].guilty == "a.c");
  CHECK(faults[1].suggestion == "c < 20");
  CHECK(faults[1].is_new(1, "w"));
  CHECK(fs::exists(fs::path(nights.folders.root) / faults[1].page));
  CHECK(faults[2].identity == "y");
  CHECK(nights.calls() == "4 ");
  CHECK(nights.told.empty());

  // What is a case is not triaged again, what came to nothing is; what is found anew of a known cause is no new one.
  nights.find("b-4", "case y");
  nights.find("b-5", "case x");
  const auto later = nights.triage(2);
  REQUIRE(later.size() == 2);
  CHECK(later[0].found.size() == 3);
  CHECK(later[1].found == std::vector<std::string>{"b-2", "b-4"});
  CHECK_FALSE(later[0].is_new(2, "w"));
  CHECK(nights.calls() == "4 2 ");
}

TEST_CASE("what triage fails with does not keep the others from it") {
  Nights nights;
  nights.find("b-1", "case x");
  nights.find("b-2", "fail");
  nights.find("b-3", "case x");
  const auto faults = nights.triage(1);
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].identity == "b-2");
  CHECK_THAT(faults[0].why, Catch::Contains("it cannot"));
  CHECK(faults[1].found.size() == 2);
  CHECK(nights.calls() == "3 3 1 1 1 1 ");
}

TEST_CASE("triage that comes to nothing at all is told") {
  Nights nights;
  nights.find("b-1", "fail");
  nights.find("b-2", "fail");
  CHECK(nights.triage(1, Triage::End::failed).size() == 2);
  CHECK_THAT(nights.told, Catch::Contains("t: sluice triage ended with exit code 2: it cannot"));
}

TEST_CASE("a case is fixed where neither its file nor others of it show; mended in part, it is triaged again") {
  Nights nights;
  nights.find("b-1", "case x");
  nights.find("b-2", "case x");
  REQUIRE(nights.triage(1).size() == 1);
  CHECK(nights.calls() == "2 ");

  nights.set_case("new", "nothing");
  nights.find("b-1", "nothing");
  auto faults = nights.triage(2);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].state == FaultRecord::State::open);
  CHECK(faults[0].found.size() == 2);
  CHECK(nights.calls() == "2 1 ");

  nights.set_case("new", "nothing");
  nights.find("b-2", "nothing");
  faults = nights.triage(3);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].state == FaultRecord::State::fixed);
  CHECK(faults[0].fixed_night == 3);
  CHECK(nights.triage(4)[0].since == 3);

  nights.set_case("regression", "case");
  faults = nights.triage(5);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].state == FaultRecord::State::returned);
  CHECK(faults[0].since == 5);
  CHECK(faults[0].fixed_night == 3);
  CHECK(nights.calls() == "2 1 ");
}

TEST_CASE("triage has its time, and the next night goes on") {
  Nights nights;
  nights.limit = {.base = std::chrono::seconds(4), .for_each = std::chrono::seconds(0)};
  nights.find("b-1", "hang");
  nights.find("b-2", "case x");
  // Together they have half of it; alone the first one takes what is left.
  const auto faults = nights.triage(1);
  REQUIRE(faults.size() == 2);
  CHECK_THAT(faults[0].why, Catch::Contains("was ended after 2 s"));
  CHECK(faults[1].why.empty());
  CHECK_THAT(nights.told, Catch::Contains("t: 1 of 2 faults are not triaged yet: the next night goes on with them"));
  nights.limit = {};
  nights.find("b-1", "case x");
  const auto later = nights.triage(2);
  REQUIRE(later.size() == 1);
  CHECK(later[0].found.size() == 2);
}

}  // namespace
}  // namespace sluice::farm
