// The faults of a farm as this worker knows them: filed, made cases of, seen again, fixed, come back.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/farm/folders.h"
#include "fuzz/farm/found_files.h"
#include "fuzz/farm/lanes.h"
#include "fuzz/farm/replay.h"
#include "fuzz/farm/state.h"
#include "fuzz/farm/triage_program.h"

namespace sluice::farm {

class Faults {
 public:
  // All are aliased.
  Faults(const Folders& folders, State& state, const Night& night) : folders_(folders), state_(state), night_(night) {}

  // What the state knows.
  void load();

  // Whatever lies in the target's folder and is not known: filed, by this worker if by nobody else; and what other
  // workers made of it. False: some could not be, and `problem` says why.
  [[nodiscard]] bool take(const std::string& target, std::string& problem);
  // A campaign has met it. False: it is not known.
  [[nodiscard]] bool see(const std::string& target, const std::string& identity);

  // What was found on these builds and is to be triaged, by what campaigns call it: at first what never was, alike
  // beside alike. Of what another worker filed tonight it is that one's turn.
  struct Waiting {
    std::vector<std::string> fresh;
    std::vector<std::string> again;  // of which nothing came in another night
  };
  [[nodiscard]] Waiting waiting(const std::string& target, const std::set<std::string>& builds);
  // It is of this case, or of none: `triaged` says why. False: this cannot be kept, and `problem` says why.
  [[nodiscard]] bool keep(const std::string& target, const std::string& identity, const Triaged& triaged,
                          std::string& problem);

  // The known ones again, on all lanes of one target that can be run: `all` has their builds. A case is fixed where
  // neither its file nor any other of it shows. False: some could not be run, and `problem` says why; nothing is
  // believed of these.
  [[nodiscard]] bool replay(const std::vector<const Lane*>& lanes, const run::CampaignOptions& all,
                            TriageProgram& program, std::string& problem);

  // Of this night: those that nobody knew before this worker, and those that were fixed and are back.
  [[nodiscard]] std::size_t num_new() const;
  [[nodiscard]] std::size_t num_returned() const;
  // False: the state could not be written to.
  [[nodiscard]] bool is_kept() const { return is_kept_; }

 private:
  using Key = std::pair<std::string, std::string>;  // target and identity
  using Names = std::map<std::string, Replayed>;    // by identity

  void save(const Known& known) { is_kept_ = state_.save(known) && is_kept_; }
  void change(FaultRecord& fault, FaultRecord::State to);
  void show(Known& known);
  void attach(Known& found, const Triaged& triaged, const std::string& filed_by);
  void detach(Known& found);
  [[nodiscard]] bool replay_found(const std::vector<const Lane*>& lanes, const std::set<std::string>& cases,
                                  Names& answers, std::string& problem);
  void judge_found(const std::string& target, const Names& answers);
  [[nodiscard]] std::vector<std::string> judge_cases(const std::string& target,
                                                     const std::map<std::string, CaseReplayed>& replayed,
                                                     const Names& answers);
  template <typename Meant>
  [[nodiscard]] std::size_t count(const Meant& is_meant) const;

  const Folders& folders_;
  State& state_;
  const Night& night_;
  std::map<Key, Known> found_;
  std::map<Key, Known> cases_;
  bool is_kept_ = true;
};

}  // namespace sluice::farm
