// The scan may be deleted without changing a finding: the same content through a program with it and one without.
//
// Schemas of records are drawn together with contents that are mostly right, so that the scan gets far, and wrong in a
// few places, so that it has something to miss.
#include <fmt/core.h>

#include <catch2/catch.hpp>
#include <iostream>
#include <random>

#include "tests/agree/agree.h"
#include "validator/program/walk.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

namespace sluice::agree {
namespace {

using Content = std::vector<std::uint8_t>;

constexpr std::uint64_t kSeed = 20240719;
constexpr std::uint64_t kBound = 200;  // what the root's `bound` holds

struct Draw {
  std::mt19937_64 random{kSeed};
  std::uint64_t below(std::uint64_t n) { return random() % n; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
};

// A field of a record: its line of schema, and how to write one right value of it.
struct Field {
  enum class Kind : std::uint8_t { integer, blob, text, terminated, records, contents };
  Kind kind = Kind::integer;
  std::string line;
  unsigned width = 1;
  bool big = false;
  std::uint64_t low = 0, high = 255;        // of right values
  std::vector<std::uint64_t> allowed = {};  // or these
  bool is_size = false;                     // of the variable ones
  bool fixed = false;                       // blob, text: of `width` bytes
  std::size_t inner = 0;                    // records: of which type
};

struct Record {
  std::vector<Field> fields;
};

class Format {
 public:
  explicit Format(Draw& draw) : draw_(draw) {
    const std::size_t depth = 1 + draw.below(3);
    for (std::size_t t = 0; t < depth; ++t) records_.push_back(draw_record(t, t + 1 < depth));
    until_end_ = draw.chance(50);
  }

  [[nodiscard]] std::string schema() const {
    std::string out = "meta: { id: small, endian: le, encoding: ASCII }\nseq:\n  - { id: bound, type: u2 }\n";
    out += until_end_ ? "  - { id: all, type: r0, repeat: eos }\n"
                      : "  - { id: count, type: u2 }\n  - { id: all, type: r0, repeat: expr, repeat-expr: count }\n";
    out += "types:\n";
    for (std::size_t t = 0; t < records_.size(); ++t) {
      out += fmt::format("  r{}:\n    seq:\n", t);
      for (const Field& f : records_[t].fields) out += "      - { " + f.line + " }\n";
    }
    return out + "enums:\n  near: { 1: a, 2: b, 9: c }\n  far: { 1: a, 200: b, 70: c }\n";
  }

  // `slips` of a thousand integers are one past a bound.
  Content content(std::uint64_t count, std::uint64_t slips) {
    slips_ = slips;
    Content out;
    put(out, kBound, 2, false);
    if (!until_end_) put(out, count, 2, false);
    for (std::uint64_t k = 0; k < count; ++k) write(0, out);
    return out;
  }

 private:
  static void put(Content& out, std::uint64_t value, unsigned width, bool big) {
    for (unsigned k = 0; k < width; ++k)
      out.push_back(static_cast<std::uint8_t>(value >> (8 * (big ? width - 1 - k : k))));
  }

  Field draw_integer(const std::string& id) {
    Field f;
    f.width = 1u << draw_.below(4);
    f.big = draw_.chance(40);
    const bool is_signed = draw_.chance(25);
    std::string type = fmt::format("{}{}{}", is_signed ? 's' : 'u', f.width, f.width == 1 ? "" : f.big ? "be" : "le");
    f.line = fmt::format("id: {}, type: {}", id, type);
    f.high = 120;
    switch (draw_.below(9)) {
      case 0:
        f.line += ", valid: 7";
        f.low = f.high = 7;
        break;
      case 1:
        f.line += ", valid: { min: 3, max: 100 }";
        f.low = 3;
        f.high = 100;
        break;
      case 2:
        f.line += ", valid: { max: 99 }";
        f.high = 99;
        break;
      case 3:
        f.line += ", valid: { any-of: [3, 5, 11, 60] }";
        f.allowed = {3, 5, 11, 60};
        break;
      case 4:
        f.line += ", valid: { any-of: [3, 120, 70] }";
        f.allowed = {3, 70, 120};
        break;
      case 5: f.line += ", valid: { expr: _ < _root.bound }"; break;
      case 6:
        f.line += ", valid: { expr: '_ >= 4 and _root.bound >= _' }";
        f.low = 4;
        break;
      case 7:
        if (is_signed) break;
        f.line += f.width == 1 ? ", enum: far" : ", enum: near, valid: { in-enum: true }";
        f.allowed = f.width == 1 ? std::vector<std::uint64_t>{1, 70, 200} : std::vector<std::uint64_t>{1, 2, 9};
        break;
      default: break;
    }
    return f;
  }

  Record draw_record(std::size_t t, bool has_inner) {
    Record record;
    // The first says how many there are of what follows.
    record.fields.push_back({.line = "id: f0, type: u1, valid: { max: 3 }", .high = 3, .is_size = true});
    if (draw_.chance(25)) record.fields[0].line = "id: f0, type: u1";
    if (draw_.chance(25)) record.fields.insert(record.fields.begin(), draw_integer("first"));
    if (t > 0 && draw_.chance(30)) {  // the scan has a way of its own for this one
      record.fields.push_back({.kind = Field::Kind::blob, .line = "id: f1, size: f0"});
      return record;
    }
    const std::size_t more = draw_.below(5);
    for (std::size_t k = 1; k <= more; ++k) {
      const std::string id = fmt::format("f{}", k);
      switch (draw_.below(8)) {
        case 0: record.fields.push_back({.kind = Field::Kind::blob, .line = "id: " + id + ", size: f0"}); break;
        case 1:
          record.fields.push_back({.kind = Field::Kind::text, .line = "id: " + id + ", type: str, size: f0"});
          break;
        case 2: record.fields.push_back({.kind = Field::Kind::terminated, .line = "id: " + id + ", type: strz"}); break;
        case 3:
          record.fields.push_back(
              {.kind = Field::Kind::text, .line = "id: " + id + ", type: str, size: 3", .width = 3, .fixed = true});
          break;
        case 4:
          record.fields.push_back({.kind = Field::Kind::contents, .line = "id: " + id + ", contents: [83, 76]"});
          break;
        default: record.fields.push_back(draw_integer(id)); break;
      }
    }
    if (has_inner) {
      record.fields.push_back({.kind = Field::Kind::records,
                               .line = fmt::format("id: inner, type: r{}, repeat: expr, repeat-expr: f0", t + 1),
                               .inner = t + 1});
    }
    return record;
  }

  void write(std::size_t t, Content& out) {
    std::uint64_t first = 0;
    for (std::size_t k = 0; k < records_[t].fields.size(); ++k) {
      const Field& f = records_[t].fields[k];
      switch (f.kind) {
        case Field::Kind::integer: {
          std::uint64_t v =
              f.allowed.empty() ? f.low + draw_.below(f.high - f.low + 1) : f.allowed[draw_.below(f.allowed.size())];
          if (f.is_size) first = v;
          if (draw_.below(1000) < slips_) v = draw_.chance(50) || f.low == 0 ? f.high + 1 : f.low - 1;
          put(out, v, f.width, f.big);
          break;
        }
        case Field::Kind::blob:
        case Field::Kind::text:
          for (std::uint64_t n = f.fixed ? f.width : first; n > 0; --n)
            out.push_back(static_cast<std::uint8_t>(f.kind == Field::Kind::blob ? draw_.below(256) : draw_.below(128)));
          break;
        case Field::Kind::terminated:
          for (std::uint64_t n = draw_.below(4); n > 0; --n) out.push_back(static_cast<std::uint8_t>('a' + n));
          out.push_back(0);
          break;
        case Field::Kind::contents: out.insert(out.end(), {83, 76}); break;
        case Field::Kind::records:
          for (std::uint64_t n = first; n > 0; --n) write(f.inner, out);
          break;
      }
    }
  }

  Draw& draw_;
  std::vector<Record> records_;
  bool until_end_ = false;
  std::uint64_t slips_ = 0;
};

std::string findings_of(const program::Program& program, const Content& content) {
  Findings findings(40);
  program::Limits limits;
  limits.findings = 40;
  program::check(program, content, limits, "", findings);
  std::string out;
  for (const Finding& f : findings.list()) {
    out += fmt::format("{} {} {} {}\n", kind_of(f.id).name, f.path, f.bytes ? f.bytes->begin : 0, because(f));
  }
  return out;
}

TEST_CASE("the scan changes no finding") {
  Draw draw;
  std::uint64_t walks = 0, accepted = 0, scans = 0, wrong = 0;
  for (int k = 0; k < 400 && wrong < 3; ++k) {
    Format format(draw);
    const std::string text = format.schema();
    std::vector<schema::Problem> problems;
    const auto schema = schema::load_schema_text("small.ksy", text, problems);
    INFO(text);
    REQUIRE(schema.has_value());
    const program::Program with = schema::compile(*schema);
    const program::Program without = schema::compile(*schema, {.use_scan = false});
    REQUIRE(without.lean.plans.empty());
    scans += with.lean.plans.empty() ? 0 : 1;
    for (int n = 0; n < 40; ++n) {
      // Now and then enough records for lanes and their tiles.
      Content content = format.content(n % 20 == 19 ? 3000 : draw.below(30), n % 4 == 3 ? draw.below(10) : 0);
      if (n % 4 == 1 && !content.empty()) content.resize(draw.below(content.size()));
      if (n % 4 >= 2) {
        for (std::uint64_t m = draw.below(4); m > 0; --m)
          content[draw.below(content.size())] = static_cast<std::uint8_t>(draw.below(256));
      }
      const std::string expected = findings_of(without, content);
      const std::string found = findings_of(with, content);
      ++walks;
      accepted += expected.empty() ? 1 : 0;
      wrong += expected == found ? 0 : 1;
      CHECK(found == expected);
    }
  }
  std::cout << fmt::format("seed {}: 400 schemas, {} with a scan; {} walks, {} accepted\n", kSeed, scans, walks,
                           accepted);
  CHECK(scans > 300);
  CHECK(accepted > walks / 5);
}

}  // namespace
}  // namespace sluice::agree
