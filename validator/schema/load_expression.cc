#include <fmt/core.h>

#include "validator/expression/parse.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

// A node of a tree takes some three hundred bytes and may stand for one byte of text.
constexpr std::size_t kMaxExpressionBytes = 512 * 1024;

}  // namespace

bool afford_expression(Loader& loader, std::string_view text, const Place& place) {
  if (loader.expressions_exhausted) return false;
  if (text.size() > kMaxExpressionBytes - loader.expression_bytes) {
    loader.problems.error(place, fmt::format("more than {} bytes of expressions", kMaxExpressionBytes));
    loader.expressions_exhausted = true;
    return false;
  }
  loader.expression_bytes += text.size();
  return true;
}

Expression parse_expression(Loader& loader, std::string_view text, const Place& place) {
  Expression out;
  if (!afford_expression(loader, text, place)) return out;
  expression::SyntaxError error;
  out.expr = expression::parse(text, error);
  if (!out.expr) {
    loader.problems.error(place, std::move(error.message));
    return out;
  }
  out.text = text;
  out.path = place.path;
  out.mark = place.mark;
  return out;
}

Expression load_expression(Loader& loader, const KsyNode& node) {
  const std::optional<std::string_view> text = read_text(node, loader.problems);
  if (!text) return {};
  return parse_expression(loader, *text, node.place());
}

Expression load_expression(Loader& loader, const KsyNode& map, std::string_view key) {
  const std::optional<KsyNode> node = map.find(key);
  if (!node) return {};
  return load_expression(loader, *node);
}

}  // namespace sluice::schema
