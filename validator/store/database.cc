#include "validator/store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "validator/finding/finding.h"
#include "validator/store/statement.h"

namespace sluice::store {

namespace {

constexpr int kPatience = 10'000;  // milliseconds, for the lock of another process
constexpr off_t kSmallestPage = 512;
constexpr std::string_view kCountTables = "SELECT count(*) FROM sqlite_schema";

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Database::Database(const std::filesystem::path& path, const Form& form) : path_(path), form_(form) {
  is_usable_ = open();
}
Database::~Database() = default;

bool Database::is_usable() const {
  const std::lock_guard lock(mutex_);
  return is_usable_;
}

bool Database::is_read_only() const {
  const std::lock_guard lock(mutex_);
  return is_read_only_;
}

std::vector<std::string> Database::messages() {
  const std::lock_guard lock(mutex_);
  return std::exchange(messages_, {});
}

void Database::tell(std::string_view what) {
  constexpr std::size_t kTold = 100;
  std::string message = fmt::format("{} {}", printable(path_.string(), 1000, Quotes::keep), what);
  if (told_.size() >= kTold || !told_.insert(message).second) return;
  messages_.push_back(std::move(message));
}

bool Database::give_up(std::string_view what) {
  is_usable_ = false;
  tell(fmt::format("{}: {}", what, form_.without_it));
  return false;
}

bool Database::fail() {
  if (handle_ == nullptr) return give_up("cannot be opened (no memory)");
  const int code = sqlite3_errcode(handle_.get()) & 0xFF;
  const int error = sqlite3_system_errno(handle_.get());
  const bool is_of_system = (code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && error != 0;
  const std::string reason = is_of_system ? reason_of(error) : sqlite3_errmsg(handle_.get());
  switch (code) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return give_up(fmt::format("is damaged ({})", reason));
    case SQLITE_BUSY:
      tell(fmt::format("was locked by another process for {} seconds: {}", kPatience / 1000,
                       is_writing_ ? "some results are not kept" : "it was not asked"));
      return false;
    case SQLITE_READONLY:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      if (!is_writing_) break;
      is_read_only_ = true;
      tell(fmt::format("cannot be written to ({}): nothing is added", reason));
      return false;
    default: break;
  }
  return give_up(fmt::format("cannot be used ({})", reason));
}

bool Database::run(const char* sql) {
  return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK || fail();
}

std::optional<std::int64_t> Database::ask(std::string_view sql) {
  Statement statement(*this, sql);
  return statement.next() ? std::optional(statement.number(0)) : std::nullopt;
}

bool Database::open() {
  struct stat status{};
  bool is_empty = false;
  if (stat(path_.c_str(), &status) != 0) {
    if (errno != ENOENT) return give_up(fmt::format("cannot be opened ({})", reason_of(errno)));
  } else {
    if (!S_ISREG(status.st_mode)) return give_up("is no regular file");
    is_empty = status.st_size == 0;
    // SQLite would begin in a file of one byte.
    if (!is_empty && status.st_size < kSmallestPage) return give_up("is damaged (file is not a database)");
  }
  // Absolute, because SQLite has names that are no files, such as `:memory:`.
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path_, error);
  if (error) return give_up(fmt::format("cannot be opened ({})", error.message()));
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(absolute.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) return fail();
  is_usable_ = true;
  if (!prepare()) return false;
  if (is_empty) tell("was empty: it is begun anew");
  is_read_only_ = sqlite3_db_readonly(handle, "main") == 1;
  if (is_read_only_) tell("is read only: nothing is added");
  return true;
}

bool Database::prepare() {
  sqlite3* handle = handle_.get();
  sqlite3_busy_timeout(handle, kPatience);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kLongest);
  // What the file says of itself is not to be trusted; and a file that is mapped and then truncated kills who reads it.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (!run("PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; PRAGMA journal_mode = DELETE")) return false;
  const auto tables = ask(kCountTables);
  return tables && (*tables > 0 || begin()) && transact(false, [this] { return is_ours(); });
}

// Two processes may find it new at the same time.
bool Database::begin() {
  return transact(true, [this] {
    const auto tables = ask(kCountTables);
    if (!tables || *tables > 0) return tables.has_value();
    for (const char* table : form_.tables) {
      if (!run(table)) return false;
    }
    return run(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", form_.application, form_.version).c_str());
  });
}

bool Database::is_ours() {
  const auto application = ask("PRAGMA application_id");
  const auto version = ask("PRAGMA user_version");
  if (!application || !version) return false;
  if (*application != form_.application) return give_up("is a database of another program");
  if (*version != form_.version) {
    return give_up(fmt::format("is of version {}, and this sluice knows version {}", *version, form_.version));
  }
  // SQLite reads the rest of a page that is cut off as zeros.
  const auto page = ask("PRAGMA page_size");
  struct stat status{};
  if (!page || stat(path_.c_str(), &status) != 0 || status.st_size % *page != 0) {
    return is_usable_ && give_up("is damaged (it ends inside a page)");
  }
  std::vector<std::string> tables;
  Statement list(*this, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~'");
  while (list.next()) tables.push_back(list.text(0));
  if (!list.is_good()) return false;
  if (!std::ranges::is_permutation(tables, form_.tables)) return give_up("is damaged (its tables are others)");
  Statement check(*this, "PRAGMA quick_check(1)");
  const std::string found = check.next() ? check.text(0) : std::string();
  if (!check.is_good()) return false;
  return found == "ok" || give_up(fmt::format("is damaged ({})", printable(found, 200, Quotes::keep)));
}

bool Database::transact(bool writes, const std::function<bool()>& work) {
  if (!is_usable_ || (writes && is_read_only_)) return false;
  is_writing_ = writes;
  bool is_done = run(writes ? "BEGIN IMMEDIATE" : "BEGIN") && work() && is_usable_ && run("COMMIT");
  if (sqlite3_get_autocommit(handle_.get()) == 0) {
    is_done = false;
    sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  is_writing_ = false;
  return is_done;
}

bool Database::write(const std::function<bool()>& work) {
  const std::lock_guard lock(mutex_);
  return transact(true, work);
}

bool Database::read(const std::function<bool()>& work) {
  const std::lock_guard lock(mutex_);
  return transact(false, work);
}

}  // namespace sluice::store
