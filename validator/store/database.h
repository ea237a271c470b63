// One SQLite file: what the gate keeps beside the content (cache.h, history.h), or what a farm knows of its nights.
// Whatever becomes of the file, whoever uses it goes on without it or ends, and says so: damage never gives an answer
// that was not put in.
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
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace sluice::store {

class Statement;

// What a file of one kind says of itself, and the tables in it, as sqlite_schema has them.
struct Form {
  std::int64_t application = 0;  // in the file's header
  int version = 1;               // of the tables. A file of another version is not used and not changed
  std::span<const char* const> tables;
  std::string_view without_it;  // what follows where the file cannot be used: `it is left as it is, and ..`
};

// Results and history of the gate.
[[nodiscard]] const Form& gate_form();

// Shared by all threads; not by a process and its fork.
class Database {
 public:
  // No text or value is longer; one that says so is damaged.
  static constexpr int kLongest = 64 << 20;

  // Opens `path`, or creates the file where there is none (its folder must be there). Where that is not possible the
  // object is a database without a file: `is_usable` is false, nothing is found and nothing is kept, and `messages`
  // says why. A file that is damaged, or is no database of this form and version, is left as it is. `form` is aliased.
  explicit Database(const std::filesystem::path& path, const Form& form = gate_form());
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

  // Calls `work` in one transaction, one thread at a time. It is undone if `work` returns false or anything fails.
  // False: it was undone or never begun, and there is a message unless `work` has none. `work` uses statements and
  // `tell` only.
  [[nodiscard]] bool write(const std::function<bool()>& work);
  [[nodiscard]] bool read(const std::function<bool()>& work);
  void tell(std::string_view what);  // the message is the file's name and this

 private:
  friend class Statement;

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
  const Form& form_;
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
