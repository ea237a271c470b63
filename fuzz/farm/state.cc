#include "fuzz/farm/state.h"

#include <algorithm>
#include <array>
#include <set>

#include "validator/store/statement.h"

namespace sluice::farm {

namespace {

using store::Database;
using store::Statement;

constexpr std::string_view kNight = "SELECT night, begun, milliseconds, turns, phase, code FROM nights ";

Night night_of(const Statement& row) {
  constexpr auto kLast = static_cast<std::int64_t>(Night::Phase::ended);
  return {.number = row.number(0),
          .begun = row.number(1),
          .milliseconds = row.number(2),
          .turns = row.number(3),
          .phase = static_cast<Night::Phase>(std::clamp<std::int64_t>(row.number(4), 0, kLast)),
          .code = row.number(5)};
}

// The numbers of a lane in the order of the columns.
constexpr std::array kNumbers = {&LaneNight::turns,           &LaneNight::executions,     &LaneNight::milliseconds,
                                 &LaneNight::accepted,        &LaneNight::faulted,        &LaneNight::restarts,
                                 &LaneNight::blocks_of_seeds, &LaneNight::blocks_covered, &LaneNight::blocks_reachable,
                                 &LaneNight::blocks,          &LaneNight::corpus,         &LaneNight::expressible,
                                 &LaneNight::executed,        &LaneNight::last_new,       &LaneNight::new_at,
                                 &LaneNight::failures,        &LaneNight::used,           &LaneNight::growth};
constexpr int kFirstNumber = 3;

bool write_lane(Database& database, const LaneNight& lane) {
  static const std::string kSql = [] {
    std::string sql = "REPLACE INTO lanes VALUES(?, ?, ?";
    for (std::size_t i = 0; i < kNumbers.size(); ++i) sql += ", ?";
    return sql + ", ?)";
  }();
  Statement to(database, kSql);
  to.with(lane.night).with(lane.target).with(lane.build);
  for (const auto number : kNumbers) to.with(lane.*number);
  return to.with(lane.problem).run();
}

std::vector<LaneNight> read_lanes(Statement& rows) {
  std::vector<LaneNight> lanes;
  while (rows.next()) {
    LaneNight& lane = lanes.emplace_back();
    lane.night = rows.number(0);
    lane.target = rows.text(1);
    lane.build = rows.text(2);
    int column = kFirstNumber;
    for (const auto number : kNumbers) lane.*number = rows.number(column++);
    lane.problem = rows.text(column);
  }
  return lanes;
}

FaultRecord fault_of(const Statement& row) {
  constexpr auto kLast = static_cast<std::int64_t>(FaultRecord::State::returned);
  return {.target = row.text(0),
          .identity = row.text(1),
          .build = row.text(2),
          .sentence = row.text(3),
          .worker = row.text(4),
          .first_night = row.number(5),
          .last_night = row.number(6),
          .since = row.number(7),
          .state = static_cast<FaultRecord::State>(std::clamp<std::int64_t>(row.number(8), 0, kLast)),
          .replays = row.number(9) != 0};
}

}  // namespace

std::string_view name_of(FaultRecord::State state) {
  switch (state) {
    case FaultRecord::State::open: return "open";
    case FaultRecord::State::fixed: return "fixed";
    case FaultRecord::State::returned: return "returned";
  }
  return "open";
}

std::vector<LaneNight> Records::lanes_of_night() const {
  std::vector<LaneNight> found;
  std::ranges::copy_if(lanes, std::back_inserter(found), [&](const LaneNight& l) { return l.night == night.number; });
  return found;
}

std::optional<Night> State::begin_night(std::int64_t now) {
  std::optional<Night> night;
  const bool is_done = database_.write([&] {
    Statement last(database_, std::string(kNight) + "ORDER BY night DESC LIMIT 1");
    if (last.next()) night = night_of(last);
    if (!last.is_good()) return false;
    if (night && night->code == Night::kNoCode) return true;
    night = Night{.number = night ? night->number + 1 : 1, .begun = now};
    Statement to(database_, "INSERT INTO nights VALUES(?, ?, 0, 0, 0, -1)");
    return to.with(night->number).with(night->begun).run();
  });
  return is_done ? night : std::nullopt;
}

bool State::save(const Night& night) {
  return database_.write([&] {
    Statement to(database_, "UPDATE nights SET milliseconds = ?, turns = ?, phase = ?, code = ? WHERE night = ?");
    to.with(night.milliseconds).with(night.turns).with(static_cast<std::int64_t>(night.phase)).with(night.code);
    return to.with(night.number).run();
  });
}

bool State::begin_turn(Night& night, Turn& turn) {
  turn.night = night.number;
  turn.number = night.turns + 1;
  const bool is_done = database_.write([&] {
    Statement to(database_, "INSERT INTO turns VALUES(?, ?, ?, ?, ?, 1, 0, 0, '')");
    if (!to.with(turn.night).with(turn.number).with(turn.target).with(turn.build).with(turn.seed).run()) return false;
    Statement count(database_, "UPDATE nights SET turns = ? WHERE night = ?");
    return count.with(turn.number).with(turn.night).run();
  });
  if (is_done) night.turns = turn.number;
  return is_done;
}

std::vector<Turn> State::open_turns(std::int64_t night) {
  std::vector<Turn> turns;
  (void)database_.read([&] {
    Statement rows(database_,
                   "SELECT turn, target, build, seed FROM turns WHERE night = ? AND is_open = 1 ORDER BY turn");
    rows.with(night);
    while (rows.next()) turns.push_back({night, rows.number(0), rows.text(1), rows.text(2), rows.number(3)});
    return rows.is_good();
  });
  return turns;
}

bool State::end_turn(const Turn& turn, const Outcome& outcome) {
  return database_.write([&] {
    Statement to(database_,
                 "UPDATE turns SET is_open = 0, executions = ?, milliseconds = ?, problem = ? "
                 "WHERE night = ? AND turn = ?");
    to.with(outcome.executions).with(outcome.milliseconds).with(outcome.problem);
    if (!to.with(turn.night).with(turn.number).run() || !write_lane(database_, outcome.lane)) return false;
    Statement drop(database_,
                   "DELETE FROM turns WHERE night = ?1 AND is_open = 0 AND turn <= (SELECT turn FROM turns "
                   "WHERE night = ?1 AND target = ?2 ORDER BY turn DESC LIMIT 1 OFFSET ?3) AND target = ?2");
    if (!drop.with(turn.night).with(turn.target).with(kMostTurns).run()) return false;
    if (outcome.point) {
      const Point& point = *outcome.point;
      Statement add(database_, "REPLACE INTO points VALUES(?, ?, ?, ?, ?, ?, ?)");
      add.with(turn.night).with(turn.target).with(turn.build).with(point.executions).with(point.milliseconds);
      if (!add.with(point.blocks).with(point.corpus).run()) return false;
      thin_points(turn);
    }
    return outcome.dark == nullptr || keep_dark(turn, *outcome.dark);
  });
}

// Where there are too many every second goes, but for the last.
void State::thin_points(const Turn& turn) {
  Statement count(database_,
                  "SELECT count(*), max(executions) FROM points WHERE night = ? AND target = ? AND build = ?");
  if (!count.with(turn.night).with(turn.target).with(turn.build).next() || count.number(0) <= kMostPoints) return;
  const std::int64_t last = count.number(1);
  (void)count.rewind();
  Statement drop(
      database_,
      "DELETE FROM points WHERE night = ?1 AND target = ?2 AND build = ?3 AND executions < ?4 AND executions "
      "IN (SELECT executions FROM (SELECT executions, row_number() OVER (ORDER BY executions) AS place "
      "FROM points WHERE night = ?1 AND target = ?2 AND build = ?3) WHERE place % 2 = 0)");
  (void)drop.with(turn.night).with(turn.target).with(turn.build).with(last).run();
}

// Dark is what no turn of the night has come to: the first one says what may be, each other what is still. A name that
// was dark in the last night it was looked at keeps its first night.
bool State::keep_dark(const Turn& turn, const std::vector<std::string>& dark) {
  bool is_first = true;
  std::set<std::string> still;
  Statement rows(database_, "SELECT text, last_night FROM dark WHERE target = ? AND build = ?");
  rows.with(turn.target).with(turn.build);
  std::set<std::string> before;
  while (rows.next()) {
    before.insert(rows.text(0));
    if (rows.number(1) != turn.night) continue;
    is_first = false;
    still.insert(rows.text(0));
  }
  if (!rows.is_good()) return false;
  Statement drop(database_, "DELETE FROM dark WHERE target = ? AND build = ? AND text = ?");
  Statement add(database_,
                "INSERT INTO dark VALUES(?, ?, ?, ?4, ?4) ON CONFLICT DO UPDATE SET last_night = excluded.last_night");
  const std::set<std::string> now(dark.begin(), dark.end());
  for (const std::string& text : before) {
    if (now.contains(text) && (is_first || still.contains(text))) continue;
    if (!drop.with(turn.target).with(turn.build).with(text).run()) return false;
  }
  for (const std::string& text : now) {
    if (!is_first && !still.contains(text)) continue;
    if (!add.with(turn.target).with(turn.build).with(text).with(turn.night).run()) return false;
  }
  return true;
}

bool State::save(const LaneNight& lane) {
  return database_.write([&] { return write_lane(database_, lane); });
}

std::vector<LaneNight> State::lanes(std::int64_t night) {
  std::vector<LaneNight> lanes;
  (void)database_.read([&] {
    Statement rows(database_, "SELECT * FROM lanes WHERE night = ?");
    lanes = read_lanes(rows.with(night));
    return rows.is_good();
  });
  return lanes;
}

std::vector<Point> State::points(std::int64_t night, const std::string& target, const std::string& build) {
  std::vector<Point> points;
  (void)database_.read([&] {
    Statement rows(database_,
                   "SELECT executions, milliseconds, blocks, corpus FROM points WHERE night = ? AND target = ? AND "
                   "build = ? ORDER BY executions");
    rows.with(night).with(target).with(build);
    while (rows.next()) points.push_back({rows.number(0), rows.number(1), rows.number(2), rows.number(3)});
    return rows.is_good();
  });
  return points;
}

bool State::save(const FaultRecord& fault) {
  return database_.write([&] {
    Statement to(database_, "REPLACE INTO faults VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    to.with(fault.target).with(fault.identity).with(fault.build).with(fault.sentence).with(fault.worker);
    to.with(fault.first_night).with(fault.last_night).with(fault.since);
    return to.with(static_cast<std::int64_t>(fault.state)).with(std::int64_t{fault.replays}).run();
  });
}

std::vector<FaultRecord> State::faults() {
  std::vector<FaultRecord> faults;
  (void)database_.read([&] {
    Statement rows(database_, "SELECT * FROM faults ORDER BY target, identity");
    while (rows.next()) faults.push_back(fault_of(rows));
    return rows.is_good();
  });
  return faults;
}

bool State::save_slow(const std::string& target, const std::vector<SlowRecord>& slow) {
  return database_.write([&] {
    Statement drop(database_, "DELETE FROM slow WHERE target = ?");
    if (!drop.with(target).run()) return false;
    Statement to(database_,
                 "INSERT OR IGNORE INTO slow SELECT ?1, ?2, ?3, ?4, ?5, ?6 "
                 "WHERE (SELECT count(*) FROM slow WHERE target = ?1 AND build = ?2) < ?7");
    return std::ranges::all_of(slow, [&](const SlowRecord& one) {
      to.with(target).with(one.build).with(one.content).with(one.night).with(one.microseconds).with(one.usual);
      return to.with(static_cast<std::int64_t>(SlowRecord::kMost)).run();
    });
  });
}

bool State::tell(std::int64_t night, const std::string& sentence) {
  return database_.write([&] {
    Statement to(database_,
                 "INSERT OR IGNORE INTO told SELECT ?1, ?2 WHERE (SELECT count(*) FROM told WHERE night = ?1) < ?3");
    return to.with(night).with(sentence).with(kMostTold).run();
  });
}

Records State::records(const std::string& worker) {
  Records records;
  records.worker = worker;
  records.faults = faults();
  (void)database_.read([&] {
    Statement nights(database_, std::string(kNight) + "ORDER BY night");
    while (nights.next()) records.nights.push_back(night_of(nights));
    if (!records.nights.empty()) records.night = records.nights.back();
    Statement lanes(database_, "SELECT * FROM lanes ORDER BY night, target, build");
    records.lanes = read_lanes(lanes);
    Statement dark(
        database_,
        "SELECT target, build, text, first_night FROM dark WHERE last_night = ? ORDER BY target, build, text");
    dark.with(records.night.number);
    while (dark.next()) records.dark.push_back({dark.text(0), dark.text(1), dark.text(2), dark.number(3)});
    Statement slow(database_,
                   "SELECT * FROM slow WHERE night = (SELECT max(night) FROM slow) "
                   "ORDER BY microseconds DESC, target, build, content");
    while (slow.next()) {
      records.slow.push_back(
          {slow.text(0), slow.text(1), slow.text(2), slow.number(3), slow.number(4), slow.number(5)});
    }
    Statement told(database_, "SELECT sentence FROM told WHERE night = ? ORDER BY rowid");
    told.with(records.night.number);
    while (told.next()) records.told.push_back(told.text(0));
    return nights.is_good() && lanes.is_good() && dark.is_good() && slow.is_good() && told.is_good();
  });
  records.tame();
  return records;
}

void State::add_courses(Records& records) {
  for (const LaneNight& lane : records.lanes_of_night()) {
    records.courses.push_back({lane.target, lane.build, points(lane.night, lane.target, lane.build)});
  }
  records.tame();
}

}  // namespace sluice::farm
