// The twin itself, in pictures: fields of the vocabulary, a content, what it must find.
#include <fmt/core.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/agree/agree.h"
#include "tests/agree/twin.h"
#include "tests/agree/vocabulary.h"

namespace sluice::agree {
namespace {

struct Case {
  const char* fields;
  const char* content;
  const char* findings;
};

constexpr Case kCases[] = {
    {"u1", "00", ""},
    {"u1", "", "end_of_stream f 0..0"},
    {"u1", "00 01 02", "trailing_bytes  1..3"},
    {"u1 u2be", "00 01", "end_of_stream g 1..2"},
    {"b3 b7", "ff 00", ""},
    {"b3 u1", "ff 00", ""},
    {"b3le b7le", "ff 03", ""},
    {"contents u1", "00", "not_equal f 0..1"},  // the wrong magic ends it: no cascade
    {"u1 bytes-before", "02 00", "end_of_stream g 1..2"},
    {"s1 bytes-before", "ff 00", "bad_size g 1..1"},
    {"u1 bytes-divided", "00", "division_by_zero g 1..1"},
    {"strz", "41", "terminator_missing f 0..1"},
    {"strz", "80 00", "bad_string f 0..2"},
    {"valid-eq valid-eq", "00 00", "not_equal f 0..1, not_equal g 1..2"},  // values are judged on and on
    {"valid-eq u1", "00", "not_equal f 0..1"},                             // but a later end of stream is a cascade
    {"enum", "7f", "unknown_enum f 0..1"},
    {"u1 switch", "7f 00", "unmatched_switch g 1..1"},
    {"u1 switch-sized", "7f 00 00", "unmatched_switch g 1..1"},
    {"repeat-eos-empty", "00", "no_progress f[0] 0..0"},
    {"repeat-2", "00 ff", "too_large f[1] 1..2"},
    {"pair-2 u1", "00 ff 00", "too_large f.b 1..2"},
    {"pair-3 u1", "00 00 00 00", "trailing_bytes f 2..3"},
    {"pair-before", "01 00", nullptr},  // nothing before it
    {"u1 pair-before", "01 00", "end_of_stream g.b 2..2"},
    {"u1 pair-before", "05 00", "end_of_stream g 1..2"},
    {"magic u1", "00 00 00", "not_equal f._unnamed0 0..1"},
    {"if-used", "", nullptr},
    {"u1 if-used", "01", "null_access gv -"},
    {"self-check", "00", "division_by_zero f.v -"},
    {"pos-self", "01", "end_of_stream fp 1..1"},
    {"pos-self", "02", "bad_position fp -"},
    {"pos-self", "01 00", ""},
    {"pos-cycle", "01", "instance_cycle fq -"},
    {"value-late", "01 00", "division_by_zero f.v -"},  // waits for fz: the walk is redone
    {"value-never", "00 00", "null_access f 0..0"},
    {"parent", "ff 00", "bad_size f.b 1..1"},
    {"asserted", "06", "assertion_false f 0..1"},
    {"checksum", "01 00", "checksum_mismatch f 1..2"},
};

std::vector<std::uint8_t> from_hex(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::uint8_t> out;
  for (unsigned byte = 0; in >> std::hex >> byte;) out.push_back(static_cast<std::uint8_t>(byte));
  return out;
}

std::vector<const Fragment*> fields_of(const std::string& names) {
  std::istringstream in(names);
  std::vector<const Fragment*> out;
  for (std::string name; in >> name;) {
    auto found = std::ranges::find(vocabulary(), std::string_view(name), &Fragment::name);
    REQUIRE(found != vocabulary().end());
    out.push_back(&*found);
  }
  return out;
}

std::string print(const std::vector<TwinFinding>& findings) {
  std::string out;
  for (const TwinFinding& f : findings) {
    std::string range = f.bytes ? fmt::format("{}..{}", f.bytes->begin, f.bytes->end) : "-";
    out += fmt::format("{}{} {} {}", out.empty() ? "" : ", ", kind_of(f.id).name, f.path, range);
  }
  return out;
}

TEST_CASE("the twin finds what docs/semantics.md says") {
  for (const Case& c : kCases) {
    CAPTURE(c.fields, c.content);
    auto text = schema_text(fields_of(c.fields));
    REQUIRE(text.has_value() == (c.findings != nullptr));
    if (!text) continue;
    auto pair = load_pair(*text);
    REQUIRE(pair);
    auto content = from_hex(c.content);
    CHECK(print(twin_check(pair->schema, content, {}).findings) == c.findings);
  }
}

}  // namespace
}  // namespace sluice::agree
