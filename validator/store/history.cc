#include "validator/store/history.h"

#include <optional>

#include "validator/bytes/packed.h"
#include "validator/bytes/sha256.h"
#include "validator/store/statement.h"

namespace sluice::store {

namespace {

using bytes::Packer;

constexpr std::string_view kDamaged = "has damaged entries in its history: they are left out";

std::string pack(const std::vector<BuildOutcome>& builds) {
  Packer out;
  out.number(builds.size());
  for (const auto& [build, verdict] : builds) out.text(build).number(static_cast<std::uint64_t>(verdict));
  return out.packed();
}

std::optional<std::vector<BuildOutcome>> unpack(std::string_view packed) {
  constexpr std::uint64_t kSmallest = 16;
  bytes::Unpacker in(packed);
  std::vector<BuildOutcome> builds;
  for (std::uint64_t left = in.count(kSmallest); left > 0 && in.is_good(); --left) {
    std::string build = in.text();
    builds.push_back({std::move(build), static_cast<Verdict>(in.below(std::uint64_t{2} + 1))});
  }
  return in.is_whole() ? std::optional(std::move(builds)) : std::nullopt;
}

std::string seal_of(const Release& release, std::string_view builds) {
  Packer out;
  out.text(release.schema).text(release.content).text(release.sha256).text(release.name);
  return bytes::sha256(out.number(static_cast<std::uint64_t>(release.time)).text(builds).packed());
}

std::string seal_of(std::string_view schema, std::string_view feature, const Origin& origin) {
  Packer out;
  out.text(schema).text(feature).text(origin.content).text(origin.sha256).text(origin.name);
  return bytes::sha256(out.number(static_cast<std::uint64_t>(origin.time)).packed());
}

// A row of `uses`, of the columns kUse; none: it is damaged.
constexpr std::string_view kUse = "SELECT feature, content, sha256, name, time, seal FROM uses WHERE schema = ?";

std::optional<std::pair<std::string, Origin>> use_of(const Statement& row, std::string_view schema) {
  std::string feature = row.text(0);
  Origin origin{row.text(1), row.text(2), row.text(3), row.number(4)};
  if (row.text(5) != seal_of(schema, feature, origin)) return std::nullopt;
  return std::pair(std::move(feature), std::move(origin));
}

// Adds to one transaction.
class Recorder {
 public:
  explicit Recorder(Database& database)
      : find_(database, std::string(kUse) + " AND feature = ?"),
        add_release_(database,
                     "INSERT OR IGNORE INTO releases(schema, content, sha256, name, time, builds, seal) "
                     "VALUES(?, ?, ?, ?, ?, ?, ?)"),
        add_use_(database,
                 "REPLACE INTO uses(schema, feature, content, sha256, name, time, seal) VALUES(?, ?, ?, ?, ?, ?, ?)") {}

  bool add(const Recorded& one) {
    const Release& r = one.release;
    const std::string builds = pack(r.builds);
    const std::string seal = seal_of(r, builds);
    add_release_.with(r.schema).with(r.content).with(r.sha256).with(r.name).with(r.time);
    if (!add_release_.with_bytes(builds).with_bytes(seal).run()) return false;
    for (const std::string& feature : one.features) {
      if (!add(r, feature)) return false;
    }
    return true;
  }

 private:
  // One that is there stays, unless it is damaged.
  bool add(const Release& r, std::string_view feature) {
    const bool is_there = find_.with(r.schema).with(feature).next() && use_of(find_, r.schema).has_value();
    if (!find_.rewind()) return false;
    if (is_there) return true;
    const std::string seal = seal_of(r.schema, feature, {r.content, r.sha256, r.name, r.time});
    add_use_.with(r.schema).with(feature).with(r.content).with(r.sha256).with(r.name).with(r.time);
    return add_use_.with_bytes(seal).run();
  }

  Statement find_;
  Statement add_release_;
  Statement add_use_;
};

}  // namespace

bool History::record(const std::vector<Recorded>& release) {
  return database_.write([&] {
    Recorder recorder(database_);
    for (const Recorded& one : release) {
      if (!recorder.add(one)) return false;
    }
    return true;
  });
}

Known History::known(std::string_view schema) {
  Known known;
  known.is_whole = database_.read([&] {
    bool is_whole = true;
    Statement uses(database_, kUse);
    uses.with(schema);
    while (uses.next()) {
      auto use = use_of(uses, schema);
      if (use) {
        known.features.insert(std::move(*use));
      } else {
        is_whole = false;
      }
    }
    if (!is_whole) database_.tell(kDamaged);
    Statement contents(database_, "SELECT count(DISTINCT sha256) FROM releases WHERE schema = ?");
    if (contents.with(schema).next()) known.contents = static_cast<std::uint64_t>(contents.number(0));
    return is_whole && uses.is_good() && contents.is_good();
  });
  return known;
}

std::vector<Release> History::list() {
  std::vector<Release> releases;
  (void)database_.read([&] {
    Statement rows(database_, "SELECT schema, content, sha256, name, time, builds, seal FROM releases ORDER BY number");
    while (rows.next()) {
      Release release{rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.number(4), {}};
      const std::string packed = rows.text(5);
      auto builds = unpack(packed);
      if (builds && rows.text(6) == seal_of(release, packed)) {
        release.builds = std::move(*builds);
        releases.push_back(std::move(release));
      } else {
        database_.tell(kDamaged);
      }
    }
    return rows.is_good();
  });
  return releases;
}

}  // namespace sluice::store
