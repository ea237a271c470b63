#include "fuzz/farm/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fuzz/farm/page.h"
#include "fuzz/farm/summary.h"
#include "fuzz/farm/workers.h"
#include "validator/bytes/new_file.h"

namespace sluice::farm {

namespace {

Morning morning_of(const Farm& farm, const TargetDocuments& documents, Records records) {
  Morning morning{.farm = farm.name, .records = std::move(records)};
  if (morning.records.night.code != Night::kNoCode) morning.code = static_cast<int>(morning.records.night.code);
  morning.next = next_steps(farm.file, farm.folder, documents, morning.records);
  return morning;
}

std::string nobody(const Folders& folders) { return fmt::format("{}: nobody has worked here yet", folders.states()); }

}  // namespace

Status::Status(const Farm& farm)
    : farm_(farm), documents_(documents_of(Lanes(farm, {.root = farm.folder, .worker = {}}))) {}

bool Status::tell(std::string& text) const {
  const Folders folders{.root = farm_.folder, .worker = {}};
  const std::vector<std::string> workers = workers_in(folders);
  if (workers.empty()) {
    text = nobody(folders);
    return false;
  }
  for (const std::string& worker : workers) {
    if (!text.empty()) text += "\n";
    text += text_of(worker);
  }
  return true;
}

std::string Status::text_of(const std::string& worker) const {
  WorkerNow now = look_at({.root = farm_.folder, .worker = worker});
  const Night night = now.records.night;
  std::string text;
  for (const std::string& message : now.messages) text += message + "\n";
  if (night.number == 0) return text + fmt::format("{}: no night yet\n", worker);
  const std::int64_t seconds = night.milliseconds / 1000;
  std::string when = fmt::format("{} s", seconds);
  if (night.code != Night::kNoCode) {
    when += fmt::format(", ended with exit code {}", night.code);
  } else if (farm_.seconds != 0) {
    when += fmt::format(", {} s left", std::max<std::int64_t>(0, static_cast<std::int64_t>(farm_.seconds) - seconds));
  }
  constexpr std::array kPhases = {", known faults are run again", "", ", faults are triaged",
                                  ", corpora are made small", ""};
  when += kPhases[static_cast<std::size_t>(night.phase)];
  text += fmt::format("farm {}, night {} of {}: {}; {} turns, {} running\n\n", farm_.name, night.number, worker, when,
                      night.turns, now.running);
  return text + summary_text(morning_of(farm_, documents_, std::move(now.records)));
}

bool Status::write_page(const std::string& file, const std::string& worker, const std::string& usual,
                        std::string& problem) const {
  Folders folders{.root = farm_.folder, .worker = {}};
  const std::vector<std::string> workers = workers_in(folders);
  if (workers.empty()) {
    problem = nobody(folders);
    return false;
  }
  folders.worker = !worker.empty() ? worker : workers.size() == 1 ? workers.front() : usual;
  if (!std::ranges::binary_search(workers, folders.worker)) {
    problem = fmt::format("{} has no state in {}: `--worker` names one of {}", folders.worker, folders.states(),
                          fmt::join(workers, ", "));
    return false;
  }
  WorkerNow now = look_at(folders);
  if (!now.messages.empty()) {
    problem = now.messages.front();
    return false;
  }
  Morning morning = morning_of(farm_, documents_, std::move(now.records));
  morning.others = others_of(folders);
  return bytes::write_file(
      file, page_html(morning, {.file = file, .folder = farm_.folder, .tool_version = SLUICE_VERSION}), problem);
}

}  // namespace sluice::farm
