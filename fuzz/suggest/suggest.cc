#include "fuzz/suggest/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <optional>

#include "fuzz/cause/signature.h"
#include "fuzz/mutate/meaning.h"
#include "fuzz/shrink/plain.h"
#include "fuzz/suggest/examples.h"
#include "fuzz/suggest/guess.h"
#include "fuzz/suggest/patch.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::suggest {

namespace {

constexpr std::size_t kMostFields = 8;                  // that rules are guessed about, ..
constexpr std::size_t kMostOfAny = 48;                  // .. where no field is known to take the fault away
constexpr std::clock_t kMostTime = 8 * CLOCKS_PER_SEC;  // of the processor, for guesses
constexpr std::size_t kMostCompiled = 60;               // guesses that are put to the test
constexpr std::ptrdiff_t kManyClean = 24;               // contents
constexpr double kCostOfField = 0.25;                   // of each that is guiltier, ..
constexpr double kCostOfAny = 0.01;                     // .. where none is
constexpr double kGoodEnough = 1.7;  // what costs no more needs no comparison with rules about other fields

// What `check` says for the build.
std::optional<Finding> error_of(const mutate::Format& format, std::span<const std::uint8_t> content,
                                const std::string& build) {
  Findings findings;
  format.judge(content, findings);
  for (const Finding& finding : findings.list()) {
    if (finding.severity == Severity::error && (finding.build.empty() || finding.build == build)) return finding;
  }
  return std::nullopt;
}

// Small letters, digits and dashes.
std::string id_of(std::string_view words) {
  std::string out;
  for (const char c : words) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0) {
      out += static_cast<char>(std::tolower(letter));
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  constexpr std::size_t kLongest = 40;
  if (out.size() > kLongest) out.resize(std::min(out.rfind('-', kLongest), kLongest));
  while (!out.empty() && out.back() == '-') out.pop_back();
  const std::size_t first = out.find_first_not_of("-0123456789");
  return first == std::string::npos ? "rule" : out.substr(first);
}

bool is_clean(const Example& example) { return example.kind == Example::Kind::clean; }

class Suggester {
 public:
  Suggester(const SuggestInput& input, const mutate::Format& format, std::span<const std::uint8_t> minimal,
            std::uint64_t place, const explain::Effects& effects, const Evidence& evidence, engine::Oracle& oracle)
      : input_(input),
        format_(format),
        minimal_(bytes::content_part(minimal)),
        whole_(minimal),
        place_(place),
        effects_(effects),
        evidence_(evidence),
        oracle_(oracle),
        has_cure_(!effects.is_of_parts() && std::ranges::any_of(effects.fields, &explain::Effect::cures)) {}

  Suggestion run();

 private:
  [[nodiscard]] bool is_refused_already(Suggestion& out) const;
  [[nodiscard]] std::vector<std::string> paths() const;
  [[nodiscard]] bool is_plain(const std::string& path) const;
  [[nodiscard]] static bool is_count_of_parts(const std::string& path);
  // `relates`: of two fields, too.
  [[nodiscard]] std::vector<Guess> guesses(bool relates) const;
  [[nodiscard]] bool take(const Guess& guess, Suggestion& out) const;
  [[nodiscard]] bool holds(const std::string& schema, const std::string& rules, const Guess& guess,
                           Suggestion& out) const;
  [[nodiscard]] std::string rule_of(const Guess& guess, const std::string& id) const;
  void tell(const Guess& guess, Suggestion& out) const;
  void leave_out_refused();
  [[nodiscard]] const program::BuildFacts* build() const {
    const auto found = std::ranges::find(input_.builds, input_.build, &program::BuildFacts::name);
    return found == input_.builds.end() ? nullptr : &*found;
  }

  const SuggestInput& input_;
  const mutate::Format& format_;
  std::span<const std::uint8_t> minimal_;
  std::span<const std::uint8_t> whole_;
  std::uint64_t place_;
  const explain::Effects& effects_;
  const Evidence& evidence_;
  engine::Oracle& oracle_;
  bool has_cure_;
  std::vector<Example> examples_;
  std::size_t num_refused_ = 0;  // crash files that `check` refuses as things are
};

// What `check` refuses already is no content of the format, or has been thought of: no rule is needed for it, and what
// happens with it says nothing of one.
void Suggester::leave_out_refused() {
  const auto is_refused = [this](const Example& example) {
    if (!error_of(format_, example.content, input_.build)) return false;
    num_refused_ += example.kind == Example::Kind::crash ? 1 : 0;
    return true;
  };
  examples_.erase(std::remove_if(examples_.begin() + 1, examples_.end(), is_refused), examples_.end());
}

bool Suggester::is_refused_already(Suggestion& out) const {
  const auto finding = error_of(format_, minimal_, input_.build);
  if (!finding) return false;
  std::size_t refused = 0;
  for (const auto& crash : evidence_.crashes) {
    if (error_of(format_, bytes::content_part(crash), input_.build)) ++refused;
  }
  if (refused != evidence_.crashes.size()) return false;
  out.kind = Suggestion::Kind::refused_already;
  out.rule = shown_id(*finding);
  out.text = fmt::format("`check` refuses it already: {}, {}", shown_id(*finding), because(*finding));
  if (refused != 0)
    out.evidence.push_back(fmt::format("It refuses the {} of this fault too.", counted(refused, "other file")));
  return true;
}

// One path of each field, the guiltiest first; where that says nothing, of whatever the file has.
std::vector<std::string> Suggester::paths() const {
  std::vector<std::string> paths;
  std::vector<std::string> fields;
  const auto add = [&](const std::string& path, std::size_t most) {
    const std::string field = cause::field_without_indices(path);
    if (fields.size() >= most || std::ranges::find(fields, field) != fields.end()) return;
    fields.push_back(field);
    paths.push_back(path);
  };
  for (const explain::Effect& effect : effects_.fields) add(effect.path, has_cure_ ? kMostFields : kMostOfAny);
  if (has_cure_) return paths;
  mutate::Tree tree(format_);
  tree.parse(minimal_);
  // Of elements first: a fault that goes with them is owed to what they have.
  for (const bool is_of_element : {true, false}) {
    for (mutate::NodeId id = 0; id < tree.size(); ++id) {
      if (!tree[id].is_number()) continue;
      const std::string path = mutate::path_of(tree, id);
      if ((path.find('[') != std::string::npos) == is_of_element) add(path, kMostOfAny);
    }
  }
  return paths;
}

// Whether it counts elements of an array: these are then what a rule is about.
bool Suggester::is_count_of_parts(const std::string& path) {
  const std::string field = cause::field_without_indices(path);
  return field.substr(field.rfind('.') + 1).starts_with("num_");
}

// Whether the smallest file has there what any plain file has.
bool Suggester::is_plain(const std::string& path) const {
  mutate::Tree tree(format_);
  tree.parse(minimal_);
  std::string_view rest;
  const mutate::NodeId id = mutate::find_path(tree, path, rest);
  return id != mutate::kNoNode && rest.empty() && tree[id].is_leaf() && shrink::Plain(format_).is_plain(tree, id);
}

std::vector<Guess> Suggester::guesses(bool relates) const {
  std::vector<Guess> all;
  double cost = 0;
  const std::clock_t until = std::clock() + kMostTime;
  // Where little is known to be clean, numbers that have nothing to do with each other look as if they had.
  relates = relates && (has_cure_ || std::ranges::count_if(examples_, is_clean) >= kManyClean);
  for (const std::string& path : paths()) {
    if (std::clock() > until) break;
    const Table table(format_, examples_, path, build(), effects_.fault.object.elements);
    if (table.is_empty()) continue;
    std::vector<Guess> some;
    guess_bounds(table, relates, some);
    guess_values(table, some);
    guess_sets(table, build(), some);
    guess_pairs(table, some);
    guess_texts(table, some);
    // What was made plain and kept the fault is not too small or too large by itself, unless it is the guilty one: none
    // may be what is too little.
    const bool is_guilty = effects_.guilty() != nullptr && effects_.guilty()->path == path && !is_count_of_parts(path);
    const bool is_innocent = !has_cure_ && !is_guilty && is_plain(path);
    for (Guess& guess : some) {
      if (is_innocent && guess.bound) continue;
      guess.cost += cost;
      all.push_back(std::move(guess));
    }
    cost += has_cure_ ? kCostOfField : kCostOfAny;
    const bool is_enough = std::ranges::any_of(all, [](const Guess& guess) { return guess.cost <= kGoodEnough; });
    if (is_enough && has_cure_) break;
  }
  std::ranges::stable_sort(all, {}, &Guess::cost);
  return all;
}

std::string Suggester::rule_of(const Guess& guess, const std::string& id) const {
  std::string out = fmt::format("- id: {}\n", id);
  if (!guess.each.empty()) out += fmt::format("  each: {}\n", guess.each);
  if (!guess.where.empty()) out += fmt::format("  where: {}\n", guess.where);
  return out + fmt::format("  {}\n", guess.body);
}

// By the documents as they would be: what was guessed from numbers is judged by `check`.
bool Suggester::holds(const std::string& schema, const std::string& rules, const Guess& guess, Suggestion& out) const {
  std::vector<std::string> problems;
  const auto patched = mutate::Format::load_text(schema, rules, input_.builds, problems);
  if (!patched) return false;
  std::size_t crashes = 0;
  std::size_t good = 0;
  for (const Example& example : examples_) {
    if (!example.is_known()) continue;
    const bool is_refused = error_of(*patched, example.content, input_.build).has_value();
    if (example.kind == Example::Kind::crash) {
      if (!is_refused) return false;
      ++crashes;
    } else if (is_refused) {
      return false;
    } else {
      ++good;
    }
  }
  out.evidence.push_back(crashes == 1
                             ? "It refuses the smallest file of the fault."
                             : fmt::format("It refuses the smallest file of the fault, and the {} that were found.",
                                           counted(crashes - 1, "other")));
  if (num_refused_ != 0)
    out.evidence.push_back(fmt::format("{} of it `check` refuses already.", counted(num_refused_, "more file")));
  if (good != 0) out.evidence.push_back(fmt::format("It accepts all of {}.", counted(good, "good file")));
  tell(guess, out);
  return true;
}

void Suggester::tell(const Guess& guess, Suggestion& out) const {
  std::size_t faulty = 0;
  std::size_t clean = 0;
  for (const Example& example : examples_) {
    faulty += example.kind == Example::Kind::faulty ? 1 : 0;
    clean += example.kind == Example::Kind::clean ? 1 : 0;
  }
  if (faulty != 0) {
    out.evidence.push_back(fmt::format("Of {} near these that fault it refuses {}.", counted(faulty, "content"),
                                       faulty - guess.weight.accepted_faulty));
  }
  if (clean != 0) {
    out.evidence.push_back(fmt::format("Of {} near these that do not fault it refuses {}.", counted(clean, "content"),
                                       guess.weight.refused_clean));
  }
  if (guess.bound) {
    out.evidence.push_back(
        fmt::format("The bound was found by trying: {} is the weakest of its kind.", to_string(*guess.bound)));
  }
}

bool Suggester::take(const Guess& guess, Suggestion& out) const {
  out = {};
  if (!guess.valid.empty()) {
    const mutate::Site& site = format_.site(guess.site);
    const schema::TypeSpec& type = format_.schema().type(site.owner);
    if (type.file_index != 0) return false;
    const auto edit = add_valid(input_.schema_text, site.member->path, guess.valid);
    if (!edit) return false;
    if (!holds(apply(input_.schema_text, *edit), input_.rules_text, guess, out)) return false;
    out.kind = Suggestion::Kind::valid;
    out.text = fmt::format("{}: valid: {}", site.member->id, guess.valid);
    out.patch = diff_of(input_.schema_text, *edit, input_.schema_file);
    return true;
  }
  const std::string id = id_of(guess.words);
  for (const std::string& name : {id, id + "-2"}) {
    const std::string rule = rule_of(guess, name);
    const auto edit = add_rule(input_.rules_text, format_.schema().id, rule);
    if (!edit) return false;
    out = {};
    if (!holds(input_.schema_text, apply(input_.rules_text, *edit), guess, out)) continue;
    out.kind = guess.kind;
    out.text = rule;
    out.patch = diff_of(input_.rules_text, *edit, input_.rules_file);
    return true;
  }
  return false;
}

Suggestion Suggester::run() {
  Suggestion out;
  if (is_refused_already(out)) return out;
  examples_ = collect_examples(format_, whole_, place_, effects_, evidence_, oracle_);
  leave_out_refused();
  std::vector<Guess> all = guesses(true);
  const bool leaves_clean = all.empty();
  // What is read behind an object may be there by luck.
  if (leaves_clean) {
    std::erase_if(examples_, is_clean);
    all = guesses(false);
  }
  std::size_t tried = 0;
  for (const Guess& guess : all) {
    if (tried++ == kMostCompiled) break;
    if (!take(guess, out)) continue;
    if (leaves_clean) {
      out.evidence.emplace_back("Contents near these that do not fault do not count here: no rule tells them apart.");
    }
    return out;
  }
  out = {};
  out.why = all.empty()
                ? fmt::format("none of the kinds of rules that were tried tells {} apart from {}",
                              "the files that fault", "those that do not")
                : fmt::format("{} rules were tried, and none refuses what faults and accepts what is good", tried);
  return out;
}

}  // namespace

Suggestion suggest(const SuggestInput& input, const mutate::Format& format, std::span<const std::uint8_t> minimal,
                   std::uint64_t place, const explain::Effects& effects, const Evidence& evidence,
                   engine::Oracle& oracle) {
  return Suggester(input, format, minimal, place, effects, evidence, oracle).run();
}

}  // namespace sluice::suggest
