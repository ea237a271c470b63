// The file by SQLite alone, past all that a Database checks.
#pragma once

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

namespace sluice::store {

// The last column of the last row, if there is one.
inline std::string execute(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  std::string found;
  const auto keep = [](void* into, int count, char** values, char**) {
    *static_cast<std::string*>(into) = values[count - 1] == nullptr ? "" : values[count - 1];
    return 0;
  };
  REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
  const int code = sqlite3_exec(handle, sql.c_str(), keep, &found, nullptr);
  const std::string error = sqlite3_errmsg(handle);
  sqlite3_close(handle);
  INFO(sql << ": " << error);
  REQUIRE(code == SQLITE_OK);
  return found;
}

}  // namespace sluice::store
