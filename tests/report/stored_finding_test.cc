// Findings as bytes: what was packed comes back, and whatever else is read is refused or is some finding.
#include "validator/report/stored_finding.h"

#include <catch2/catch.hpp>
#include <random>
#include <tuple>

namespace sluice::report {
namespace {

constexpr std::uint64_t kSeed = 20260716;

bool is_same(const Finding& a, const Finding& b) {
  const auto all = [](const Finding& f) {
    return std::tie(f.id, f.severity, f.file, f.path, f.bytes, f.text, f.excerpt, f.derived, f.parameters, f.trail,
                    f.event, f.instruction, f.stack, f.suggest, f.rule, f.build, f.ends_reading);
  };
  return all(a) == all(b);
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  bool coin() { return below(2) == 0; }

  std::string text() {
    std::string text(coin() ? 0 : below(40), '\0');
    for (char& c : text) c = static_cast<char>(random_());
    return text;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> texts(below(4));
    for (std::string& one : texts) one = text();
    return texts;
  }

  Finding finding() {
    const auto& kinds = all_finding_kinds();
    Finding f = Finding::of(kinds[below(kinds.size())].id);
    f.severity = static_cast<Severity>(below(3));
    f.file = text();
    f.path = text();
    if (coin()) f.bytes = ByteRange{random_(), random_()};
    if (coin()) f.text = TextPlace{static_cast<std::uint32_t>(random_()), static_cast<std::uint32_t>(random_())};
    f.excerpt = text();
    f.derived = text();
    for (std::uint64_t k = below(4); k > 0; --k) f.with(text(), text());
    f.trail = texts();
    f.event = text();
    f.instruction = text();
    f.stack = texts();
    f.suggest = text();
    f.rule = text();
    f.build = text();
    f.ends_reading = coin();
    return f;
  }
  std::vector<Finding> findings() {
    std::vector<Finding> findings;
    for (std::uint64_t k = below(6); k > 0; --k) findings.push_back(finding());
    return findings;
  }

 private:
  std::mt19937_64 random_;
};

std::string packed(const std::vector<Finding>& findings) {
  bytes::Packer out;
  pack(out, findings);
  return out.packed();
}

std::optional<std::vector<Finding>> unpacked(std::string_view packed) {
  bytes::Unpacker in(packed);
  auto findings = unpack_findings(in);
  return in.is_whole() ? std::optional(std::move(findings)) : std::nullopt;
}

TEST_CASE("random findings come back, every field of them") {
  Random random(kSeed);
  for (int round = 0; round < 2000; ++round) {
    CAPTURE(kSeed, round);
    const auto findings = random.findings();
    const auto back = unpacked(packed(findings));
    REQUIRE(back.has_value());
    REQUIRE(std::ranges::equal(*back, findings, is_same));
  }
}

TEST_CASE("what is cut off is refused, and so is what is too long") {
  Random random(kSeed);
  for (int round = 0; round < 50; ++round) {
    CAPTURE(kSeed, round);
    const std::string whole = packed(random.findings());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      if (unpacked(std::string_view(whole).substr(0, size))) FAIL_CHECK("cut off at " << size);
    }
    CHECK(!unpacked(whole + '\0'));
  }
}

TEST_CASE("flipped bits are refused or are other findings, which can be packed again") {
  Random random(kSeed);
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = packed({random.finding(), random.finding()});
    for (std::uint64_t flips = 1 + random.below(3); flips > 0; --flips) {
      damaged[random.below(damaged.size())] ^= static_cast<char>(1 << random.below(8));
    }
    const auto read = unpacked(damaged);
    refused += read ? 0 : 1;
    CAPTURE(kSeed, round);
    if (read && packed(*read) != damaged) FAIL_CHECK("it was read as something else");
  }
  CHECK(refused > 1000);
  CHECK(refused < 20'000);
}

TEST_CASE("any bytes at all") {
  Random random(kSeed);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = random.text();
    // Small numbers, so that counts and lengths are believed for a while.
    for (char& c : bytes) c = random.below(4) == 0 ? c : '\0';
    const auto read = unpacked(bytes);
    CAPTURE(kSeed, round);
    if (read && packed(*read) != bytes) FAIL_CHECK("it was read as something else");
  }
}

TEST_CASE("codes, severities and verdicts that nobody knows are refused") {
  const std::string whole = packed({Finding::of(FindingId::end_of_stream)});
  REQUIRE(unpacked(whole));
  const auto with_number = [&](std::size_t at, std::uint64_t number) {
    const std::string raw = bytes::Packer().number(number).packed();
    return std::string(whole).replace(at, raw.size(), raw);
  };
  CHECK(unpacked(with_number(8, 103)));
  for (const std::uint64_t code : {0u, 100u, 9999u, 65536u + 101u}) CHECK(!unpacked(with_number(8, code)));
  CHECK(unpacked(with_number(16, 0)));
  for (const std::uint64_t severity : {3u, 256u}) CHECK(!unpacked(with_number(16, severity)));
  for (const std::uint64_t verdict : {0u, 1u, 2u, 3u, 256u}) {
    const std::string raw = bytes::Packer().number(verdict).packed();
    bytes::Unpacker in(raw);
    const Verdict read = unpack_verdict(in);
    CHECK(in.is_whole() == (verdict < 3));
    if (in.is_whole()) CHECK(static_cast<std::uint64_t>(read) == verdict);
  }
}

TEST_CASE("what ran, and a verdict") {
  bytes::Packer out;
  pack(out, Ran{1, 2, 3, UINT64_MAX});
  pack(out, Verdict::fail);
  bytes::Unpacker in(out.packed());
  const Ran ran = unpack_ran(in);
  CHECK(ran.instances == 1);
  CHECK(ran.evaluated == 2);
  CHECK(ran.criteria == 3);
  CHECK(ran.dereferenced == UINT64_MAX);
  CHECK(unpack_verdict(in) == Verdict::fail);
  CHECK(in.is_whole());
}

}  // namespace
}  // namespace sluice::report
