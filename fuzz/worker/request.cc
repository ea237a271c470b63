#include "fuzz/worker/request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "fuzz/worker/events.h"

namespace sluice::worker {

namespace {

using nlohmann::json;

struct Known {
  std::string_view name;
  Order order;
};
constexpr std::array kKnown = {Known{"run", Order::run}, Known{"measure", Order::measure},
                               Known{"blocks", Order::list}};

class RequestReader {
 public:
  RequestReader(const json& request, std::string& why) : request_(request), why_(why) {}

  [[nodiscard]] bool has_failed() const { return has_failed_; }

  void fail(const std::string& why) {
    if (!has_failed_) why_ = why;
    has_failed_ = true;
  }

  std::uint64_t number(const char* key, std::uint64_t otherwise, std::uint64_t most) {
    const auto at = request_.find(key);
    if (at == request_.end()) return otherwise;
    if (at->is_number_unsigned() && at->get<std::uint64_t>() <= most) return at->get<std::uint64_t>();
    fail(std::string("`") + key + "` is no number from 0 to " + std::to_string(most));
    return otherwise;
  }

  bool boolean(const char* key, bool otherwise) {
    const auto at = request_.find(key);
    if (at == request_.end()) return otherwise;
    if (at->is_boolean()) return at->get<bool>();
    fail(std::string("`") + key + "` is neither true nor false");
    return otherwise;
  }

  std::string text(const char* key) {
    const auto at = request_.find(key);
    return at != request_.end() && at->is_string() ? at->get<std::string>() : std::string();
  }

  void required(const char* key) {
    if (!request_.contains(key)) fail(std::string("`") + key + "` is missing");
  }

  void supplies(Job& job) {
    job.num_supplies = 0;
    const auto at = request_.find("supplies");
    if (at == request_.end()) return;
    if (!at->is_object() || at->size() > kMaxSupplies) return fail("`supplies` is no object, or has too many keys");
    for (const auto& [key, value] : at->items()) {
      Supply& supply = job.supplies[job.num_supplies];
      const char* end = key.data() + key.size();
      const auto [stop, error] = std::from_chars(key.data(), end, supply.type);
      if (error != std::errc() || stop != end || !value.is_number_unsigned() ||
          value.get<std::uint64_t>() > kMaxInputs) {
        return fail("`supplies` wants numbers: template type, elements");
      }
      supply.count = value.get<std::uint32_t>();
      ++job.num_supplies;
    }
  }

 private:
  const json& request_;
  std::string& why_;
  bool has_failed_ = false;
};

}  // namespace

std::optional<Request> read_request(std::string_view text, std::span<const std::uint8_t> blob, Job& job,
                                    std::string& why) {
  // Nested requests would recurse in the library; ours are two levels deep.
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= 4; };
  const json parsed = json::parse(text, shallow, false);
  if (parsed.is_discarded() || !parsed.is_object()) {
    why = "a frame's JSON is no object";
    return std::nullopt;
  }
  RequestReader reader(parsed, why);
  Request request;
  request.id = static_cast<std::int64_t>(reader.number("id", 0, INT64_MAX));
  const std::string what = reader.text("do");
  const auto known = std::ranges::find(kKnown, what, &Known::name);
  if (known == kKnown.end()) {
    why = "unknown `do`: run, measure and blocks are known";
    return std::nullopt;
  }
  job.order = request.order = known->order;
  const bool measures = request.order == Order::measure;
  if (request.order == Order::list) {
    job.content_size = blob.size();
    if (blob.size() % sizeof(std::uint32_t) != 0) reader.fail("the blob of `blocks` is no list of offsets");
    return reader.has_failed() ? std::nullopt : std::optional(request);
  }
  reader.required("content");
  job.content_size = reader.number("content", 0, blob.size());
  job.events_size = blob.size() - job.content_size;
  job.trace = reader.boolean("trace", false);
  job.once = reader.boolean("once", false);
  job.poisons = static_cast<std::uint32_t>(reader.number("poisons", 2, 2));
  if (job.poisons == 0) reader.fail("`poisons` is 1 or 2");
  job.sealed = reader.boolean("sealed", false);
  job.leaks = reader.boolean("leaks", true);
  job.fail_allocation = static_cast<std::uint32_t>(reader.number("fail_allocation", 0, UINT32_MAX));
  reader.supplies(job);
  if (measures) reader.required("type");
  job.type = static_cast<std::uint32_t>(reader.number("type", 0, UINT32_MAX));
  if (reader.has_failed()) return std::nullopt;

  std::string what_is_wrong;
  const auto events = check_events(blob.subspan(job.content_size), what_is_wrong);
  if (!events) {
    why = "the events: " + what_is_wrong;
    return std::nullopt;
  }
  request.num_events = events->num_events;
  if (measures && request.num_events != 1) {
    why = "the events: to measure takes one";
    return std::nullopt;
  }
  return request;
}

}  // namespace sluice::worker
