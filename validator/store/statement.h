// One SQL statement of a Database, within a transaction.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "validator/store/database.h"

struct sqlite3_stmt;

namespace sluice::store {

// Whatever fails is kept as the database's message; from then on there are no rows and `is_good` is false.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);

  // The next `?`. Texts are aliased until the next `rewind`.
  Statement& with(std::string_view text);
  Statement& with_bytes(std::string_view bytes);
  Statement& with(std::int64_t number);

  // Whether there is a row. At the end, or if it failed, there is none.
  [[nodiscard]] bool next();
  // Is good for another time.
  bool rewind();
  // All of it, and `rewind`.
  bool run();

  [[nodiscard]] bool is_good() const { return is_good_; }

  // Of the row; what is no text reads as one.
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;

 private:
  bool check(int code);

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
  bool is_good_ = true;
};

}  // namespace sluice::store
