#include "fuzz/worker/answer.h"

#include <algorithm>
#include <cstdio>
#include <tuple>
#include <vector>

namespace sluice::worker {

namespace {

std::uint32_t num_evaluated(const Request& request, const Shared& shared) {
  return std::min(shared.progress.evaluated.load(), request.num_events);
}

Json leaks_json(const Shared& shared) {
  Json out = Json::array();
  const std::size_t count = std::min<std::size_t>(shared.num_leaks, kMaxLeaks);
  for (std::size_t i = 0; i < count; ++i) {
    const LeakRecord& leak = shared.leaks[i];
    out.push_back({{"bytes", leak.bytes}, {"tag", text_of(leak.tag)}, {"frames", frames_json(leak.frames)}});
  }
  return out;
}

std::string code_text(std::uint32_t code) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", code);
  return text;
}

Json disagreement_json(const Disagreement& told) {
  if (told.is_set == 0) return {};
  const bool by_status = told.first.status != told.second.status;
  const auto shown = [by_status](const sluice_result& result) -> std::string {
    if (!by_status) return code_text(result.code);
    return result.status == SLUICE_ACCEPTED ? "accepted" : "refused";
  };
  return {{"event", told.at_load != 0 ? Json() : Json(told.event)},
          {"what", by_status ? "status" : "code"},
          {"first", shown(told.first)},
          {"second", shown(told.second)}};
}

// Rows can be a million: they are written as text at once. Those of no event that was sent are none.
std::string rows_text(const Reached* from, std::size_t count, const Request& request) {
  using Row = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;
  std::vector<Row> rows;
  rows.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Reached row = from[i];
    if (row.event < request.num_events) rows.emplace_back(row.event, row.instance, row.criterion);
  }
  std::ranges::sort(rows);
  rows.erase(std::ranges::unique(rows).begin(), rows.end());
  std::string out = "[";
  for (const auto& [event, instance, criterion] : rows) {
    if (out.size() > 1) out += ',';
    out += '[' + std::to_string(event) + ',' + std::to_string(instance) + ',' + std::to_string(criterion) + ']';
  }
  return out + ']';
}

}  // namespace

std::string run_answer(const Request& request, const Job& job, const Shared& shared, const Json& fault,
                       const std::optional<Json>& blocks_hit) {
  Json out;
  out["id"] = request.id;
  out["load"] = shared.has_load != 0 ? Json{{"status", shared.load.status}, {"code", shared.load.code}} : Json();
  out["evaluated"] = num_evaluated(request, shared);
  out["results"] = "blob";
  out["leaks"] = leaks_json(shared);
  out["disagreement"] = disagreement_json(shared.disagreement);
  out["stack"] = shared.stack_used;
  out["log"] = log_json(shared.log);
  out["fault"] = fault;
  if (blocks_hit) out["blocks_hit"] = *blocks_hit;
  if (job.trace != 0 && shared.is_reached_complete == 0) out["reached_complete"] = false;
  std::string text = out.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.pop_back();
  const std::size_t num_refused = std::min<std::size_t>(shared.num_refused, kMaxRefused);
  if (num_refused > 0) text += ",\"refused\":" + rows_text(shared.refused, num_refused, request);
  if (job.trace != 0) {
    const std::size_t num_reached = std::min<std::size_t>(shared.num_reached, kMaxReached);
    text += ",\"reached\":" + rows_text(shared.reached, num_reached, request);
  }
  return text + "}";
}

std::span<const std::uint8_t> run_blob(const Request& request, const Shared& shared) {
  return {reinterpret_cast<const std::uint8_t*>(shared.results),
          num_evaluated(request, shared) * sizeof(sluice_result)};
}

}  // namespace sluice::worker
