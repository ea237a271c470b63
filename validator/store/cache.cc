#include "validator/store/cache.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "validator/bytes/packed.h"
#include "validator/bytes/sha256.h"
#include "validator/store/statement.h"

namespace sluice::store {

namespace {

constexpr std::size_t kWaiting = 1000;
constexpr std::uint64_t kWaitingBytes = 8u << 20;
constexpr auto kWaitingTime = std::chrono::milliseconds(500);
constexpr std::int64_t kDay = 86'400;  // seconds

// Of the key too: a value does not answer for another one.
std::string seal_of(std::string_view digest, std::string_view kind, std::string_view value) {
  return bytes::sha256(bytes::Packer().text(digest).text(kind).text(value).packed());
}

}  // namespace

Cache::~Cache() { flush(); }

std::optional<std::string> Cache::get(std::string_view digest, std::string_view kind) {
  const std::lock_guard lock(mutex_);
  Key key{digest, kind};
  if (const auto found = waiting_.find(key); found != waiting_.end()) return found->second;
  std::optional<std::string> value;
  const bool is_read = database_.read([&] {
    Statement select(database_, "SELECT used, seal, value FROM entries WHERE digest = ? AND kind = ?");
    select.with(digest).with(kind);
    if (!select.next()) return select.is_good();
    value = select.text(2);
    if (select.text(1) != seal_of(digest, kind, *value)) {
      database_.tell("has a damaged result: it is computed again");
      return false;
    }
    // A time that is a little old saves a write for each run.
    const std::int64_t used = select.number(0);
    if (used < now_ - kDay || used > now_) asked_.insert(std::move(key));
    return true;
  });
  return is_read ? value : std::nullopt;
}

void Cache::put(std::string_view digest, std::string_view kind, std::string value) {
  if (value.size() > kLargest) return;
  const std::lock_guard lock(mutex_);
  waiting_bytes_ += value.size();
  waiting_.insert_or_assign(Key{digest, kind}, std::move(value));
  const bool is_long_ago = std::chrono::steady_clock::now() - flushed_ >= kWaitingTime;
  if (is_long_ago || waiting_.size() >= kWaiting || waiting_bytes_ >= kWaitingBytes) flush_locked();
}

bool Cache::flush() {
  const std::lock_guard lock(mutex_);
  flush_locked();
  return !std::exchange(is_lost_, false);
}

void Cache::flush_locked() {
  const bool is_done = (waiting_.empty() && asked_.empty()) || database_.write([&] { return touch() && insert(); });
  is_lost_ = is_lost_ || (!is_done && !waiting_.empty());
  waiting_.clear();
  waiting_bytes_ = 0;
  asked_.clear();
  flushed_ = std::chrono::steady_clock::now();
}

bool Cache::touch() {
  Statement update(database_, "UPDATE entries SET used = ? WHERE digest = ? AND kind = ?");
  for (const auto& [digest, kind] : asked_) {
    if (!update.with(now_).with(digest).with(kind).run()) return false;
  }
  return update.is_good();
}

bool Cache::insert() {
  Statement insert(database_, "REPLACE INTO entries(used, digest, kind, size, seal, value) VALUES(?, ?, ?, ?, ?, ?)");
  for (const auto& [key, value] : waiting_) {
    const auto& [digest, kind] = key;
    const std::string seal = seal_of(digest, kind, value);
    insert.with(now_).with(digest).with(kind).with(static_cast<std::int64_t>(value.size()));
    if (!insert.with_bytes(seal).with_bytes(value).run()) return false;
  }
  return insert.is_good();
}

bool Cache::prune(std::uint64_t bytes, std::int64_t seconds) {
  const std::lock_guard lock(mutex_);
  flush_locked();
  return database_.write([&] {
    Statement old(database_, "DELETE FROM entries WHERE used < ?");
    if (!old.with(now_ - std::min(seconds, now_)).run()) return false;
    Statement many(database_,
                   "DELETE FROM entries WHERE rowid IN (SELECT rowid FROM (SELECT rowid, "
                   "total(size) OVER (ORDER BY used DESC, size, rowid) AS total FROM entries) WHERE total > ?)");
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return many.with(static_cast<std::int64_t>(std::min(bytes, kMost))).run();
  });
}

}  // namespace sluice::store
