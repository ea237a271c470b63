#include "validator/run/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "validator/finding/finding.h"
#include "validator/run/frame.h"

namespace sluice::run {

namespace {

using nlohmann::json;

constexpr std::uint64_t kLargestAnswer = 32u << 20;
constexpr std::uint64_t kMeasureCalls = 3 * 2;  // load and evaluate, under two poisons and in steps
constexpr std::chrono::milliseconds kMostPatience = std::chrono::hours(1);

json request_for(std::string_view what, std::uint64_t id, const Content& content) {
  return {{"do", what}, {"id", id}, {"content", content.bytes.size()}, {"name", content.name}};
}

// A name of a file may hold any bytes.
std::string text_of(const json& request) { return request.dump(-1, ' ', true, json::error_handler_t::replace); }

// What a worker that ended said last, on one line.
std::string last_words(const std::string& complaint) {
  std::string_view text = complaint;
  while (text.ends_with('\n')) text.remove_suffix(1);
  text = text.substr(text.rfind('\n') + 1);
  return text.empty() ? "" : fmt::format(": {}", printable(text, 200, Quotes::keep));
}

}  // namespace

std::unique_ptr<Worker> Worker::start(const WorkerOptions& options, const TargetFiles& target, std::string& problem) {
  auto worker = std::make_unique<Worker>();
  worker->patience_ = options.patience;
  worker->call_ = options.call;
  std::vector<std::string> words = {options.program};
  words.insert(words.end(), options.budgets.begin(), options.budgets.end());
  if (!target.image.empty()) words.insert(words.end(), {"--image", target.image});
  if (!target.image.empty() && options.coverage) words.emplace_back("--coverage");
  words.push_back(target.path);
  if (!worker->process_.start(words, problem)) return nullptr;
  const auto answer = worker->receive({}, 0, problem);
  if (!answer) return nullptr;
  auto hello = read_hello(answer->json, problem);
  if (!hello) return nullptr;
  worker->hello_ = std::move(*hello);
  return worker;
}

std::optional<Worker::Answer> Worker::receive(std::span<const std::string_view> request, std::uint64_t calls,
                                              std::string& problem) {
  const std::chrono::milliseconds patience =
      std::min(patience_ + call_ * static_cast<std::int64_t>(calls), std::max(patience_, kMostPatience));
  FrameReader reader(kLargestAnswer);
  auto state = FrameReader::State::more;
  const auto take = [&](std::string_view bytes) {
    state = reader.take(bytes);
    return state == FrameReader::State::more ? Process::Took::more : Process::Took::enough;
  };
  switch (process_.talk(request, take, patience)) {
    case Process::Talk::enough: break;
    case Process::Talk::ended: {
      const std::string end = process_.stop();
      problem = fmt::format("it ended without an answer, {}{}", end, last_words(process_.complaint()));
      return std::nullopt;
    }
    case Process::Talk::late: problem = fmt::format("no answer within {} ms", patience.count()); return std::nullopt;
  }
  if (state == FrameReader::State::done) return Answer{std::string(reader.json()), std::string(reader.blob())};
  problem = state == FrameReader::State::too_large ? fmt::format("an answer of more than {} MiB", kLargestAnswer >> 20)
                                                   : "more than one answer to one request";
  return std::nullopt;
}

std::optional<Worker::Answer> Worker::ask(const json& request, const Content& content, std::span<const Event> events,
                                          const Values& values, std::uint64_t calls, std::string& problem) {
  const std::string blob = encode(events, values);
  const std::string_view bytes(reinterpret_cast<const char*>(content.bytes.data()), content.bytes.size());
  if (bytes.size() + blob.size() > kLargestFrame - (1u << 20)) {
    problem = "content and events are larger than a request may be";
    return std::nullopt;
  }
  const std::string head = frame_head(text_of(request), bytes.size() + blob.size());
  return receive(std::array<std::string_view, 3>{head, bytes, blob}, calls, problem);
}

std::optional<RunAnswer> Worker::run(const Content& content, std::span<const Event> events, const Values& values,
                                     const RunOptions& options, std::string& problem) {
  json request = request_for("run", ++id_, content);
  request["trace"] = options.trace;
  request["once"] = options.once;
  request["poisons"] = options.poisons;
  request["leaks"] = options.leaks;
  request["sealed"] = options.sealed;
  for (const auto& [type, count] : content.supplies)
    request["supplies"][to_string(type)] = static_cast<std::uint64_t>(count);
  const auto answer = ask(request, content, events, values, options.poisons * (events.size() + 2), problem);
  if (!answer) return std::nullopt;
  auto told = read_run_answer(answer->json, answer->blob, id_, static_cast<std::uint32_t>(events.size()), problem);
  if (told && hits_ != nullptr) hits_->add(target_, told->blocks_hit);
  return told;
}

std::optional<BlocksAnswer> Worker::blocks(std::span<const std::uint32_t> hit, std::string& problem) {
  constexpr std::uint64_t kReadingCalls = 20;  // the code of the image is read
  std::string blob;
  for (const std::uint32_t offset : hit) {
    for (unsigned shift = 0; shift < 32; shift += 8) blob += static_cast<char>(offset >> shift & 0xFF);
  }
  const std::string head = frame_head(text_of({{"do", "blocks"}, {"id", ++id_}}), blob.size());
  const auto answer = receive(std::array<std::string_view, 2>{head, blob}, kReadingCalls, problem);
  return answer ? read_blocks_answer(answer->json, answer->blob, id_, problem) : std::nullopt;
}

std::optional<MeasureAnswer> Worker::measure(const Content& content, const Event& event, const Values& values,
                                             std::string& problem) {
  json request = request_for("measure", ++id_, content);
  request["type"] = event.type;
  const auto answer = ask(request, content, {&event, 1}, values, kMeasureCalls, problem);
  return answer ? read_measure_answer(answer->json, id_, problem) : std::nullopt;
}

}  // namespace sluice::run
