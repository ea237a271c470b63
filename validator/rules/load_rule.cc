// One rule.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "validator/finding/finding.h"
#include "validator/rules/loader.h"
#include "validator/schema/keys.h"

namespace sluice::rules {

namespace {

using program::RuleKind;
using schema::Rule;
using namespace std::string_view_literals;

constexpr std::array kKinds = {"require"sv, "unique"sv, "sorted"sv, "disjoint"sv, "inside"sv,
                               "acyclic"sv, "closed"sv, "covers"sv, "limit"sv};
constexpr std::array kCollecting = {"unique"sv, "sorted"sv, "disjoint"sv, "acyclic"sv, "closed"sv, "limit"sv};
constexpr std::array kKeys = {"id"sv,      "severity"sv, "each"sv,     "where"sv,   "let"sv,     "join"sv,
                              "require"sv, "unique"sv,   "sorted"sv,   "inside"sv,  "acyclic"sv, "closed"sv,
                              "covers"sv,  "limit"sv,    "disjoint"sv, "message"sv, "help"sv};

class RuleLoader {
 public:
  RuleLoader(Loader& loader, const KsyNode& node, Rule& rule) : loader_(loader), node_(node), rule_(rule) {}

  void load() {
    load_severity();
    if (const auto each = node_.find("each")) {
      auto path = load_path(loader_, *each);
      if (!path) return;  // every name depends on it
      rule_.each = std::move(*path);
      const schema::RulePath::Step& last = rule_.each.steps.back();
      element_ = element_type(loader_.schema, rule_.each);
      names_.context = element_.is(expression::TypeKind::structure) && element_.type_id != expression::kNoType
                           ? element_.type_id
                           : last.type;
      names_.element = &element_;
      names_.has_index = loader_.schema.type(last.type).members[last.member].repeat != schema::RepeatKind::none;
    } else {
      names_.context = loader_.schema.root;
    }
    // What remembers its elements remembers them once for all builds.
    names_.has_build =
        std::ranges::none_of(kCollecting, [&](std::string_view kind) { return node_.find(kind).has_value(); });
    if (const auto where = node_.find("where")) rule_.where = expression(*where, Wanted::boolean);
    names_.locals = &locals_;
    load_joins();
    load_lets();
    load_kind();
    load_message_and_help();
    rule_.names_build = std::ranges::any_of(all(), [](const Expression* e) { return names_build(*e); });
  }

 private:
  Expression expression(const KsyNode& node, Wanted wanted) { return load_expression(loader_, node, names_, wanted); }
  Expression expression(const KsyNode& map, std::string_view key, Wanted wanted) {
    return load_expression(loader_, map, key, names_, wanted);
  }

  std::vector<const Expression*> all() const {
    std::vector<const Expression*> out{&rule_.where, &rule_.at_most};
    for (const schema::RuleLocal& l : rule_.locals) out.push_back(&l.value);
    for (const Expression& e : rule_.operands) out.push_back(&e);
    for (const schema::MessagePart& p : rule_.message) out.push_back(&p.value);
    return out;
  }

  void load_severity() {
    const auto node = node_.find("severity");
    if (!node) return;
    const auto text = schema::read_text(*node, loader_.problems);
    if (!text) return;
    for (const Severity s : {Severity::error, Severity::warning, Severity::note}) {
      if (name_of(s) == *text) {
        rule_.severity = s;
        return;
      }
    }
    loader_.problems.error(node->place(), "expected error / warning / note");
  }

  bool has_local(std::string_view name) const {
    return std::ranges::find(locals_, name, &Local::name) != locals_.end();
  }

  bool name_local(const KsyNode& node, std::string_view name) {
    if (!schema::expect_identifier(name, "name", node.key_place(), loader_.problems)) return false;
    const bool is_taken =
        has_local(name) || name == "build" || loader_.schema.type(loader_.schema.root).find_member(name);
    if (is_taken) {
      loader_.problems.error(node.key_place(), fmt::format("'{}' is the name of something else already", name));
    }
    return !is_taken;
  }

  void load_joins() {
    const auto joins = node_.find("join");
    if (!joins || !schema::expect_mapping(*joins, loader_.problems)) return;
    for (const document::Entry& entry : (*joins)->entries) {
      const KsyNode node(*joins, entry);
      if (!schema::expect_mapping(node, loader_.problems)) continue;
      static constexpr std::array kJoinKeys = {"in"sv, "key"sv, "equals"sv};
      schema::check_keys(node, kJoinKeys, loader_.problems);
      if (!name_local(node, entry.key)) continue;
      const auto table = load_table(loader_, node);
      if (!table) continue;
      Expression equals = expression(node, "equals", Wanted::key);
      if (!equals) continue;
      const schema::RuleTable& rows = loader_.book.tables[*table];
      const bool both_numbers = is_number(equals.expr->type) && is_number(rows.key.expr->type);
      if (!both_numbers && equals.expr->type.kind != rows.key.expr->type.kind) {
        loader_.problems.error(node.place_of("equals"), "key and equals are of different types: they are never equal");
        continue;
      }
      locals_.push_back({entry.key, element_type(loader_.schema, rows.in)});
      rule_.locals.push_back({entry.key, *table, std::move(equals)});
    }
  }

  static bool is_number(const Type& type) {
    return type.is(expression::TypeKind::integer) || type.is(expression::TypeKind::enumeration);
  }

  void load_lets() {
    const auto lets = node_.find("let");
    if (!lets || !schema::expect_mapping(*lets, loader_.problems)) return;
    for (const document::Entry& entry : (*lets)->entries) {
      const KsyNode node(*lets, entry);
      if (!name_local(node, entry.key)) continue;
      Expression value = expression(node, Wanted::anything);
      if (!value) continue;
      locals_.push_back({entry.key, value.expr->type});
      rule_.locals.push_back({entry.key, std::nullopt, std::move(value)});
    }
  }

  void load_kind() {
    std::vector<std::string_view> kinds;
    for (const std::string_view kind : kKinds) {
      if (node_.find(kind)) kinds.push_back(kind);
    }
    if (kinds.size() != 1) {
      loader_.problems.error(node_.place(), fmt::format("expected exactly one of {}", fmt::join(kKinds, " / ")));
      return;
    }
    const KsyNode node = *node_.find(kinds[0]);
    if (kinds[0] == "require") return one(node, RuleKind::require, Wanted::boolean, true);
    if (kinds[0] == "covers") return covers(node);
    if (rule_.each.empty() && kinds[0] != "inside") {
      loader_.problems.error(node_.place(), fmt::format("`{}` is about many elements: `each` is missing", kinds[0]));
      return;
    }
    if (kinds[0] == "unique") return one(node, RuleKind::unique, Wanted::key, false);
    if (kinds[0] == "sorted") return sorted(node);
    if (kinds[0] == "disjoint") return many(node, RuleKind::disjoint, {"from", "size"});
    if (kinds[0] == "acyclic") return many(node, RuleKind::acyclic, {"node", "to"});
    if (kinds[0] == "closed") return closed(node);
    if (kinds[0] == "inside") return inside(node);
    limit(node);
  }

  void one(const KsyNode& node, RuleKind kind, Wanted wanted, bool is_condition) {
    rule_.kind = kind;
    Expression e = expression(node, wanted);
    if (!e) return;
    rule_.text = is_condition ? e.text : fmt::format("{} {}", e.text, kind == RuleKind::unique ? "unique" : "sorted");
    rule_.operands.push_back(std::move(e));
  }

  void many(const KsyNode& node, RuleKind kind, std::initializer_list<std::string_view> keys) {
    rule_.kind = kind;
    if (!schema::expect_mapping(node, loader_.problems)) return;
    schema::check_keys(node, {keys.begin(), keys.size()}, loader_.problems);
    operands(node, keys, Wanted::integer);
  }

  void operands(const KsyNode& node, std::initializer_list<std::string_view> keys, Wanted wanted) {
    for (const std::string_view key : keys) {
      Expression e = expression(node, key, wanted);
      rule_.text += (rule_.text.empty() ? "" : ", ") + e.text;
      rule_.operands.push_back(std::move(e));
    }
  }

  void closed(const KsyNode& node) {
    if (!schema::expect_mapping(node, loader_.problems)) return;
    static constexpr std::array kPairKeys = {"open"sv, "close"sv, "nested"sv};
    schema::check_keys(node, kPairKeys, loader_.problems);
    const auto nested = node.find("nested");
    const bool is_nested = nested && schema::read_boolean(*nested, loader_.problems).value_or(false);
    rule_.kind = is_nested ? RuleKind::nested : RuleKind::closed;
    const auto& [type, member] = rule_.each.steps.back();
    if (loader_.schema.type(type).members[member].repeat == schema::RepeatKind::none) {
      loader_.problems.error(node_.place_of("each"),
                             "`closed` is about the elements of a sequence, and this is none: name "
                             "the sequence, and the field in `open` and `close`");
    }
    operands(node, {"open", "close"}, Wanted::boolean);
  }

  void sorted(const KsyNode& node) {
    if (!node->is_mapping()) return one(node, RuleKind::sorted, Wanted::key, false);
    static constexpr std::array kSortKeys = {"by"sv, "order"sv, "strict"sv};
    schema::check_keys(node, kSortKeys, loader_.problems);
    rule_.kind = RuleKind::sorted;
    Expression by = expression(node, "by", Wanted::key);
    rule_.text = by.text + " sorted";
    rule_.operands.push_back(std::move(by));
    if (const auto order = node.find("order")) {
      const auto text = schema::read_text(*order, loader_.problems);
      if (text && *text != "ascending" && *text != "descending")
        loader_.problems.error(order->place(), "expected ascending / descending");
      rule_.order.descending = text && *text == "descending";
    }
    if (const auto strict = node.find("strict"))
      rule_.order.strict = schema::read_boolean(*strict, loader_.problems).value_or(false);
  }

  void inside(const KsyNode& node) {
    rule_.kind = RuleKind::inside;
    if (!schema::expect_mapping(node, loader_.problems)) return;
    static constexpr std::array kInsideKeys = {"from"sv, "size"sv, "region"sv};
    static constexpr std::array kRegionKeys = {"from"sv, "size"sv};
    schema::check_keys(node, kInsideKeys, loader_.problems);
    for (const char* key : {"from", "size"}) rule_.operands.push_back(expression(node, key, Wanted::integer));
    const auto region = node.find("region");
    if (!region) {
      loader_.problems.error(node.place(), "`region` is missing");
      return;
    }
    if (!schema::expect_mapping(*region, loader_.problems)) return;
    schema::check_keys(*region, kRegionKeys, loader_.problems);
    for (const char* key : {"from", "size"}) rule_.operands.push_back(expression(*region, key, Wanted::integer));
    rule_.text = "from, size inside region from, size";
  }

  void covers(const KsyNode& node) {
    rule_.kind = RuleKind::covers;
    rule_.text = "every byte is read by a field";
    if (schema::read_boolean(node, loader_.problems) == false)
      loader_.problems.error(node.place(), "expected true; leave the rule out instead");
    if (!rule_.each.empty() || rule_.where || !rule_.locals.empty())
      loader_.problems.error(node_.place(), "`covers` is about the whole file: it has no each, where, let or join");
    const auto twice = std::ranges::count(loader_.book.rules, RuleKind::covers, &Rule::kind);
    if (twice > 0) loader_.problems.error(node_.place(), "there is a `covers` rule already");
  }

  void limit(const KsyNode& node) {
    if (!schema::expect_mapping(node, loader_.problems)) return;
    static constexpr std::array kLimitKeys = {"count"sv, "sum"sv, "depth"sv, "at_most"sv};
    schema::check_keys(node, kLimitKeys, loader_.problems);
    const auto count = node.find("count");
    const auto sum = node.find("sum");
    const auto depth = node.find("depth");
    if ((count ? 1 : 0) + (sum ? 1 : 0) + (depth ? 1 : 0) != 1) {
      loader_.problems.error(node.place(), "expected one of count / sum / depth");
      return;
    }
    rule_.text = "limit";
    if (sum) {
      rule_.kind = RuleKind::limit_sum;
      rule_.operands.push_back(expression(*sum, Wanted::integer));
    } else if (depth) {
      many(*depth, RuleKind::limit_depth, {"node", "to"});
    }
    over_the_file();
    if (count) {
      rule_.kind = RuleKind::limit_count;
      rule_.at_most = expression(*count, Wanted::integer);
      if (node.find("at_most")) loader_.problems.error(node.place_of("at_most"), "`count` is the bound itself");
    } else {
      rule_.at_most = expression(node, "at_most", Wanted::integer);
    }
  }

  // What is judged when all has been read knows no element.
  void over_the_file() {
    names_.element = nullptr;
    names_.has_index = false;
    names_.locals = nullptr;
    names_.has_build = true;
  }

  void load_message_and_help() {
    if (const auto help = node_.find("help")) {
      if (const auto text = schema::read_text(*help, loader_.problems)) rule_.help = *text;
    }
    const auto message = node_.find("message");
    if (!message) return;
    if (rule_.kind == RuleKind::acyclic || program::is_pairing(rule_.kind)) over_the_file();
    rule_.message = load_message(loader_, *message, names_);
    if (rule_.kind == RuleKind::covers && rule_.message.size() > 1)
      loader_.problems.error(message->place(), "the message of a `covers` rule has no placeholders");
  }

  Loader& loader_;
  const KsyNode& node_;
  Rule& rule_;
  Type element_;
  std::vector<Local> locals_;
  RuleScope::Names names_;
};

// `inputs-within-supply`
bool is_rule_id(std::string_view text) {
  const auto is_fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 100 && text.front() >= 'a' && text.front() <= 'z' &&
         std::ranges::all_of(text, is_fine);
}

}  // namespace

void load_rule(Loader& loader, const KsyNode& node, std::string_view format) {
  if (!schema::expect_mapping(node, loader.problems)) return;
  schema::check_keys(node, kKeys, loader.problems);
  const auto id_node = node.find("id");
  if (!id_node) {
    loader.problems.error(node.place(), "`id` is missing");
    return;
  }
  const auto id = schema::read_text(*id_node, loader.problems);
  if (!id) return;
  if (!is_rule_id(*id)) {
    loader.problems.error(id_node->place(), "expected an id of small letters, digits and `-`");
    return;
  }
  Rule rule;
  rule.id = fmt::format("{}/{}", format, *id);
  if (std::ranges::find(loader.book.rules, rule.id, &Rule::id) != loader.book.rules.end()) {
    loader.problems.error(id_node->place(), fmt::format("there is a rule '{}' already", *id));
    return;
  }
  RuleLoader(loader, node, rule).load();
  loader.book.rules.push_back(std::move(rule));
}

}  // namespace sluice::rules
