#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "validator/expression/check.h"
#include "validator/expression/parse.h"
#include "validator/finding/finding.h"
#include "validator/schema/encoding.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

constexpr std::size_t kMaxContents = 65536;

// --- contents: a string, or a list of strings and bytes

bool is_integer(const document::Node& node) {
  if (node.quoted || !node.is_scalar()) return false;
  const std::string_view text = node.text;
  return parse_integer_literal(text.substr(text.starts_with('-') ? 1 : 0)).has_value();
}

bool append_content(Loader& loader, const KsyNode& node, std::vector<std::uint8_t>& out) {
  if (is_integer(*node)) {
    const std::optional<std::uint8_t> byte = read_byte(node, loader.problems);
    if (byte) out.push_back(*byte);
    return byte.has_value();
  }
  const std::optional<std::string_view> text = read_text(node, loader.problems);
  if (!text) return false;
  out.insert(out.end(), text->begin(), text->end());
  return true;
}

bool read_contents(Loader& loader, const KsyNode& node, std::vector<std::uint8_t>& out) {
  if (node->is_sequence()) {
    for (std::size_t i = 0; i < node->items.size(); ++i) {
      if (!append_content(loader, KsyNode(node, i), out)) return false;
    }
  } else if (!node->is_scalar() || is_integer(*node)) {
    loader.problems.error(
        node.place(), fmt::format("unable to parse fixed content: expected string or array, got {}", describe(*node)));
    return false;
  } else if (!append_content(loader, node, out)) {
    return false;
  }
  if (out.size() <= kMaxContents) return true;
  loader.problems.error(node.place(), fmt::format("fixed content of more than {} bytes", kMaxContents));
  return false;
}

// `contents` is a size and a value in one.
void load_contents(Loader& loader, const KsyNode& attribute, const KsyNode& node, Member& member) {
  if (attribute.find("type")) {
    loader.problems.error(node.place(), "`contents` cannot be used together with `type`: it is a byte array");
    member.data.failed = true;
    return;
  }
  for (const std::string_view key : {"size-eos", "terminator"}) {
    if (!attribute.find(key)) continue;
    loader.problems.error(node.place(), fmt::format("`contents` cannot be used together with `{}`", key));
    return;
  }
  std::vector<std::uint8_t>& bytes = member.contents.emplace();
  if (!read_contents(loader, node, bytes)) return;
  Expression& size = member.sizing.size;
  if (const auto given = attribute.find("size")) {
    if (!size || expression::constant_integer(*size.expr) == Integer{bytes.size()}) return;
    loader.problems.error(given->place(),
                          fmt::format("`contents` has {}, `size` says otherwise", counted(bytes.size(), "byte")));
    return;
  }
  size.expr = std::make_unique<expression::Expr>();
  size.expr->value = bytes.size();
  size.text = std::to_string(bytes.size());
  size.path = node.path();
  size.mark = node.place().mark;
}

// --- process

struct KnownProcess {
  std::string_view name;
  ProcessKind kind;
  std::size_t arguments;
};
constexpr std::array<KnownProcess, 4> kProcesses = {{{"xor", ProcessKind::xor_key, 1},
                                                     {"rol", ProcessKind::rotate_left, 1},
                                                     {"ror", ProcessKind::rotate_right, 1},
                                                     {"zlib", ProcessKind::zlib, 0}}};

void load_process(Loader& loader, const KsyNode& node, Process& process) {
  const std::optional<std::string_view> text = read_text(node, loader.problems);
  const Place place = node.place();
  if (!text || !afford_expression(loader, *text, place)) return;
  expression::ProcessCall call;
  expression::SyntaxError error;
  if (!expression::parse_process_call(*text, call, error)) {
    loader.problems.error(place, std::move(error.message));
    return;
  }
  process.kind = ProcessKind::custom;
  process.name = call.name;
  for (const KnownProcess& known : kProcesses) {
    if (known.name != call.name) continue;
    process.kind = known.kind;
    if (known.arguments == call.arguments.size()) continue;
    loader.problems.error(place, fmt::format("process `{}` takes {} argument(s), but {} given", known.name,
                                             known.arguments, call.arguments.size()));
    return;
  }
  for (expression::ExprPtr& argument : call.arguments) {
    std::string printed = expression::print(*argument);
    process.arguments.push_back(
        {.expr = std::move(argument), .text = std::move(printed), .path = place.path, .mark = place.mark});
  }
}

// --- size, size-eos, terminator

// strz stops at one zero unit of its encoding.
void load_terminator(Loader& loader, const KsyNode& attribute, Member& member) {
  std::optional<std::uint8_t> byte;
  if (const auto node = attribute.find("terminator")) {
    byte = read_byte(*node, loader.problems);
    if (byte) member.sizing.terminator.emplace(1, *byte);
  } else if (member.data.zero_terminated) {
    member.sizing.terminator.emplace(encoding_unit(member.data.encoding), std::uint8_t{0});
  }
}

// Bytes and text end nowhere by themselves.
bool needs_size(const DataType& data) {
  if (data.failed || data.zero_terminated) return false;
  if (data.kind == DataKind::switched) {
    return std::ranges::any_of(data.cases, [](const Case& c) { return needs_size(c.type); });
  }
  return data.kind == DataKind::bytes || data.kind == DataKind::string;
}

void check_sizing(Loader& loader, const KsyNode& attribute, const Member& member) {
  const bool has_size = attribute.find("size").has_value();
  const bool has_eos = attribute.find("size-eos").has_value();
  const bool has_terminator = attribute.find("terminator").has_value() || member.data.zero_terminated;
  const bool has_contents = attribute.find("contents").has_value();
  if (has_size && member.sizing.size_eos) {
    loader.problems.error(attribute.key_place(), "only one of `size` or `size-eos` must be specified");
  }
  const bool is_sized = has_size || has_eos || has_terminator || has_contents;
  if (needs_size(member.data) && !is_sized) {
    loader.problems.error(attribute.key_place(), "either `size`, `size-eos` or `terminator` must be specified");
  }
  if (const auto process = attribute.find("process"); process && !is_sized && !member.data.failed) {
    loader.problems.error(process->place(), "`process` requires `size`, `size-eos` or `terminator`");
  }
}

}  // namespace

void load_sizing(Loader& loader, const KsyNode& attribute, Member& member) {
  Sizing& sizing = member.sizing;
  const auto boolean = [&](std::string_view key, bool& out) {
    if (const auto node = attribute.find(key)) out = read_boolean(*node, loader.problems).value_or(out);
  };
  sizing.size = load_expression(loader, attribute, "size");
  boolean("size-eos", sizing.size_eos);
  boolean("include", sizing.include);
  boolean("consume", sizing.consume);
  boolean("eos-error", sizing.eos_error);
  load_terminator(loader, attribute, member);
  if (const auto pad = attribute.find("pad-right")) sizing.pad_right = read_byte(*pad, loader.problems);
  if (const auto contents = attribute.find("contents")) load_contents(loader, attribute, *contents, member);
  if (const auto process = attribute.find("process")) load_process(loader, *process, sizing.process);
  check_sizing(loader, attribute, member);
}

}  // namespace sluice::schema
