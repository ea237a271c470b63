#include "fuzz/farm/next.h"

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/farm/folders.h"
#include "validator/report/escape.h"
#include "validator/report/words.h"

namespace sluice::farm {

namespace {

using report::shell_word;

constexpr std::size_t kMostOfKind = 3;
constexpr std::int64_t kLongDark = 3;             // nights
constexpr std::int64_t kSlowMicroseconds = 1000;  // worth a look, ..
constexpr std::int64_t kSlowTimes = 10;           // .. if it is so many times what is usual

class Steps {
 public:
  Steps(const std::string& document, const std::string& folder, const TargetDocuments& documents,
        const Records& records)
      : document_(document), folders_{.root = folder, .worker = {}}, documents_(documents), records_(records) {}

  std::vector<Step> all() {
    add_faults(Standing::fresh, "new");
    add_faults(Standing::returned, "returned");
    add_left_out();
    add_hungry();
    add_dark();
    add_slow();
    return std::move(steps_);
  }

 private:
  void add(std::string what, std::string command) {
    // A command that cannot be seen as it is must not be copied.
    if (report::visible(command) != command) command.clear();
    steps_.push_back({std::move(what), std::move(command)});
  }
  void add_left_over(std::size_t count, std::string_view what) {
    if (count > kMostOfKind) steps_.push_back({fmt::format("And {} more {}", count - kMostOfKind, what), {}});
  }

  // `--driver D --schema S ..`; empty: not known.
  [[nodiscard]] std::string words_of(const std::string& target) const {
    const auto found = documents_.find(target);
    if (found == documents_.end()) return {};
    const Documents& of = found->second;
    std::string words = " --driver " + shell_word(of.driver) + " --schema " + shell_word(of.schema);
    if (!of.rules.empty()) words += " --rules " + shell_word(of.rules);
    if (!of.builds_folder.empty()) words += " --builds " + shell_word(of.builds_folder);
    for (const std::string& folder : of.include) words += " --include " + shell_word(folder);
    return words;
  }

  void add_faults(Standing standing, std::string_view word) {
    std::size_t count = 0;
    for (const FaultRecord& fault : records_.faults) {
      if (records_.standing_of(fault) != standing || ++count > kMostOfKind) continue;
      look_at(fault, word);
    }
    add_left_over(count, fmt::format("{} faults", word));
  }

  void look_at(const FaultRecord& fault, std::string_view word) {
    const std::string& found = fault.found.empty() ? fault.identity : fault.found.front();
    const std::string path = folders_.faults(fault.target) + "/" + found;
    const std::string words = words_of(fault.target);
    // Triage has nothing to say of what is no fault.
    const bool is_fault = found.find("-refused-") == std::string::npos && found.find("-drift-") == std::string::npos;
    std::string command;
    if (!is_fault) {
      command = "cat " + shell_word(path + ".report.txt");
    } else if (!words.empty()) {
      command = fmt::format("sluice triage {}{} --crashes {} --html {}", shell_word(path + ".bin"), words,
                            shell_word(folders_.crashes(fault.target)), shell_word(found + ".html"));
    }
    add(fmt::format("Look at the {} fault {} of {}", word, fault.identity, fault.target), command);
    if (!is_case(fault)) return;
    const bool is_back = records_.standing_of(fault) == Standing::returned;
    add(is_back ? fmt::format("If {} was called fixed, take that back", fault.identity)
                : fmt::format("When somebody has seen to {}, say so", fault.identity),
        fmt::format("sluice triage {} {} --crashes {}", is_back ? "reopen" : "accept", shell_word(fault.identity),
                    shell_word(folders_.crashes(fault.target))));
  }

  // What triage has made a case of has its name.
  [[nodiscard]] static bool is_case(const FaultRecord& fault) { return !fault.cause.empty(); }

  void add_left_out() {
    std::size_t count = 0;
    for (const LaneNight& lane : records_.lanes_of_night()) {
      if (lane.problem.empty() || ++count > kMostOfKind) continue;
      const std::string words = words_of(lane.target);
      add(fmt::format("See why {} {} was left out: {}", lane.target, lane.build, lane.problem),
          words.empty() ? "" : campaign(lane, words, "--runs 1000"));
    }
    add_left_over(count, "lanes that were left out");
  }

  // Those that found something new in the last tenth of what they did, and those that did nothing.
  void add_hungry() {
    constexpr std::int64_t kTenth = 10;
    std::vector<LaneNight> hungry;
    for (const LaneNight& lane : records_.lanes_of_night()) {
      const bool is_growing = lane.turns > 0 && lane.last_new > 0 && lane.blocks_covered > lane.blocks_of_seeds &&
                              lane.executions - lane.last_new <= lane.executions / kTenth;
      const bool is_starved = lane.turns == 0 && records_.night.code != Night::kNoCode;
      if (lane.problem.empty() && (is_growing || is_starved)) hungry.push_back(lane);
    }
    const auto gain = [](const LaneNight& lane) { return lane.blocks_covered - lane.blocks_of_seeds; };
    std::ranges::stable_sort(hungry, [&](const LaneNight& a, const LaneNight& b) {
      return std::pair(a.turns != 0, -gain(a)) < std::pair(b.turns != 0, -gain(b));
    });
    for (std::size_t i = 0; i < std::min(kMostOfKind, hungry.size()); ++i) {
      const LaneNight& lane = hungry[i];
      const std::string words = words_of(lane.target);
      const std::string why = lane.turns == 0 ? "had no turn" : "still came to new blocks when its last turn ended";
      add(fmt::format("{} {} {}: give {} a larger `share` in {}, or let it go on now", lane.target, lane.build, why,
                      lane.target, document_),
          words.empty() ? "" : campaign(lane, words, "--time 1h"));
    }
    add_left_over(hungry.size(), "lanes that could use more time");
  }

  [[nodiscard]] std::string campaign(const LaneNight& lane, const std::string& words, std::string_view how) const {
    return fmt::format("sluice fuzz{} --build {} --corpus {} --faults {} {}", words, shell_word(lane.build),
                       shell_word(folders_.corpus(lane.target)), shell_word(folders_.faults(lane.target)), how);
  }

  void add_dark() {
    struct Lane {
      const DarkRecord* oldest;
      std::size_t count;
    };
    std::vector<Lane> lanes;
    for (const DarkRecord& dark : records_.dark) {
      if (records_.night.number - dark.first_night + 1 < kLongDark) continue;
      const bool is_same =
          !lanes.empty() && lanes.back().oldest->target == dark.target && lanes.back().oldest->build == dark.build;
      if (!is_same) lanes.push_back({&dark, 0});
      Lane& lane = lanes.back();
      ++lane.count;
      if (dark.first_night < lane.oldest->first_night) lane.oldest = &dark;
    }
    std::ranges::stable_sort(lanes, {}, [](const Lane& lane) { return lane.oldest->first_night; });
    for (std::size_t i = 0; i < std::min(kMostOfKind, lanes.size()); ++i) {
      const DarkRecord& oldest = *lanes[i].oldest;
      const std::string seeds = "seeds/" + oldest.target;
      const auto found = documents_.find(oldest.target);
      std::string command;
      if (found != documents_.end()) {
        const Documents& of = found->second;
        command = "sluice generate --schema " + shell_word(of.schema);
        if (!of.rules.empty()) command += " --rules " + shell_word(of.rules);
        for (const std::string& folder : of.include) command += " --include " + shell_word(folder);
        command += fmt::format(" --driver {} --build {} --count 64 --seed {} --out {}", shell_word(of.driver),
                               shell_word(oldest.build), records_.night.number, shell_word(seeds));
      }
      add(fmt::format("{} {}: {} in the dark for {} nights or more, first of all {}: give the target content that has "
                      "{}, as `seeds: [{}]` in {}",
                      oldest.target, oldest.build,
                      lanes[i].count == 1 ? "1 operator is" : fmt::format("{} operators are", lanes[i].count),
                      kLongDark, oldest.text, lanes[i].count == 1 ? "it" : "them", seeds, document_),
          command);
    }
    add_left_over(lanes.size(), "lanes with operators in the dark");
  }

  void add_slow() {
    std::size_t count = 0;
    for (const SlowRecord& slow : records_.slow) {
      if (slow.microseconds < kSlowMicroseconds || slow.microseconds / kSlowTimes < slow.usual) continue;
      if (++count > 1) continue;
      const std::string words = words_of(slow.target);
      add(fmt::format("See what {} {} is so long about: {} us for content {}, where {} us are usual", slow.target,
                      slow.build, report::with_commas(static_cast<std::uint64_t>(slow.microseconds)), slow.content,
                      report::with_commas(static_cast<std::uint64_t>(std::max<std::int64_t>(0, slow.usual)))),
          words.empty()
              ? ""
              : fmt::format("sluice run {}{} --build {}", shell_word(folders_.corpus(slow.target) + "/" + slow.content),
                            words, shell_word(slow.build)));
    }
  }

  const std::string& document_;
  Folders folders_;
  const TargetDocuments& documents_;
  const Records& records_;
  std::vector<Step> steps_;
};

}  // namespace

TargetDocuments documents_of(const Lanes& lanes) {
  TargetDocuments documents;
  for (const Lane& lane : lanes.all()) {
    const run::CampaignOptions& of = lane.campaign;
    documents.try_emplace(lane.target.name, Documents{of.driver, of.schema, of.rules, of.builds_folder, of.include});
  }
  return documents;
}

std::vector<Step> next_steps(const std::string& farm_document, const std::string& folder,
                             const TargetDocuments& documents, const Records& records) {
  return Steps(farm_document, folder, documents, records).all();
}

}  // namespace sluice::farm
