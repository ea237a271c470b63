#include "tests/farm/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "tests/report/gate_samples.h"

namespace sluice::farm {

namespace {

constexpr std::int64_t kFirstEvening = 1'762'898'400;  // 2025-11-11 22:00
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kNights = 14;

struct Kind {
  std::string target;
  std::string build;
  std::int64_t begins;  // blocks of its first night, ..
  std::int64_t ends;    // .. and what it comes to
  std::int64_t reachable;
  std::int64_t rate;
  std::int64_t expressible;
  std::int64_t since;  // its first night
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kAll = {
      {"sensor", "7.10", 118, 171, 402, 14'200, 200, 2},
      {"sensor", "7.11", 117, 183, 411, 14'900, 280, 2},
      {"sensor", "7.12", 121, 196, 431, 15'100, 287, 2},
      {"sensor-escapes", "7.11", 140, 179, 411, 9'800, 280, 2},
      {"sensor-escapes", "7.12", 139, 188, 431, 9'600, 287, 2},
      {"policy", "1.0", 44, 61, 66, 31'000, 96, 3},
      {"policy", "1.1", 45, 63, 70, 30'400, 96, 3},
      {"policy", "1.2-rc1", 45, 64, 70, 30'100, 96, 9},
      {"hidparse", "8.0~repack-4", 70, 204, 236, 22'700, 0, 2},
      {"regulatory", "6.1.159-1", 160, 322, 520, 7'900, 0, 4},
      {"regulatory", "6.12.57-1", 160, 341, 561, 7'400, 0, 4},
      {"zoo", "off-by-one", 101, 164, 380, 13'300, 280, 2},
      {"zoo", "use-after-free", 104, 165, 384, 13'100, 280, 2},
      {"zoo", "short-array", 98, 150, 377, 13'900, 280, 2},
      {"zoo", "long-loop", 98, 149, 377, 6'100, 280, 5},
  };
  return kAll;
}

// Small and the same each time: what makes a curve look like one.
std::int64_t wobble(std::int64_t of, std::int64_t range) { return of * 7919 % 97 * range / 97; }

LaneNight lane_of(const Kind& kind, std::int64_t night, std::int64_t salt) {
  LaneNight lane;
  lane.night = night;
  lane.target = kind.target;
  lane.build = kind.build;
  const std::int64_t age = night - kind.since;
  // A third of what is left each night.
  std::int64_t left = (kind.ends - kind.begins) * 1000;
  for (std::int64_t k = 0; k < age; ++k) left = left * 2 / 3;
  lane.blocks_of_seeds = kind.ends - left / 1000;
  lane.blocks_covered = kind.ends - left * 2 / 3 / 1000;
  lane.blocks_reachable = kind.reachable;
  lane.blocks = kind.reachable + 6;
  lane.turns = 30 + wobble(night + salt, 6);
  lane.milliseconds = lane.turns * 60'000;
  lane.executions = lane.milliseconds / 1000 * (kind.rate + wobble(night * 3 + salt, 900));
  lane.accepted = lane.executions / 9;
  lane.faulted = lane.executions / 400;
  lane.corpus = 240 + lane.blocks_covered * 5 + age * 11;
  lane.expressible = kind.expressible;
  lane.executed = kind.expressible == 0 ? 0 : kind.expressible - 12 / (age + 1);
  lane.last_new = lane.blocks_covered == lane.blocks_of_seeds ? 0 : lane.executions / (2 + (salt + night) % 5);
  return lane;
}

Course course_of(const LaneNight& lane) {
  Course course{.target = lane.target, .build = lane.build, .points = {}};
  const std::int64_t gain = lane.blocks_covered - lane.blocks_of_seeds;
  for (std::int64_t turn = 1; turn <= lane.turns; ++turn) {
    const std::int64_t left = lane.turns * lane.turns * lane.turns;
    const std::int64_t rest = (lane.turns - turn) * (lane.turns - turn) * (lane.turns - turn);
    course.points.push_back({lane.executions * turn / lane.turns, lane.milliseconds * turn / lane.turns,
                             lane.blocks_covered - gain * rest / left, lane.corpus});
  }
  return course;
}

FaultRecord fault(std::string target, std::string build, std::string identity, std::string sentence,
                  std::int64_t first) {
  FaultRecord one;
  one.target = std::move(target);
  one.build = std::move(build);
  one.identity = std::move(identity);
  one.sentence = std::move(sentence);
  one.worker = "rack-3";
  one.first_night = first;
  one.last_night = kNights;
  one.since = first;
  one.replays = true;
  return one;
}

std::vector<FaultRecord> sample_faults() {
  std::vector<FaultRecord> all;
  FaultRecord one = fault("sensor", "7.11", "bad-address-instances.criteria.input-1bc9ff88",
                          "read of 0x3000231a1000, 0 bytes past the end of a 160-byte array of 20 elements, in "
                          "match_criterion at +0x1942",
                          kNights);
  one.cause =
      "instances[0].criteria[0].input is 20: build 7.11 supplies 20 inputs, and the driver reads the twenty-first";
  one.guilty = "instances[0].criteria[0].input";
  one.suggestion =
      "  - id: inputs-within-supply\n    for: instances[].criteria[]\n    check: input < "
      "build.supplies[template.type]\n";
  one.page = "triage/sensor/rack-3-14-1.html";
  one.found = {"7.11-read-match_criterion-0dea60ce", "7.11-read-match_criterion-5f00a1c2"};
  all.push_back(one);
  one =
      fault("hidparse", "8.0~repack-4", "8.0~repack-4-write-HidP_GetLinkCollectionNodes-77ab01d3",
            "write of 4 bytes, 0 bytes past the end of a 96-byte allocation, in HidP_GetLinkCollectionNodes at +0x45ac",
            kNights);
  one.replays = false;
  one.why = "faults in 1 of 10 runs";
  all.push_back(one);
  one = fault("zoo", "use-after-free", "use-after-free-channel_update-90cc1d02",
              "read of 8 bytes of memory that release_channel freed, in channel_update at +0x2210", 3);
  one.state = FaultRecord::State::returned;
  one.since = kNights;
  one.fixed_night = 9;
  one.cause = "version is loaded a second time while the first is in use: the driver reads what it has freed";
  one.guilty = "header.version";
  one.page = "triage/zoo/rack-3-3-1.html";
  one.found = {"use-after-free-read-channel_update-1f"};
  all.push_back(one);
  for (std::int64_t k = 0; k < 6; ++k) {
    const Kind& kind = kinds()[static_cast<std::size_t>(k * 2)];
    one = fault(kind.target, kind.build, fmt::format("bad-address-records.offset-{:08x}", 0x3311f0a0 + k * 0x01f31),
                "read of 2 bytes, 0 bytes past the end of the content, in read_record at +0x11f0", 2 + k * 2);
    one.cause = fmt::format("records[{}].offset is {}: the content has {} bytes from there on, and the driver reads 2",
                            k, 4096 + k, k % 2);
    one.guilty = fmt::format("records[{}].offset", k);
    if (k % 2 == 0) one.page = fmt::format("triage/{}/rack-3-{}-1.html", kind.target, 2 + k * 2);
    if (k == 3) one.worker = "rack-4";
    all.push_back(one);
  }
  one = fault("policy", "1.1", "undefined-policy_match-0011aa22", "signed integer overflow in policy_match", 6);
  one.state = FaultRecord::State::fixed;
  one.since = kNights;
  one.fixed_night = kNights;
  one.cause = "rules[2].weight is 2147483647: the sum of weights has no room for it";
  one.guilty = "rules[2].weight";
  all.push_back(one);
  one = fault("regulatory", "6.1.159-1", "6.1.159-1-read-valid_regdb-22", "read of 1 byte past the end of the content",
              4);
  one.state = FaultRecord::State::fixed;
  one.since = 10;
  one.last_night = 9;
  all.push_back(one);
  one.identity = "6.12.57-1-read-valid_regdb-23";
  all.push_back(one);
  std::ranges::sort(all, {}, [](const FaultRecord& f) { return std::pair(f.target, f.identity); });
  return all;
}

std::vector<DarkRecord> sample_dark() {
  std::vector<DarkRecord> all;
  const auto add = [&](const char* target, const char* build, std::int64_t input, const char* what,
                       std::int64_t since) {
    all.push_back({target, build, fmt::format("template type 3 \"ipc\", input {}, operator {}", input, what), since});
  };
  add("policy", "1.2-rc1", 4, "prefix", 9);
  add("policy", "1.2-rc1", 5, "prefix", 14);
  for (std::int64_t input = 17; input < 20; ++input) add("sensor", "7.11", input, "regex", 2 + input % 3);
  add("sensor", "7.12", 20, "contains", 2);
  add("sensor", "7.12", 20, "regex", 2);
  add("sensor-escapes", "7.11", 19, "wildcard", 13);
  return all;
}

std::vector<SlowRecord> sample_slow() {
  std::vector<SlowRecord> all;
  for (std::size_t k = 0; k < kinds().size(); ++k) {
    const Kind& kind = kinds()[k];
    const std::int64_t usual = 1'000'000 / kind.rate - 4;
    for (std::int64_t i = 0; i < 2; ++i) {
      const std::int64_t times = kind.build == "long-loop" ? 212 - 90 * i : 3 + static_cast<std::int64_t>(k) % 4 - i;
      all.push_back({kind.target, kind.build,
                     fmt::format("{:016x}{:016x}{:016x}{:016x}", 0x9e3779b97f4a7c15 * (k + 1), k * 31 + 7,
                                 0xc2b2ae3d27d4eb4f * (k + 3), i),
                     kNights, usual * times + 5, usual});
    }
  }
  std::ranges::stable_sort(all, std::greater(), &SlowRecord::microseconds);
  return all;
}

TargetDocuments sample_documents() {
  TargetDocuments documents;
  for (const Kind& kind : kinds()) {
    documents[kind.target] = {.driver = fmt::format("drivers/{}.driver.yaml", kind.target),
                              .schema = fmt::format("schemas/{}.ksy", kind.target),
                              .rules = fmt::format("schemas/{}.rules.yaml", kind.target),
                              .builds_folder = {},
                              .include = {}};
  }
  return documents;
}

void add_next(Morning& morning) {
  morning.next = next_steps("nightly.farm.yaml", "farm", sample_documents(), morning.records);
}

// Calls `put` for each text that comes from outside.
using Put = std::function<void(std::string&)>;

void rewrite(Records& records, const Put& put) {
  put(records.worker);
  // A target and a build are called the same everywhere.
  std::vector<std::pair<std::string, std::string>> called;
  const auto name = [&](std::string& text) {
    const auto known = std::ranges::find(called, text, &std::pair<std::string, std::string>::first);
    if (known != called.end()) {
      text = known->second;
      return;
    }
    std::string other = text;
    put(other);
    called.emplace_back(text, other);
    text = other;
  };
  for (LaneNight& lane : records.lanes) name(lane.target), name(lane.build), put(lane.problem);
  for (FaultRecord& one : records.faults) {
    name(one.target), name(one.build);
    for (std::string* text :
         {&one.identity, &one.sentence, &one.worker, &one.cause, &one.guilty, &one.suggestion, &one.page, &one.why}) {
      put(*text);
    }
    for (std::string& found : one.found) put(found);
  }
  for (DarkRecord& one : records.dark) name(one.target), name(one.build), put(one.text);
  for (SlowRecord& one : records.slow) name(one.target), name(one.build), put(one.content);
  for (Course& one : records.courses) name(one.target), name(one.build);
  for (std::string& sentence : records.told) put(sentence);
}

Morning rewritten(const Put& put) {
  Morning morning = sample_morning();
  put(morning.farm);
  rewrite(morning.records, put);
  for (Other& other : morning.others) rewrite(other.records, put), put(other.problem);
  for (Step& step : morning.next) put(step.what), put(step.command);
  return morning;
}

}  // namespace

Morning sample_morning() {
  Morning morning{.farm = "nightly", .records = {}, .code = 1};
  Records& records = morning.records;
  records.worker = "rack-3";
  for (std::int64_t night = 1; night <= kNights; ++night) {
    records.nights.push_back({.number = night,
                              .begun = kFirstEvening + night * kDay,
                              .milliseconds = night == 1 ? 4'000 : 28'800'000 + wobble(night, 90) * 1000,
                              .turns = 0,
                              .phase = Night::Phase::ended,
                              .code = night == 1         ? 2
                                      : night == kNights ? 1
                                                         : 0});
    std::int64_t salt = 0;
    for (const Kind& kind : kinds()) {
      if (night >= kind.since) records.lanes.push_back(lane_of(kind, night, ++salt));
    }
  }
  for (LaneNight& lane : records.lanes) {
    if (lane.night != kNights) continue;
    records.nights.back().turns += lane.turns;
    if (lane.build == "long-loop") lane.problem = "sluice-fuzz ended with signal 9 and no summary";
    if (lane.build == "6.12.57-1") lane.last_new = lane.executions - 40'000;
    records.courses.push_back(course_of(lane));
  }
  records.night = records.nights.back();
  records.faults = sample_faults();
  records.dark = sample_dark();
  records.slow = sample_slow();
  records.told = {
      "zoo long-loop: sluice-fuzz ended with signal 9 and no summary: it has failed three times in a row and is left "
      "out",
      "policy 1.2-rc1: every input faults: nothing is learnt behind that fault"};
  add_next(morning);
  Other& other = morning.others.emplace_back();
  other.records.worker = "rack-4";
  other.records.night = {.number = 8, .begun = records.night.begun + 600, .milliseconds = 27'000'000, .turns = 214};
  other.records.nights = {other.records.night};
  LaneNight lane = lane_of(kinds().front(), kNights, 5);
  lane.night = 8;
  other.records.lanes = {lane};
  other.records.faults = {fault("sensor", "7.10", "bad-address-records.offset-00000001", "read past the end", 8)};
  other.records.faults.front().worker = "rack-4";
  morning.others.push_back(
      {.records = {}, .problem = "farm/state/old.sqlite is of version 1, and this sluice knows version 2"});
  morning.others.back().records.worker = "old";
  return morning;
}

Morning first_morning() {
  Morning morning = sample_morning();
  Records& records = morning.records;
  morning.others.clear();
  records.night.number = 1;
  records.nights = {records.night};
  std::erase_if(records.lanes, [](const LaneNight& lane) {
    return lane.night != 4 || (lane.target != "policy" && lane.build != "7.11");
  });
  records.courses.clear();
  for (LaneNight& lane : records.lanes) {
    lane.night = 1;
    records.courses.push_back(course_of(lane));
  }
  std::erase_if(records.faults,
                [](const FaultRecord& one) { return one.first_night != kNights || one.target != "sensor"; });
  for (FaultRecord& one : records.faults) one.first_night = one.last_night = one.since = 1;
  records.dark.clear();
  std::erase_if(records.slow, [](const SlowRecord& one) { return one.target != "policy"; });
  for (SlowRecord& one : records.slow) one.night = 1;
  records.told.clear();
  add_next(morning);
  return morning;
}

Morning night_begun() {
  Morning morning{.farm = "nightly", .records = {}};
  morning.records.worker = "rack-3";
  morning.records.night = {.number = 1, .begun = kFirstEvening, .milliseconds = 3'000};
  morning.records.nights = {morning.records.night};
  return morning;
}

Morning no_night() {
  Morning morning{.farm = "nightly", .records = {}};
  morning.records.worker = "rack-3";
  return morning;
}

Morning large_morning() {
  Morning morning = sample_morning();
  const Records few = morning.records;
  Records& records = morning.records;
  records.nights.clear();
  records.lanes.clear();
  for (std::int64_t night = 1; night <= 200; ++night) {
    for (std::int64_t k = 0; k < 70; ++k) {
      LaneNight lane = lane_of(kinds()[0], 2 + night % 12, k);
      lane.night = night;
      lane.target = fmt::format("target-{}", k / 9);
      lane.build = fmt::format("build-{}", k % 9);
      records.lanes.push_back(lane);
    }
  }
  records.night.number = 200;
  records.faults.clear();
  for (int k = 0; k < 800; ++k) {
    FaultRecord one = few.faults[static_cast<std::size_t>(k) % few.faults.size()];
    one.identity += std::to_string(k);
    one.suggestion = std::string(5'000, 's');
    one.first_night = k % 3 == 0 ? 200 : one.first_night;
    records.faults.push_back(one);
  }
  records.dark.clear();
  for (int k = 0; k < 5'000; ++k) {
    records.dark.push_back({"target-0", fmt::format("build-{}", k % 9), fmt::format("operator {}", k), 1 + k % 200});
  }
  for (int k = 0; k < 400; ++k) records.slow.push_back(few.slow.front());
  records.told = std::vector<std::string>(200, std::string(3'000, 't'));
  morning.others = std::vector<Other>(300, morning.others.front());
  records.lanes.back().executions = INT64_MAX;
  records.tame();
  morning.next = next_steps("nightly.farm.yaml", "farm", {}, records);
  return morning;
}

Morning breaking_out_morning() {
  const std::vector<std::string> names = report::breaking_out_names();
  std::size_t next = 0;
  return rewritten([&](std::string& text) { text = names[next++ % names.size()]; });
}

Morning hostile_morning(std::uint64_t seed) {
  std::vector<std::string> pieces;
  for (const report::FileResult& file : report::hostile_run(seed)) {
    pieces.push_back(file.name);
    for (const Finding& finding : file.findings) {
      pieces.insert(pieces.end(), {finding.path, finding.event, finding.suggest, finding.rule, because(finding)});
    }
  }
  std::size_t next = seed;
  Morning morning = rewritten([&](std::string& text) { text = pieces[next++ % pieces.size()]; });
  // A state that somebody has changed by hand has any numbers.
  Records& records = morning.records;
  if (seed % 3 == 0) records.night.begun = seed % 2 == 0 ? INT64_MIN : INT64_MAX;
  for (LaneNight& lane : records.lanes) {
    if (++next % 5 != 0) continue;
    lane.executions = -1;
    lane.milliseconds = INT64_MIN;
    lane.blocks_covered = INT64_MAX;
    lane.blocks_reachable = -7;
  }
  for (SlowRecord& one : records.slow) one.usual = ++next % 2 == 0 ? -1 : 0;
  for (FaultRecord& one : records.faults) one.first_night = ++next % 2 == 0 ? INT64_MIN : INT64_MAX;
  records.tame();
  return morning;
}

PageOptions sample_options() { return {.file = "public/index.html", .folder = "farm", .tool_version = "1.2.3"}; }

}  // namespace sluice::farm
