#include <array>

#include "fuzz/farm/state.h"

namespace sluice::farm {

namespace {

constexpr std::int64_t kApplication = 0x736C6661;  // `slfa`

constexpr std::array kTables = {
    "CREATE TABLE nights(night INTEGER PRIMARY KEY, begun INTEGER NOT NULL, milliseconds INTEGER NOT NULL, "
    "turns INTEGER NOT NULL, phase INTEGER NOT NULL, code INTEGER NOT NULL) STRICT",
    "CREATE TABLE lanes(night INTEGER NOT NULL, target TEXT NOT NULL, build TEXT NOT NULL, turns INTEGER NOT NULL, "
    "executions INTEGER NOT NULL, milliseconds INTEGER NOT NULL, accepted INTEGER NOT NULL, faulted INTEGER NOT NULL, "
    "restarts INTEGER NOT NULL, blocks_of_seeds INTEGER NOT NULL, blocks_covered INTEGER NOT NULL, "
    "blocks_reachable INTEGER NOT NULL, blocks INTEGER NOT NULL, corpus INTEGER NOT NULL, "
    "expressible INTEGER NOT NULL, executed INTEGER NOT NULL, last_new INTEGER NOT NULL, new_at INTEGER NOT NULL, "
    "failures INTEGER NOT NULL, used INTEGER NOT NULL, growth INTEGER NOT NULL, problem TEXT NOT NULL, "
    "PRIMARY KEY(night, target, build)) STRICT, WITHOUT ROWID",
    "CREATE TABLE turns(night INTEGER NOT NULL, turn INTEGER NOT NULL, target TEXT NOT NULL, build TEXT NOT NULL, "
    "seed INTEGER NOT NULL, is_open INTEGER NOT NULL, executions INTEGER NOT NULL, milliseconds INTEGER NOT NULL, "
    "problem TEXT NOT NULL, PRIMARY KEY(night, turn)) STRICT, WITHOUT ROWID",
    "CREATE TABLE points(night INTEGER NOT NULL, target TEXT NOT NULL, build TEXT NOT NULL, "
    "executions INTEGER NOT NULL, milliseconds INTEGER NOT NULL, blocks INTEGER NOT NULL, corpus INTEGER NOT NULL, "
    "PRIMARY KEY(night, target, build, executions)) STRICT, WITHOUT ROWID",
    "CREATE TABLE faults(target TEXT NOT NULL, is_case INTEGER NOT NULL, identity TEXT NOT NULL, build TEXT NOT NULL, "
    "sentence TEXT NOT NULL, worker TEXT NOT NULL, cause TEXT NOT NULL, guilty TEXT NOT NULL, "
    "suggestion TEXT NOT NULL, page TEXT NOT NULL, why TEXT NOT NULL, of_case TEXT NOT NULL, "
    "first_night INTEGER NOT NULL, last_night INTEGER NOT NULL, since INTEGER NOT NULL, fixed_night INTEGER NOT NULL, "
    "tried INTEGER NOT NULL, state INTEGER NOT NULL, replays INTEGER NOT NULL, "
    "PRIMARY KEY(target, is_case, identity)) STRICT, WITHOUT ROWID",
    "CREATE TABLE dark(target TEXT NOT NULL, build TEXT NOT NULL, text TEXT NOT NULL, first_night INTEGER NOT NULL, "
    "last_night INTEGER NOT NULL, PRIMARY KEY(target, build, text)) STRICT, WITHOUT ROWID",
    "CREATE TABLE slow(target TEXT NOT NULL, build TEXT NOT NULL, content TEXT NOT NULL, night INTEGER NOT NULL, "
    "microseconds INTEGER NOT NULL, usual INTEGER NOT NULL, PRIMARY KEY(target, build, content)) STRICT, WITHOUT ROWID",
    "CREATE TABLE told(night INTEGER NOT NULL, sentence TEXT NOT NULL, UNIQUE(night, sentence)) STRICT",
};

}  // namespace

const store::Form& state_form() {
  static constexpr store::Form kForm = {.application = kApplication,
                                        .version = 2,
                                        .tables = kTables,
                                        .without_it = "it is left as it is, and nothing is done without it"};
  return kForm;
}

}  // namespace sluice::farm
