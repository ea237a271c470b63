// One SQLite file beside the content: results that need not be computed again (cache.h) and what was released before
// (history.h). Whatever becomes of the file, the run goes on without it, and says so: it never ends the run and never
// gives an answer that was not put in.
//
// Several processes may have the file open at once. Each transaction is in it as a whole or not at all, however the
// process ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace sluice::store {

class Statement;

// Shared by all threads; not by a process and its fork.
class Database {
 public:
  // The version of the tables. A file of another version is not used and not changed.
  static constexpr int kVersion = 1;
  // No text or value is longer; one that says so is damaged.
  static constexpr int kLongest = 64 << 20;

  // Opens `path`, or creates the file where there is none (its folder must be there). Where that is not possible the
  // object is a database without a file: `is_usable` is false, nothing is found and nothing is kept, and `messages`
  // says why. A file that is damaged, or is no database of this version, is left as it is.
  explicit Database(const std::filesystem::path& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // False also from the first damage that is met later on.
  [[nodiscard]] bool is_usable() const;
  // It is read, and nothing is added: the file says so, or something could not be written.
  [[nodiscard]] bool is_read_only() const;

  // What a user should be told, since the last call: sentences with the file's name, each once for this object, with
  // all of it made printable.
  [[nodiscard]] std::vector<std::string> messages();

 private:
  friend class Cache;
  friend class History;
  friend class Statement;

  // Calls `work` in one transaction, one thread at a time. It is undone if `work` returns false or anything fails.
  // False: it was undone or never begun, and there is a message unless `work` has none. `work` uses statements and
  // `tell` only.
  [[nodiscard]] bool write(const std::function<bool()>& work);
  [[nodiscard]] bool read(const std::function<bool()>& work);
  void tell(std::string_view what);  // the message is the file's name and this

  bool open();
  bool prepare();
  bool begin();
  bool is_ours();
  bool transact(bool writes, const std::function<bool()>& work);
  bool run(const char* sql);
  std::optional<std::int64_t> ask(std::string_view sql);
  // What failed last becomes a message. Damage ends the use of the file. Always false, as what failed.
  bool fail();
  bool give_up(std::string_view what);

  std::filesystem::path path_;
  mutable std::mutex mutex_;
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
  bool is_usable_ = false;
  bool is_read_only_ = false;
  bool is_writing_ = false;
  std::vector<std::string> messages_;  // not yet asked for
  std::set<std::string> told_;
};

}  // namespace sluice::store
