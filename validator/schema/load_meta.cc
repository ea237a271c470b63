#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "validator/finding/finding.h"
#include "validator/schema/encoding.h"
#include "validator/schema/keys.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

using namespace std::string_view_literals;

constexpr std::array kMetaKeys = {"application"sv,  "bit-endian"sv,     "encoding"sv,
                                  "endian"sv,       "file-extension"sv, "id"sv,
                                  "imports"sv,      "ks-debug"sv,       "ks-opaque-types"sv,
                                  "ks-version"sv,   "license"sv,        "tags"sv,
                                  "title"sv,        "xref"sv,           "ks-zero-copy-substream"sv,
                                  "-sluice-allow"sv};
constexpr std::array kEndianKeys = {"cases"sv, "switch-on"sv};

constexpr Integer kOldest = 6;   // 0.6
constexpr Integer kNewest = 12;  // 0.12

std::optional<Endian> endian_named(const document::Node& node) {
  if (node.is_scalar() && node.text == "le") return Endian::little;
  if (node.is_scalar() && node.text == "be") return Endian::big;
  return std::nullopt;
}

void load_endian_cases(Loader& loader, const KsyNode& cases, EndianSwitch& target) {
  if (!expect_mapping(cases, loader.problems)) return;
  for (const document::Entry& entry : cases->entries) {
    const KsyNode node(cases, entry);
    const std::optional<Endian> endian = endian_named(*node);
    if (!endian) {
      loader.problems.error(node.place(), fmt::format("expected be / le, got '{}'", describe(*node)));
      continue;
    }
    EndianSwitch::Case made{.match = {}, .endian = *endian};
    if (entry.key != "_") made.match = parse_expression(loader, entry.key, node.key_place());
    target.cases.push_back(std::move(made));
  }
}

void load_endian_switch(Loader& loader, const KsyNode& node, TypeSpec& type) {
  check_keys(node, kEndianKeys, loader.problems);
  const std::optional<KsyNode> on = node.find("switch-on");
  const std::optional<KsyNode> cases = node.find("cases");
  if (!on || !cases) {
    loader.problems.error(node.place(), fmt::format("missing mandatory argument `{}`", on ? "cases" : "switch-on"));
    return;
  }
  type.endian_switch.emplace();
  type.endian_switch->switch_on = load_expression(loader, *on);
  load_endian_cases(loader, *cases, *type.endian_switch);
}

void load_endian(Loader& loader, const KsyNode& node, TypeSpec& type) {
  type.endian = Endian::calculated;  // so that a bad value makes no second problem at each attribute
  if (node->is_mapping()) return load_endian_switch(loader, node, type);
  if (const std::optional<Endian> endian = endian_named(*node)) {
    type.endian = *endian;
  } else {
    loader.problems.error(node.place(),
                          "unable to parse endianness: `le`, `be` or calculated endianness map is expected");
  }
}

void load_bit_endian(Loader& loader, const KsyNode& node, TypeSpec& type) {
  if (const std::optional<Endian> endian = endian_named(*node)) {
    type.bit_endian = *endian == Endian::little ? BitEndian::little : BitEndian::big;
  } else {
    loader.problems.error(
        node.place(), fmt::format("unable to parse bit endianness: expected `le` or `be`, found {}", describe(*node)));
  }
}

// The numbers of `0.11`, or of `0.11.2` without the last. YAML readers take 0.10 for the number 0.1; so must we.
struct Version {
  Integer major = 0;
  Integer minor = 0;
  std::string text;
};

std::optional<Version> parse_version(const document::Node& node) {
  if (!node.is_scalar()) return std::nullopt;
  std::string text = node.text;
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const std::size_t second = text.find('.', dot + 1);
  if (second == std::string::npos && !node.quoted) {
    while (text.ends_with('0') && text.size() > dot + 2) text.pop_back();
  }
  const std::size_t length = second == std::string::npos ? second : second - dot - 1;
  const std::optional<Integer> major = parse_integer_literal(text.substr(0, dot));
  const std::optional<Integer> minor = parse_integer_literal(text.substr(dot + 1, length));
  if (!major || !minor) return std::nullopt;
  return Version{.major = *major, .minor = *minor, .text = text};
}

void check_version(Loader& loader, const KsyNode& node) {
  const std::optional<Version> version = parse_version(*node);
  if (!version) {
    loader.problems.error(node.place(), fmt::format("expected a version such as 0.11, got {}", describe(*node)));
    return;
  }
  if (version->major == 0 && version->minor < kOldest) {
    const std::string hint =
        version->text == node->text
            ? std::string()
            : fmt::format(" (if you meant {0}, use ks-version: '{0}' to prevent YAML from interpreting it as a float)",
                          printable(node->text));
    loader.problems.error(node.place(),
                          fmt::format("minimum allowed version is 0.6, but got {}{}", printable(version->text), hint));
  } else if (version->major > 0 || version->minor > kNewest) {
    loader.problems.error(node.place(),
                          fmt::format("this schema needs Kaitai Struct {}, but only versions up to 0.12 are understood",
                                      printable(version->text)));
  }
}

void load_imports(Loader& loader, const KsyNode& node, TypeSpec& type) {
  if (!expect_sequence(node, loader.problems)) return;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const KsyNode item(node, i);
    const std::optional<std::string_view> name = read_text(item, loader.problems);
    if (!name) continue;
    loader.source_of(type).imports.push_back({.name = std::string(*name), .place = item.place()});
  }
}

void load_encoding(Loader& loader, const KsyNode& node, TypeSpec& type) {
  const std::optional<std::string_view> name = read_text(node, loader.problems);
  if (name) type.encoding = canonical_encoding(*name, node.place(), loader.problems);
}

void check_id(Loader& loader, const KsyNode& node) {
  const std::optional<std::string_view> id = read_text(node, loader.problems);
  if (id) (void)expect_identifier(*id, "meta", node.place(), loader.problems);
}

}  // namespace

void load_meta(Loader& loader, const KsyNode& meta, TypeSpec& type) {
  if (!expect_mapping(meta, loader.problems)) return;
  check_keys(meta, kMetaKeys, loader.problems);
  if (const auto node = meta.find("id")) check_id(loader, *node);
  if (const auto node = meta.find("ks-version")) check_version(loader, *node);
  if (const auto node = meta.find("imports")) load_imports(loader, *node, type);
  if (const auto node = meta.find("endian")) load_endian(loader, *node, type);
  if (const auto node = meta.find("bit-endian")) load_bit_endian(loader, *node, type);
  if (const auto node = meta.find("encoding")) load_encoding(loader, *node, type);
  if (const auto node = meta.find("-sluice-allow")) load_allow(loader, *node, type.allow);
  if (const auto node = meta.find("ks-debug")) {
    type.debug = read_boolean(*node, loader.problems).value_or(type.debug);
  }
  if (const auto node = meta.find("ks-opaque-types")) {
    loader.source_of(type).opaque_types = read_boolean(*node, loader.problems).value_or(true);
  }
  if (const auto node = meta.find("ks-zero-copy-substream")) (void)read_boolean(*node, loader.problems);
}

}  // namespace sluice::schema
