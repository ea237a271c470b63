// Events that somebody wrote (events.txt), and how they go to the worker.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "tests/approved.h"
#include "validator/run/events_file.h"
#include "validator/run/variants.h"

namespace sluice::run {
namespace {

std::string told(std::string_view text) {
  std::vector<Finding> problems;
  const auto file = load_events_text("e", std::string(text), problems);
  CHECK(file.has_value() == problems.empty());
  std::string out;
  for (const Finding& f : problems) {
    out += fmt::format("{} {}:{} {}\n  {}\n{}\n", code_of(f.id), f.text->line, f.text->column, f.path, because(f),
                       f.excerpt);
  }
  for (std::size_t i = 0; file && i < file->events.size(); ++i) {
    const Event& event = file->events[i].event;
    out += fmt::format("type {}", event.type);
    for (const std::uint32_t input : event.inputs) {
      const InputValue value = input == kAbsent ? InputValue{} : file->values[input];
      out += fmt::format("  {}:{}", static_cast<int>(value.kind), shown(value));
    }
    out += '\n';
  }
  return out;
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out += fmt::format("{}{:02x}", i == 0 ? "" : i % 8 == 0 ? "\n" : " ", static_cast<unsigned char>(bytes[i]));
  }
  return out;
}

TEST_CASE("what a file of events may say, and what not") { test::check_cases("run/events.txt", told); }

TEST_CASE("a file of events that is not there says so") {
  std::vector<Finding> problems;
  CHECK(!load_events("no/such/events.yaml", problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].id == FindingId::bad_yaml);
}

TEST_CASE("events share the values that they have in common") {
  Values values;
  const auto text = values.add(utf16_value("hi"));
  const auto unused = values.add(number_value(InputKind::u64, 7));
  const auto number = values.add(number_value(InputKind::u32, 5));
  CHECK(values.add(utf16_value("hi")) == text);
  CHECK(unused == 1);
  const Event events[] = {{3, {text, kAbsent}}, {2, {number, text}}};
  CHECK(hex(encode(events, values)) ==
        "53 4c 45 56 01 00 00 00\n"  // SLEV, 1
        "02 00 00 00 02 00 00 00\n"  // two values, two events
        "02 00 00 00 04 00 00 00\n"  // UTF-16, 4 bytes
        "68 00 69 00 00 00 00 00\n"  // "hi"
        "03 00 00 00 04 00 00 00\n"  // u32, 4 bytes
        "05 00 00 00 00 00 00 00\n"  // 5
        "03 00 00 00 02 00 00 00\n"  // type 3, two inputs
        "00 00 00 00 ff ff ff ff\n"  // "hi", absent
        "02 00 00 00 02 00 00 00\n"  // type 2, two inputs
        "01 00 00 00 00 00 00 00");  // 5, "hi"
}

TEST_CASE("text outside of the first plane is a pair in UTF-16, and what is none is replaced") {
  CHECK(hex(utf16_value("\xF0\x9F\x98\x80").bytes) == "3d d8 00 de");
  CHECK(hex(utf16_value("a\xFFz").bytes) == "61 00 fd ff 7a 00");
  CHECK(shown(utf16_value("\xF0\x9F\x98\x80 \xC3\xA4")) == "\"\xF0\x9F\x98\x80 \xC3\xA4\"");
  CHECK(shown({InputKind::utf16, std::string("\x00\xD8", 2)}) == "\"\xEF\xBF\xBD\"");
}

std::string guises(const InputValue& value) {
  std::string out;
  for (const InputValue& other : near(value)) out += shown(other) + " ";
  const InputValue most = longest(value);
  return out + (most.bytes.size() <= 8 ? shown(most) : fmt::format("{} bytes", most.bytes.size()));
}

TEST_CASE("nearly the same, and as long as can be") {
  CHECK(guises(utf16_value("pipe")) == "\"pipd\" \"pip\" 8192 bytes");
  CHECK(guises({InputKind::bytes, "MZ"}) == "\"M[\" \"M\" 4096 bytes");
  CHECK(guises({InputKind::bytes, ""}) == "4096 bytes");
  CHECK(guises(number_value(InputKind::u32, 0)) == "1 4294967295 4294967295");
  CHECK(guises(number_value(InputKind::u64, 9)) == "10 8 18446744073709551615");
}

}  // namespace
}  // namespace sluice::run
