#include "fuzz/engine/exploration.h"

#include "validator/program/session.h"
#include "validator/run/search.h"
#include "validator/schema/compile.h"

namespace sluice::engine {

namespace {

constexpr int kMostRounds = 64;
constexpr std::size_t kMostEvents = 512;  // for one content

}  // namespace

Exploration::Exploration(const mutate::Format& format, const std::vector<DescribedType>& types) : format_(format) {
  for (const DescribedType& type : types) {
    run::DescribedType& to = types_.emplace_back();
    to.type = type.type;
    for (const std::uint32_t kind : type.kinds) to.inputs.push_back(static_cast<run::InputKind>(kind));
  }
  if (!format.schema().rules.uses) return;
  program_ = schema::compile(format.schema(), {.keep_everything = true, .builds = format.builds()});
  plan_ = difference::Plan::of(format.schema(), *program_);
}

void Exploration::explore(std::span<const std::uint8_t> content, const Try& attempt) const {
  if (!program_ || format_.builds().empty()) return;
  const program::Limits limits;
  program::Session session(*program_, content, limits);
  (void)session.read();
  const run::Uses uses = run::find_uses(session, plan_, content);
  const run::Shapes shapes(types_, format_.builds().front(), uses);
  run::Values values;
  std::vector<run::Attempt> attempts = run::attempts_for(uses, shapes, values);
  std::size_t left = kMostEvents;
  std::vector<run::Reached> reached;
  const auto ask = [&](run::Attempt& about, const run::Event& event) {
    if (left == 0) return false;
    --left;
    reached.clear();
    const std::string encoded = run::encode({&event, 1}, values);
    const bool goes_on = attempt({reinterpret_cast<const std::uint8_t*>(encoded.data()), encoded.size()}, reached);
    about.learn(event, reached);
    return goes_on;
  };
  for (run::Attempt& about : attempts) {
    if (!ask(about, run::Event(about.event()))) return;
  }
  bool has_more = true;
  for (int round = 0; round < kMostRounds && has_more; ++round) {
    has_more = false;
    for (run::Attempt& about : attempts) {
      for (const run::Event& event : about.next()) {
        has_more = true;
        if (!ask(about, event)) return;
      }
    }
  }
}

}  // namespace sluice::engine
