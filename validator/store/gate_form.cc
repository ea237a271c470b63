#include <array>

#include "validator/store/database.h"

namespace sluice::store {

namespace {

constexpr std::int64_t kApplication = 0x736C7563;  // `sluc`

// `seal` is the sha256 of all the rest of the row, packed: what a flipped bit says is not believed.
constexpr std::array kTables = {
    "CREATE TABLE entries(digest TEXT NOT NULL, kind TEXT NOT NULL, used INTEGER NOT NULL, size INTEGER NOT NULL, "
    "seal BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(digest, kind)) STRICT",
    "CREATE INDEX entries_by_use ON entries(used, size)",
    "CREATE TABLE releases(number INTEGER PRIMARY KEY, schema TEXT NOT NULL, content TEXT NOT NULL, "
    "sha256 TEXT NOT NULL, name TEXT NOT NULL, time INTEGER NOT NULL, builds BLOB NOT NULL, seal BLOB NOT NULL, "
    "UNIQUE(schema, name, content, sha256, builds)) STRICT",
    "CREATE TABLE uses(schema TEXT NOT NULL, feature TEXT NOT NULL, content TEXT NOT NULL, sha256 TEXT NOT NULL, "
    "name TEXT NOT NULL, time INTEGER NOT NULL, seal BLOB NOT NULL, PRIMARY KEY(schema, feature)) STRICT, "
    "WITHOUT ROWID",
};

}  // namespace

const Form& gate_form() {
  static constexpr Form kForm = {.application = kApplication,
                                 .version = 1,
                                 .tables = kTables,
                                 .without_it = "it is left as it is, and the run goes on without it"};
  return kForm;
}

}  // namespace sluice::store
