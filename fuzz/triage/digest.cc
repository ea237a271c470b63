#include "fuzz/triage/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "fuzz/cause/signature.h"
#include "fuzz/engine/corpus.h"
#include "fuzz/explain/explain.h"
#include "fuzz/explain/smallest_effects.h"
#include "fuzz/shrink/shrink.h"
#include "fuzz/suggest/suggest.h"
#include "validator/bytes/fuzz_input.h"
#include "validator/bytes/packed.h"

namespace sluice::triage {

namespace {

constexpr std::uint32_t kRuns = 10;
constexpr const char* kEnded = "the process that looked at it has ended";

std::string text_of(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

// Asks with the events that are for all content as long as they do: that is many times faster.
class Showing {
 public:
  Showing(engine::Oracle& oracle, std::uint64_t place) : oracle_(oracle), place_(place) {}

  // Decides which events it takes, and counts how often it shows.
  std::uint64_t count(std::span<const std::uint8_t> input) {
    explores_ = cause::find_place(oracle_.run(input, false), place_) == nullptr;
    std::uint64_t shown = 0;
    for (std::uint32_t i = 0; i < kRuns; ++i) shown += shows(input);
    return shown;
  }
  bool shows(std::span<const std::uint8_t> input) {
    const engine::Observation seen = oracle_.run(input, explores_);
    const engine::Fault* found = cause::find_place(seen, place_);
    if (found == nullptr) return false;
    fault_ = *found;
    return true;
  }
  [[nodiscard]] const engine::Fault& fault() const { return fault_; }

 private:
  engine::Oracle& oracle_;
  std::uint64_t place_;
  bool explores_ = false;
  engine::Fault fault_{};  // the last
};

report::TriageField& field_at(std::vector<report::TriageField>& fields, const std::string& path) {
  const auto found = std::ranges::find(fields, path, &report::TriageField::path);
  if (found != fields.end()) return *found;
  fields.push_back({.path = path, .bytes = {}, .value = {}, .clean = {}, .does = {}});
  return fields.back();
}

// Those that do something, as far as they are guilty, move the fault or are needed; then what else sets it apart from
// plain content.
std::vector<report::TriageField> fields_of(const explain::Explanation& explanation,
                                           const std::vector<shrink::Needed>& needed) {
  std::vector<report::TriageField> fields;
  for (const report::TriageField& field : explanation.fields) {
    const bool is_needed = std::ranges::find(needed, field.path, &shrink::Needed::path) != needed.end();
    if (field.is_guilty || !field.does.empty() || is_needed) fields.push_back(field);
  }
  for (const shrink::Needed& need : needed) {
    report::TriageField& field = field_at(fields, need.path);
    field.bytes = need.bytes;
    field.value = need.value;
    if (field.clean.empty()) field.clean = need.plain;
  }
  return fields;
}

void pack(bytes::Packer& out, const report::TriageField& field) {
  out.text(field.path).number(field.bytes.begin).number(field.bytes.end).text(field.value).text(field.clean);
  out.text(field.does).flag(field.is_guilty);
}

report::TriageField unpack_field(bytes::Unpacker& in) {
  report::TriageField field;
  field.path = in.text();
  field.bytes.begin = in.number();
  field.bytes.end = in.number();
  field.value = in.text();
  field.clean = in.text();
  field.does = in.text();
  field.is_guilty = in.flag();
  return field;
}

std::string pack(const Digest& digest) {
  bytes::Packer out;
  out.text(digest.problem).text(text_of(digest.input)).flag(digest.is_shrunk_fully);
  out.number(digest.reproduced).number(digest.runs);
  out.text({reinterpret_cast<const char*>(&digest.fault), sizeof digest.fault})
      .flag(digest.is_of_parts)
      .text(digest.sentence)
      .text(digest.inequality);
  out.number(digest.fields.size());
  for (const report::TriageField& field : digest.fields) pack(out, field);
  return out.packed();
}

std::string_view word_of(suggest::Suggestion::Kind kind) {
  switch (kind) {
    case suggest::Suggestion::Kind::refused_already: return "refused already";
    case suggest::Suggestion::Kind::contract: return "contract";
    case suggest::Suggestion::Kind::rule: return "rule";
    case suggest::Suggestion::Kind::valid: return "valid";
    case suggest::Suggestion::Kind::none: break;
  }
  return "none";
}

std::string whole_text(const std::string& path) {
  constexpr std::uint64_t kMost = 16u << 20;
  std::vector<std::uint8_t> bytes;
  std::string problem;
  if (path.empty() || !engine::read_whole(path, kMost, bytes, problem)) return {};
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::string make_digest(const Targets& targets, const Suspect& suspect) {
  Digest digest{
      .problem = {}, .input = suspect.input, .fault = suspect.fault, .fields = {}, .sentence = {}, .inequality = {}};
  const auto oracle = targets.start(suspect.build, digest.problem);
  if (oracle == nullptr) return pack(digest);
  const mutate::Format& format = *targets.build(suspect.build).format;
  const std::uint64_t place = cause::place_of(suspect.fault);
  Showing showing(*oracle, place);
  digest.runs = kRuns;
  digest.reproduced = showing.count(suspect.input);
  if (digest.reproduced == 0) return pack(digest);
  shrink::Shrunk shrunk = shrink::shrink(format, suspect.input,
                                         [&](std::span<const std::uint8_t> input) { return showing.shows(input); }, {});
  digest.is_shrunk_fully = shrunk.is_done;
  digest.input = std::move(shrunk.input);
  // As memory was when it showed last, which may have been another file.
  for (std::uint32_t i = 0; i < kRuns && !showing.shows(digest.input); ++i) {
  }
  digest.fault = showing.fault();
  const explain::Effects effects =
      explain::find_smallest_effects(format, digest.input, {&suspect.input, 1}, place, *oracle);
  const explain::Explanation explanation = explain::explain(effects);
  digest.is_of_parts = effects.is_of_parts();
  digest.sentence = explanation.sentence;
  digest.inequality = explanation.inequality;
  digest.fields = fields_of(explanation, shrunk.needed);
  return pack(digest);
}

Digest read_digest(const std::string* made) {
  Digest digest;
  if (made == nullptr) {
    digest.problem = kEnded;
    return digest;
  }
  bytes::Unpacker in(*made);
  digest.problem = in.text();
  const std::string input = in.text();
  digest.input.assign(input.begin(), input.end());
  digest.is_shrunk_fully = in.flag();
  digest.reproduced = in.number();
  digest.runs = in.number();
  const std::string fault = in.text();
  if (fault.size() == sizeof digest.fault) std::memcpy(&digest.fault, fault.data(), fault.size());
  digest.is_of_parts = in.flag();
  digest.sentence = in.text();
  digest.inequality = in.text();
  for (std::uint64_t left = in.count(1); left > 0; --left) digest.fields.push_back(unpack_field(in));
  if (!in.is_whole()) digest.problem = kEnded;
  return digest;
}

std::string make_suggestion(const Targets& targets, const Suspect& shrunk, const Witnesses& witnesses) {
  const engine::Options& options = targets.options();
  const engine::BuildOptions& build = targets.build(shrunk.build);
  std::string problem;
  suggest::Suggestion suggestion;
  if (const auto oracle = targets.start(shrunk.build, problem)) {
    const std::uint64_t place = cause::place_of(shrunk.fault);
    const explain::Effects effects =
        explain::find_smallest_effects(*build.format, shrunk.input, witnesses.crashes, place, *oracle);
    const suggest::SuggestInput input{.schema_text = whole_text(options.schema),
                                      .rules_text = whole_text(options.rules),
                                      .schema_file = options.schema,
                                      .rules_file = options.rules,
                                      .builds = targets.format().builds(),
                                      .build = build.name};
    const suggest::Evidence evidence{.good = {witnesses.good.begin(), witnesses.good.end()},
                                     .crashes = witnesses.crashes};
    suggestion = suggest::suggest(input, *build.format, shrunk.input, place, effects, evidence, *oracle);
  } else {
    suggestion.why = problem;
  }
  bytes::Packer out;
  const bool is_none = suggestion.kind == suggest::Suggestion::Kind::none;
  const bool is_refused = suggestion.kind == suggest::Suggestion::Kind::refused_already;
  out.text(word_of(suggestion.kind)).text(is_none ? suggestion.why : is_refused ? suggestion.rule : suggestion.text);
  out.text(suggestion.patch).number(suggestion.evidence.size());
  for (const std::string& each : suggestion.evidence) out.text(each);
  return out.packed();
}

report::TriageSuggestion read_suggestion(const std::string* made) {
  report::TriageSuggestion suggestion{.kind = "none", .text = kEnded, .patch = {}, .evidence = {}};
  if (made == nullptr) return suggestion;
  bytes::Unpacker in(*made);
  suggestion.kind = in.text();
  suggestion.text = in.text();
  suggestion.patch = in.text();
  for (std::uint64_t left = in.count(1); left > 0; --left) suggestion.evidence.push_back(in.text());
  return suggestion;
}

}  // namespace sluice::triage
