// Results by the digest of everything that they depend on.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "validator/store/database.h"

namespace sluice::store {

// Shared by all threads. A value that is damaged in the file is not found, and the database has a message.
class Cache {
 public:
  static constexpr std::size_t kLargest = 32u << 20;

  // `database` is aliased. Entries that were not asked for since long go first, so `now` (seconds since 1970) is the
  // time of this run.
  Cache(Database& database, std::int64_t now) : database_(database), now_(now) {}
  // Flushes.
  ~Cache();
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // `digest`: of all that the result depends on (digest.h). `kind`: what the result is, and the version of its form.
  [[nodiscard]] std::optional<std::string> get(std::string_view digest, std::string_view kind);
  // Found by `get` from now on; in the file at the latest at the next `flush`. A kill before that loses it. What was
  // there before is replaced. A value above kLargest is not kept.
  void put(std::string_view digest, std::string_view kind, std::string value);
  // False: something that was put since the last call is lost, and the database has a message.
  bool flush();

  // Removes the entries that nobody asked for in `seconds`, then those asked for longest ago until all values together
  // take at most `bytes`. The file does not shrink; its room is used again.
  bool prune(std::uint64_t bytes, std::int64_t seconds);

 private:
  using Key = std::pair<std::string, std::string>;

  void flush_locked();
  bool touch();
  bool insert();

  Database& database_;
  std::int64_t now_;
  std::mutex mutex_;
  std::map<Key, std::string> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  bool is_lost_ = false;
  std::set<Key> asked_;  // whose time in the file is old
  std::chrono::steady_clock::time_point flushed_{};
};

}  // namespace sluice::store
