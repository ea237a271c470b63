// The keys that are ours. The compiler of record ignores all that begins with `-`.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "validator/finding/finding.h"
#include "validator/schema/keys.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

using namespace std::string_view_literals;

struct Allowance {
  std::string_view name;
  bool Allowances::* field;
};
constexpr std::array<Allowance, 4> kAllowances = {{{"trailing-bytes", &Allowances::trailing_bytes},
                                                   {"overlap", &Allowances::overlap},
                                                   {"unknown-enum", &Allowances::unknown_enum},
                                                   {"unmatched-switch", &Allowances::unmatched_switch}}};

struct Algorithm {
  std::string_view name;
  Checksum::Algorithm id;
};
constexpr std::array<Algorithm, 6> kAlgorithms = {{{"crc32", Checksum::Algorithm::crc32},
                                                   {"adler32", Checksum::Algorithm::adler32},
                                                   {"sum8", Checksum::Algorithm::sum8},
                                                   {"sum16", Checksum::Algorithm::sum16},
                                                   {"sum32", Checksum::Algorithm::sum32},
                                                   {"sha256", Checksum::Algorithm::sha256}}};

constexpr std::array kAssertKeys = {"expr"sv, "message"sv};

void load_allowance(Loader& loader, const KsyNode& node, Allowances& allow) {
  const std::optional<std::string_view> name = read_text(node, loader.problems);
  if (!name) return;
  const auto found = std::ranges::find(kAllowances, *name, &Allowance::name);
  if (found != kAllowances.end()) {
    allow.*(found->field) = true;
    return;
  }
  loader.problems.error(
      node.place(),
      fmt::format("expected trailing-bytes / overlap / unknown-enum / unmatched-switch, got '{}'", printable(*name)));
}

void load_assertion(Loader& loader, const KsyNode& node, TypeSpec& type) {
  Assertion assertion;
  if (node->is_mapping()) {
    check_keys(node, kAssertKeys, loader.problems);
    assertion.expression = load_expression(loader, node, "expr");
    if (!node.find("expr")) loader.problems.error(node.place(), "missing mandatory argument `expr`");
    if (const auto message = node.find("message")) load_doc(loader, *message, assertion.message);
  } else {
    assertion.expression = load_expression(loader, node);
  }
  if (assertion.expression) type.asserts.push_back(std::move(assertion));
}

// `body`, or `[first, last]`.
bool load_region(Loader& loader, const KsyNode& node, Checksum& checksum) {
  if (!node->is_sequence()) {
    const std::optional<std::string_view> id = read_text(node, loader.problems);
    if (!id) return false;
    checksum.first_id = checksum.last_id = checksum.region = *id;
    return true;
  }
  if (node->items.size() != 2) {
    loader.problems.error(node.place(), "expected the id of one attribute, or a list of the first and the last");
    return false;
  }
  const std::optional<std::string_view> first = read_text(KsyNode(node, 0), loader.problems);
  const std::optional<std::string_view> last = read_text(KsyNode(node, 1), loader.problems);
  if (!first || !last) return false;
  checksum.first_id = *first;
  checksum.last_id = *last;
  checksum.region = fmt::format("{}..{}", *first, *last);
  return true;
}

}  // namespace

void load_allow(Loader& loader, const KsyNode& node, Allowances& allow) {
  if (!expect_sequence(node, loader.problems)) return;
  for (std::size_t i = 0; i < node->items.size(); ++i) load_allowance(loader, KsyNode(node, i), allow);
}

void load_asserts(Loader& loader, const KsyNode& node, TypeSpec& type) {
  if (!expect_sequence(node, loader.problems)) return;
  for (std::size_t i = 0; i < node->items.size(); ++i) load_assertion(loader, KsyNode(node, i), type);
}

void load_checksum(Loader& loader, const KsyNode& attribute, Member& member) {
  const std::optional<KsyNode> node = attribute.find("-sluice-checksum");
  if (!node || !expect_mapping(*node, loader.problems)) return;
  if ((*node)->entries.size() != 1) {
    loader.problems.error(node->place(), "expected one checksum: `{crc32: body}`");
    return;
  }
  const document::Entry& entry = (*node)->entries.front();
  const KsyNode region(*node, entry);
  const auto found = std::ranges::find(kAlgorithms, std::string_view(entry.key), &Algorithm::name);
  if (found == kAlgorithms.end()) {
    loader.problems.error(region.key_place(), "expected adler32 / crc32 / sha256 / sum8 / sum16 / sum32");
    return;
  }
  if (!load_region(loader, region, member.checksum)) return;
  member.checksum.algorithm = found->id;
  const Place place = region.place();
  member.checksum.path = place.path;
  member.checksum.mark = place.mark;
}

}  // namespace sluice::schema
