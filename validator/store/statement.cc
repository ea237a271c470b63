#include "validator/store/statement.h"

#include <sqlite3.h>

namespace sluice::store {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database.handle_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr));
  statement_.reset(statement);
}

bool Statement::check(int code) {
  if (code != SQLITE_OK && is_good_) is_good_ = database_.fail();
  return is_good_;
}

Statement& Statement::with(std::string_view text) {
  if (!is_good_) return *this;
  // An empty view may be null, and that would be NULL.
  const char* data = text.empty() ? "" : text.data();
  check(sqlite3_bind_text64(statement_.get(), ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::with_bytes(std::string_view bytes) {
  if (!is_good_) return *this;
  const char* data = bytes.empty() ? "" : bytes.data();
  check(sqlite3_bind_blob64(statement_.get(), ++bound_, data, bytes.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::with(std::int64_t number) {
  if (is_good_) check(sqlite3_bind_int64(statement_.get(), ++bound_, number));
  return *this;
}

bool Statement::next() {
  if (!is_good_) return false;
  const int code = sqlite3_step(statement_.get());
  return code == SQLITE_ROW || (code != SQLITE_DONE && check(code));
}

bool Statement::run() {
  while (next()) continue;
  return rewind();
}

bool Statement::rewind() {
  bound_ = 0;
  return is_good_ && check(sqlite3_reset(statement_.get()));
}

std::string Statement::text(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

}  // namespace sluice::store
