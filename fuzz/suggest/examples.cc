#include "fuzz/suggest/examples.h"

#include <algorithm>
#include <set>

#include "fuzz/cause/signature.h"
#include "fuzz/mutate/flip.h"
#include "fuzz/mutate/random.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::suggest {

namespace {

using Clock = std::chrono::steady_clock;
using engine::Observation;
using mutate::NodeId;

constexpr std::size_t kMostFields = 8;       // of those that do something
constexpr std::size_t kMostOfParts = 24;     // of the elements that a count says are needed
constexpr std::size_t kMostElements = 6;     // of one field, in one file
constexpr std::size_t kMostBases = 40;       // files whose neighbours are looked at
constexpr std::uint32_t kMostDoubles = 600;  // neighbours with two fields changed, of the smallest file

class Collector {
 public:
  Collector(const mutate::Format& format, std::uint64_t place, const explain::Effects& effects, engine::Oracle& oracle,
            const ExampleLimits& limits)
      : place_(place), effects_(effects), oracle_(oracle), limits_(limits), flipper_(format) {}

  std::vector<Example> collect(std::span<const std::uint8_t> minimal, const Evidence& evidence);

 private:
  [[nodiscard]] bool is_over() const { return tries_ >= limits_.tries || Clock::now() >= until_; }
  Observation ask(std::span<const std::uint8_t> content);
  void add(Example::Kind kind, std::span<const std::uint8_t> content);
  void look(std::span<const std::uint8_t> content);
  void find_fields();
  [[nodiscard]] std::vector<NodeId> nodes_of(const std::string& field) const;
  [[nodiscard]] std::vector<Integer> values_for(NodeId node, const std::string& field) const;
  void flip_one(const std::string& field, std::size_t most_elements);
  void bisect(const explain::Effect& effect);
  void flip_two(mutate::Random& random);

  std::uint64_t place_;
  const explain::Effects& effects_;
  engine::Oracle& oracle_;
  ExampleLimits limits_;
  mutate::Flipper flipper_;
  std::vector<std::string> fields_;
  std::vector<Example> out_;
  std::set<std::vector<std::uint8_t>> seen_;
  std::span<const std::uint8_t> input_;  // whose events are run
  std::uint32_t tries_ = 0;
  Clock::time_point until_;
};

Observation Collector::ask(std::span<const std::uint8_t> content) {
  ++tries_;
  return oracle_.run(bytes::with_content(input_, content), effects_.needs_events);
}

void Collector::add(Example::Kind kind, std::span<const std::uint8_t> content) {
  std::vector<std::uint8_t> bytes(content.begin(), content.end());
  if (!seen_.insert(bytes).second) return;
  out_.push_back({.kind = kind, .content = std::move(bytes)});
}

// What is neither the fault nor clean says nothing.
void Collector::look(std::span<const std::uint8_t> content) {
  if (is_over() || seen_.contains({content.begin(), content.end()})) return;
  const Observation seen = ask(content);
  if (cause::find_place(seen, place_) != nullptr) {
    add(Example::Kind::faulty, content);
  } else if (seen.faults.empty() && seen.is_accepted) {
    add(Example::Kind::clean, content);
  }
}

std::vector<NodeId> Collector::nodes_of(const std::string& field) const {
  std::vector<NodeId> nodes;
  const mutate::Tree& tree = flipper_.tree();
  for (const NodeId id : flipper_.fields()) {
    if (cause::field_without_indices(mutate::path_of(tree, id)) == field) nodes.push_back(id);
  }
  return nodes;
}

std::vector<Integer> Collector::values_for(NodeId node, const std::string& field) const {
  const mutate::Tree& tree = flipper_.tree();
  std::vector<Integer> values;
  const auto add_value = [&](Integer value) {
    const bool fits = value >= mutate::least_of(tree[node]) && value <= mutate::most_of(tree[node]);
    if (fits && std::ranges::find(values, value) == values.end()) values.push_back(value);
  };
  for (const explain::Effect& effect : effects_.fields) {
    if (!effect.number || cause::field_without_indices(effect.path) != field) continue;
    for (const Integer near : {0, -1, 1, -2, 2}) add_value(*effect.number + near);
  }
  for (const mutate::FlipValue& value : flipper_.others(node)) add_value(value.number);
  if (tree[node].enum_id == schema::kNoEnum) {
    for (Integer power = 2; power <= 1 << 16; power *= 4) add_value(power);
  }
  return values;
}

void Collector::flip_one(const std::string& field, std::size_t most_elements) {
  std::vector<NodeId> nodes = nodes_of(field);
  if (nodes.size() > most_elements) nodes.resize(most_elements);
  for (const NodeId node : nodes) {
    std::vector<mutate::FlipValue> values;
    if (flipper_.tree()[node].is_number()) {
      for (const Integer number : values_for(node, field)) values.push_back({.number = number});
    } else {
      values = flipper_.others(node);
    }
    for (const mutate::FlipValue& value : values) {
      for (const bool repairs : {true, false}) {
        if (is_over()) return;
        if (flipper_.flip(node, value, repairs)) look(flipper_.bytes());
      }
    }
  }
}

// Where the fault begins, between a value that is clean and the one that there is.
void Collector::bisect(const explain::Effect& effect) {
  if (!effect.cures || !effect.number) return;
  std::vector<NodeId> nodes;
  for (const NodeId id : nodes_of(cause::field_without_indices(effect.path))) {
    if (mutate::path_of(flipper_.tree(), id) == effect.path) nodes.push_back(id);
  }
  if (nodes.empty()) return;
  const auto cure = effect.cure.starts_with('-') ? std::nullopt : parse_integer_literal(effect.cure);
  if (!cure) return;
  Integer bad = *effect.number;
  Integer good = *cure;
  while (!is_over() && (bad - good > 1 || good - bad > 1)) {
    const Integer middle = good + (bad - good) / 2;
    if (!flipper_.flip(nodes.front(), {.number = middle}, true)) return;
    const Observation seen = ask(flipper_.bytes());
    const bool is_bad = cause::find_place(seen, place_) != nullptr;
    if (is_bad) add(Example::Kind::faulty, flipper_.bytes());
    if (seen.faults.empty() && seen.is_accepted) add(Example::Kind::clean, flipper_.bytes());
    (is_bad ? bad : good) = middle;
  }
}

// What holds of two fields together shows when both change.
void Collector::flip_two(mutate::Random& random) {
  const std::vector<std::uint8_t> base(flipper_.tree().bytes().begin(), flipper_.tree().bytes().end());
  for (std::uint32_t i = 0; i < kMostDoubles && !is_over(); ++i) {
    flipper_.begin(base);
    for (int step = 0; step < 2; ++step) {
      const std::string& field = fields_[random.below(step == 0 ? 1 : fields_.size())];
      const std::vector<NodeId> nodes = nodes_of(field);
      if (nodes.empty()) break;
      const NodeId node = nodes[random.below(nodes.size())];
      mutate::FlipValue value;
      if (flipper_.tree()[node].is_number()) {
        const std::vector<Integer> values = values_for(node, field);
        if (values.empty()) break;
        value.number = values[random.below(values.size())];
      } else {
        value = flipper_.others(node).front();
      }
      if (!flipper_.flip(node, value, random.below(2) == 0)) break;
      const std::vector<std::uint8_t> bytes(flipper_.bytes().begin(), flipper_.bytes().end());
      if (step == 1) look(bytes);
      flipper_.begin(bytes);
    }
  }
  flipper_.begin(base);
}

void Collector::find_fields() {
  const auto add_field = [this](const std::string& field) {
    if (std::ranges::find(fields_, field) == fields_.end()) fields_.push_back(field);
  };
  for (const explain::Effect& effect : effects_.fields) {
    if (fields_.size() < kMostFields) add_field(cause::field_without_indices(effect.path));
  }
  if (fields_.empty()) return;
  // A count says no more than that its elements are needed: one of theirs is it.
  for (const NodeId id : flipper_.fields()) {
    if (!effects_.is_of_parts() || fields_.size() == kMostOfParts) break;
    const std::string path = mutate::path_of(flipper_.tree(), id);
    if (path.find('[') != std::string::npos) add_field(cause::field_without_indices(path));
  }
  // Whatever is beside the guilty one may be what bounds it.
  const std::string guilty = fields_.front();
  const std::size_t dot = guilty.rfind('.');
  if (dot == std::string::npos) return;
  for (const NodeId id : flipper_.fields()) {
    const std::string field = cause::field_without_indices(mutate::path_of(flipper_.tree(), id));
    if (field.rfind('.') == dot && field.starts_with(guilty.substr(0, dot + 1))) add_field(field);
  }
}

std::vector<Example> Collector::collect(std::span<const std::uint8_t> minimal, const Evidence& evidence) {
  until_ = Clock::now() + limits_.time;
  input_ = minimal;
  add(Example::Kind::crash, bytes::content_part(minimal));
  for (const auto& crash : evidence.crashes) add(Example::Kind::crash, bytes::content_part(crash));
  for (const auto& good : evidence.good) {
    // The limit is for neighbours.
    if (const Observation seen = ask(bytes::content_part(good)); seen.faults.empty()) {
      add(Example::Kind::good, bytes::content_part(good));
    }
  }
  const std::size_t num_known = out_.size();
  flipper_.begin(bytes::content_part(minimal));
  find_fields();
  if (fields_.empty()) return std::move(out_);
  const std::string guilty = fields_.front();
  bisect(effects_.fields.front());
  flip_one(guilty, kMostElements);
  // In other files other things bound it.
  const auto flip_in_others = [&](auto flip) {
    for (std::size_t i = 1; i < std::min(num_known, kMostBases) && !is_over(); ++i) {
      const std::vector<std::uint8_t> base = out_[i].content;
      flipper_.begin(base);
      flip();
    }
    flipper_.begin(bytes::content_part(minimal));
  };
  flip_in_others([&] { flip_one(guilty, 2); });
  for (const std::string& field : fields_) {
    if (field != guilty) flip_one(field, kMostElements);
  }
  mutate::Random random(1);
  flip_two(random);
  flip_in_others([&] {
    for (const std::string& field : fields_) {
      if (field != guilty) flip_one(field, 1);
    }
  });
  return std::move(out_);
}

}  // namespace

std::vector<Example> collect_examples(const mutate::Format& format, std::span<const std::uint8_t> minimal,
                                      std::uint64_t place, const explain::Effects& effects, const Evidence& evidence,
                                      engine::Oracle& oracle, const ExampleLimits& limits) {
  return Collector(format, place, effects, oracle, limits).collect(minimal, evidence);
}

}  // namespace sluice::suggest
