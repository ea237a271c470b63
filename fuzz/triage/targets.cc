#include "fuzz/triage/targets.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "fuzz/engine/corpus.h"
#include "fuzz/triage/parallel.h"
#include "validator/bytes/packed.h"

namespace sluice::triage {

namespace {

constexpr std::size_t kMostAtOnce = 64;  // questions of one process

// What one process asks of one build.
struct Chunk {
  std::size_t build = 0;
  std::span<const Question> questions;
};

std::vector<Chunk> chunks_of(std::span<const Question> questions) {
  std::vector<Chunk> chunks;
  while (!questions.empty()) {
    std::size_t count = 1;
    while (count < questions.size() && count < kMostAtOnce && questions[count].build == questions[0].build) ++count;
    chunks.push_back({.build = questions[0].build, .questions = questions.first(count)});
    questions = questions.subspan(count);
  }
  return chunks;
}

void pack(bytes::Packer& out, const Asked& asked) {
  out.number(asked.input).number(asked.build).number(asked.tries).number(asked.faults.size());
  for (const engine::Fault& fault : asked.faults) {
    out.text({reinterpret_cast<const char*>(&fault), sizeof fault});
  }
}

Asked unpack(bytes::Unpacker& in) {
  Asked asked;
  asked.input = in.number();
  asked.build = in.number();
  asked.tries = static_cast<std::uint32_t>(in.number());
  for (std::uint64_t left = in.count(sizeof(engine::Fault)); left > 0; --left) {
    const std::string bytes = in.text();
    if (bytes.size() != sizeof(engine::Fault)) {
      in.refuse();
      break;
    }
    std::memcpy(&asked.faults.emplace_back(), bytes.data(), bytes.size());
  }
  return asked;
}

std::string ask_chunk(const Targets& targets, const Chunk& chunk, const ReadInput& read, std::uint32_t most_tries) {
  std::string problem;
  const auto oracle = targets.start(chunk.build, problem);
  bytes::Packer out;
  out.text(problem);
  if (oracle == nullptr) return out.packed();
  std::vector<std::uint8_t> bytes;
  for (const Question& question : chunk.questions) {
    if (!read(question.input, bytes)) continue;
    Asked asked{.input = question.input, .build = question.build, .tries = 0, .faults = {}};
    while (asked.tries < most_tries && asked.faults.empty()) {
      ++asked.tries;
      asked.faults = oracle->run(bytes, /*explores=*/true).faults;
    }
    pack(out, asked);
  }
  return out.packed();
}

}  // namespace

std::unique_ptr<engine::JobOracle> Targets::start(std::size_t build, std::string& problem) const {
  const std::string folder = file("oracle-" + std::to_string(build));
  if (!engine::make_folder(folder, problem)) return nullptr;
  return engine::JobOracle::start(options_, options_.builds[build], folder, problem);
}

std::string Targets::file(const std::string& name) const {
  return scratch_ + "/" + std::to_string(::getpid()) + "-" + name;
}

Answers ask(const Targets& targets, std::vector<Question> questions, const ReadInput& read, std::uint32_t most_tries,
            std::size_t jobs) {
  std::ranges::sort(questions, {}, [](const Question& q) { return std::pair(q.build, q.input); });
  const std::vector<Chunk> chunks = chunks_of(questions);
  Answers answers{.asked = {}, .problems = std::vector<std::string>(targets.num_builds())};
  const auto work = [&](std::size_t i) { return ask_chunk(targets, chunks[i], read, most_tries); };
  const auto done = [&](std::size_t i, const std::string* said) {
    std::string& problem = answers.problems[chunks[i].build];
    if (said == nullptr) {
      problem = "the process that asked it has ended";
      return;
    }
    bytes::Unpacker in(*said);
    const std::string why = in.text();
    if (!why.empty()) problem = why;
    while (in.is_good() && !in.is_whole()) {
      Asked asked = unpack(in);
      if (in.is_good()) answers.asked.push_back(std::move(asked));
    }
  };
  if (!in_parallel(chunks.size(), jobs, work, done)) {
    for (std::string& problem : answers.problems) problem = "no process can be started";
  }
  std::ranges::sort(answers.asked, {}, [](const Asked& a) { return std::pair(a.input, a.build); });
  return answers;
}

}  // namespace sluice::triage
