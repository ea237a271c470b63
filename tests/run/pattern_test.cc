// A text for each pattern, to be read side by side.
#include <catch2/catch.hpp>

#include "validator/run/pattern.h"

namespace sluice::run {
namespace {

TEST_CASE("a pattern gives a text that it matches") {
  struct Row {
    const char* pattern;
    const char* sample;  // null: none
  };
  const Row rows[] = {
      {"-enc[a-z]* ", "-enca "},
      {"^C:\\\\Temp\\\\.+\\.exe$", "C:\\Temp\\a.exe"},
      {"[0-9]+", "0"},
      {"[^a-y]x", "zx"},
      {"[]a]", "]"},
      {"[a-]?", "a"},
      {"[\\]]*", "]"},
      {"\\d\\w\\s", "0a "},
      {"ab|cd", "ab"},
      {"a{3}", "aaa"},
      {"a{2,5}b", "aab"},
      {"a{0}b", "b"},
      {"cost$5.", "cost$5a"},
      // Nothing of a pattern, or more than a guess can do.
      {"", nullptr},
      {"plain text", nullptr},
      {"(a|b)c", nullptr},
      {"[abc", nullptr},
      {"a{3", nullptr},
      {"a\\", nullptr},
      {"a{9999}{9999}", nullptr},
      {"^$", nullptr},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    const auto sample = sample_of(row.pattern);
    CHECK(sample.has_value() == (row.sample != nullptr));
    if (sample && row.sample != nullptr) CHECK(*sample == row.sample);
  }
}

TEST_CASE("a pattern cannot ask for much") {
  CHECK(!sample_of("a{4000}b{4000}"));
  CHECK(!sample_of(std::string(5000, '.')));
  CHECK(sample_of("a{99999999999999999999}").value_or("").size() <= 4096);
}

}  // namespace
}  // namespace sluice::run
