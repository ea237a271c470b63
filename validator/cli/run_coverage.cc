#include "validator/cli/run_coverage.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/report/escape.h"
#include "validator/run/source_lines.h"

namespace sluice::cli {

namespace {

// The blocks of the `place`-th build. Empty, with `reason` filled: none are counted.
std::optional<run::BlockList> blocks_of(const RunDocuments& documents, std::size_t place, run::Pool& pool,
                                        run::BlockHits& hits, std::string& reason) {
  if (!documents.no_target()[place].empty()) {
    reason = documents.no_target()[place];
  } else if (pool.files(place).image.empty()) {
    reason = "it is a replica, and has no image";
  }
  if (!reason.empty()) return std::nullopt;
  bool is_unusable = false;
  const auto worker = pool.take(place, reason, is_unusable);
  if (worker == nullptr) return std::nullopt;
  auto answer = worker->blocks(hits.of(place), reason);
  if (!answer) return std::nullopt;
  if (!answer->list) reason = "its image is emulated";
  return std::move(answer->list);
}

report::BuildCoverage figures_of(const std::string& build, const run::BlockList& list) {
  const auto count = [&list](bool run::CodeBlock::* is) {
    return static_cast<std::uint64_t>(std::ranges::count_if(list.blocks, is));
  };
  return {.build = build,
          .blocks = list.blocks.size(),
          .hit = count(&run::CodeBlock::is_hit),
          .reachable = count(&run::CodeBlock::is_reachable),
          .reason = {}};
}

}  // namespace

void RunCoverage::declare(Arguments& arguments) {
  arguments.text("--coverage", path_, "FILE", "Tell which blocks of images ran; write FILE, a tracefile of lcov");
}

bool RunCoverage::begin(const Arguments& arguments, const RunDocuments& documents) {
  if (!is_wanted()) return true;
  const auto& targets = documents.targets();
  const bool has_image =
      std::ranges::any_of(targets, [](const run::TargetFiles& files) { return !files.image.empty(); });
  if (!has_image) {
    (void)arguments.refuse(fmt::format("--coverage counts blocks of images, and {} names none for the builds to run",
                                       report::visible(documents.driver().file)));
    return false;
  }
  if (output_.open(path_)) return true;
  complain(output_.problem());
  return false;
}

bool RunCoverage::finish(const RunDocuments& documents, run::Pool& pool, run::BlockHits& hits, Reporting& reporting) {
  if (!is_wanted()) return true;
  const std::vector<std::string> folders = documents.source_folders();
  std::string text;
  for (std::size_t place = 0; place < documents.builds().size(); ++place) {
    const std::string& build = documents.driver().builds[documents.builds()[place]].facts.name;
    std::string reason;
    const auto list = blocks_of(documents, place, pool, hits, reason);
    reporting.add(list
                      ? figures_of(build, *list)
                      : report::BuildCoverage{.build = build, .blocks = 0, .hit = 0, .reachable = 0, .reason = reason});
    if (!list) continue;
    const auto lines = run::lines_of(*list, pool.files(place).image, folders, reason);
    if (lines && lines->empty()) reason = "its image has no line table, by PDB or DWARF";
    if (!reason.empty()) {
      complain(fmt::format("build {}: no lines in {}: {}", build, path_, reason));
    } else {
      text += run::write_lcov(build, *lines);
    }
  }
  if (text.empty()) {
    complain(fmt::format("{} was not written: no lines are known of any build", path_));
    return true;
  }
  if (output_.close(text)) return true;
  complain(output_.problem());
  return false;
}

}  // namespace sluice::cli
