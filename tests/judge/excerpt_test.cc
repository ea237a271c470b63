// The bytes around findings, and whose they are.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "validator/judge/excerpt.h"
#include "validator/program/walk.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

namespace sluice::judge {
namespace {

const std::string kRecords = R"(meta: { id: records, endian: le }
seq:
  - { id: num, type: u2 }
  - { id: records, type: record, repeat: expr, repeat-expr: num }
types:
  record:
    seq:
      - { id: level, type: u1, valid: { max: 9 } }
      - { id: kind, type: u1 }
      - { id: data, size: 2 }
)";

struct Judged {
  std::vector<Finding> findings;
  std::vector<report::Excerpt> excerpts;
};

Judged judged(const std::string& text, const std::vector<std::uint8_t>& content) {
  std::vector<schema::Problem> problems;
  const auto schema = schema::load_schema_text("t.ksy", text, problems);
  REQUIRE(schema);
  const program::Program program = schema::compile(*schema);
  const program::Program tree = schema::compile(*schema, {.keep_everything = true});
  Findings findings;
  (void)program::check(program, content, {}, "t.bin", findings);
  return {findings.list(), excerpts_of(&tree, {}, content, findings.list())};
}

// `0x10..0x12 a.b = 3`, a line each.
std::string fields(const report::Excerpt& excerpt) {
  std::string out;
  for (const report::FieldSpan& field : excerpt.fields) {
    out += fmt::format("{:#x}..{:#x} {} = {}\n", field.bytes.begin, field.bytes.end, field.path, field.value);
  }
  return out;
}

// A count, and so many records with these levels.
std::vector<std::uint8_t> records(const std::vector<std::uint8_t>& levels) {
  std::vector<std::uint8_t> content = {static_cast<std::uint8_t>(levels.size()),
                                       static_cast<std::uint8_t>(levels.size() >> 8)};
  for (const std::uint8_t level : levels) content.insert(content.end(), {level, 7, 0xaa, 0xbb});
  return content;
}

void check_shape(const std::vector<report::Excerpt>& excerpts, const std::vector<std::uint8_t>& content) {
  std::uint64_t after = 0;
  for (const report::Excerpt& excerpt : excerpts) {
    CHECK(excerpt.begin >= after);
    after = excerpt.begin + excerpt.bytes.size();
    REQUIRE(after <= content.size());
    CHECK(std::equal(excerpt.bytes.begin(), excerpt.bytes.end(),
                     content.begin() + static_cast<std::ptrdiff_t>(excerpt.begin)));
    std::uint64_t at = excerpt.begin;
    for (const report::FieldSpan& field : excerpt.fields) {
      CHECK(field.bytes.begin >= at);
      CHECK(field.bytes.begin < field.bytes.end);
      at = field.bytes.end;
    }
    CHECK(at <= after);
  }
}

TEST_CASE("each byte belongs to the innermost field, before a finding and after it") {
  const std::vector<std::uint8_t> content = records({1, 12, 3, 14});
  const Judged result = judged(kRecords, content);
  REQUIRE(result.findings.size() == 2);
  REQUIRE(result.excerpts.size() == 1);
  check_shape(result.excerpts, content);
  CHECK(result.excerpts[0].bytes == content);
  CHECK(fields(result.excerpts[0]) ==
        "0x0..0x2 num = 4\n"
        "0x2..0x3 records[0].level = 1\n"
        "0x3..0x4 records[0].kind = 7\n"
        "0x4..0x6 records[0].data = [aa bb]\n"
        "0x6..0x7 records[1].level = 12\n"
        "0x7..0x8 records[1].kind = 7\n"
        "0x8..0xa records[1].data = [aa bb]\n"
        "0xa..0xb records[2].level = 3\n"
        "0xb..0xc records[2].kind = 7\n"
        "0xc..0xe records[2].data = [aa bb]\n"
        "0xe..0xf records[3].level = 14\n"
        "0xf..0x10 records[3].kind = 7\n"
        "0x10..0x12 records[3].data = [aa bb]\n");
}

TEST_CASE("what could not be read is called what the finding calls it") {
  std::vector<std::uint8_t> content = records({1, 2});
  content.pop_back();
  const Judged result = judged(kRecords, content);
  REQUIRE(result.excerpts.size() == 1);
  CHECK(fields(result.excerpts[0]) ==
        "0x0..0x2 num = 2\n"
        "0x2..0x3 records[0].level = 1\n"
        "0x3..0x4 records[0].kind = 7\n"
        "0x4..0x6 records[0].data = [aa bb]\n"
        "0x6..0x7 records[1].level = 2\n"
        "0x7..0x8 records[1].kind = 7\n"
        "0x8..0x9 records[1].data = \n");
}

TEST_CASE("excerpts are some rows around each finding, merged where they meet") {
  std::vector<std::uint8_t> levels(1000, 1);
  levels[100] = levels[110] = levels[500] = 99;
  const std::vector<std::uint8_t> content = records(levels);
  const Judged result = judged(kRecords, content);
  check_shape(result.excerpts, content);
  REQUIRE(result.excerpts.size() == 2);
  // At 402 and 442: rows 400 and 432, and four before and behind.
  CHECK(result.excerpts[0].begin == 400 - 64);
  CHECK(result.excerpts[0].bytes.size() == 448 + 64 - (400 - 64));
  CHECK(result.excerpts[1].begin == 2000 - 64);
  CHECK(result.excerpts[1].bytes.size() == 64 + 16 + 64);
  for (const report::Excerpt& excerpt : result.excerpts) CHECK(excerpt.fields.size() > 100);
}

TEST_CASE("many findings and long ranges give no more than there is room for") {
  std::vector<std::uint8_t> content(1u << 20, 5);
  std::vector<Finding> findings;
  for (std::uint64_t k = 0; k < 1000; ++k) {
    Finding finding = Finding::of(FindingId::too_large);
    finding.path = "a";
    finding.bytes = ByteRange{k * 1000, k * 1000 + 2};
    findings.push_back(finding);
  }
  Finding whole = findings.front();
  whole.bytes = ByteRange{0, UINT64_MAX};
  findings.insert(findings.begin(), whole);
  Finding beyond = findings.front();
  beyond.bytes = ByteRange{UINT64_MAX - 1, UINT64_MAX};
  findings.push_back(beyond);
  beyond.bytes = ByteRange{7, 3};
  findings.push_back(beyond);
  const auto excerpts = excerpts_of(nullptr, {}, content, findings);
  check_shape(excerpts, content);
  std::size_t size = 0;
  std::size_t spans = 0;
  for (const report::Excerpt& excerpt : excerpts) {
    size += excerpt.bytes.size();
    spans += excerpt.fields.size();
  }
  CHECK(size <= 64u << 10);
  CHECK(size > 60'000);
  CHECK(spans <= 2000);
  CHECK(excerpts.back().begin + excerpts.back().bytes.size() == content.size());  // of a long range, the end
}

TEST_CASE("decoded data has no bytes in the file, and a place between two bytes has some around it") {
  const std::vector<std::uint8_t> content(100, 5);
  Finding finding = Finding::of(FindingId::end_of_stream);
  finding.bytes = ByteRange{100, 100};
  CHECK(excerpts_of(nullptr, {}, content, {finding}).size() == 1);
  finding.derived = "offsets count in the output of zlib at 0x0040";
  CHECK(excerpts_of(nullptr, {}, content, {finding}).empty());
  finding.derived.clear();
  CHECK(excerpts_of(nullptr, {}, {}, {finding}).empty());
}

}  // namespace
}  // namespace sluice::judge
