#include "validator/judge/run_queue.h"

#include <atomic>
#include <map>
#include <mutex>

#include "validator/judge/excerpt.h"
#include "validator/judge/in_order.h"
#include "validator/program/transform.h"
#include "validator/report/escape.h"

namespace sluice::judge {

namespace {

using report::BuildVerdict;
using report::FileResult;

// One file, while any build still has to run it.
struct Open {
  Open(const std::string& name, std::size_t number, std::size_t limit, std::size_t builds)
      : trial(name, number), findings(limit), left(builds) {}

  std::once_flag prepared;
  run::Trial trial;
  Findings findings;  // about all builds
  bool is_readable = false;
  std::size_t left;
};

class Queue {
 public:
  Queue(const run::Court& court, const std::vector<Item>& items, const RunQueueOptions& options, const Take& give)
      : court_(court), items_(items), options_(options), give_(give), merged_(court.limits.findings) {}

  [[nodiscard]] std::size_t size() const { return items_.size() * builds(); }

  // One file on one build: a result with one build.
  void work(std::size_t index, FileResult& part) {
    const std::size_t file = index / builds();
    const std::size_t place = index % builds();
    const std::shared_ptr<Open> open = open_file(file);
    std::call_once(open->prepared, [&] { prepare(*open, items_[file]); });
    part = FileResult{};
    part.name = items_[file].name;
    Findings findings(court_.limits.findings);
    const program::BuildFacts& facts = court_.driver.builds[court_.builds[place]].facts;
    BuildVerdict& build = part.builds.emplace_back();
    build.build = facts.name;
    build.support = facts.support;
    build.place = court_.builds[place];
    if (open->is_readable) {
      if (place == 0) part.size = open->trial.content().size();
      if (place == 0 && options_.wants_digests) part.sha256 = bytes::hex(bytes::sha256(open->trial.content()));
      if (const auto coverage = open->trial.run(court_, place, findings)) {
        build.ran = ran_of(*coverage);
      }
    }
    if (place == 0) part.findings = open->findings.list();
    part.omitted = findings.omitted();
    part.findings.insert(part.findings.end(), findings.list().begin(), findings.list().end());
    close_file(file, options_.wants_excerpts);
  }

  // What the builds supply is measured before anything is run, so that it does not matter who runs first.
  void measure(std::size_t index) {
    const std::size_t file = index / builds();
    const std::shared_ptr<Open> open = open_file(file);
    std::call_once(open->prepared, [&] {
      open->is_readable = items_[file].problem.empty() && open->trial.open();
      if (open->is_readable) open->trial.look(court_);
    });
    if (open->is_readable) open->trial.measure(court_, index % builds());
    close_file(file, false);
  }

  // Parts of one file follow each other.
  void take(const FileResult& part) {
    if (whole_.builds.empty()) {
      whole_ = FileResult{};
      whole_.name = part.name;
      whole_.size = part.size;
      whole_.sha256 = part.sha256;
      merged_ = Findings(court_.limits.findings);
    }
    for (const Finding& finding : part.findings) merged_.add(finding);
    whole_.omitted += part.omitted;
    whole_.builds.push_back(part.builds.front());
    if (whole_.builds.size() < builds()) return;
    judge_builds(options_.threshold, merged_, whole_);
    conclude(options_.threshold, merged_, whole_);
    if (options_.wants_excerpts) add_excerpts();
    give_(whole_);
    whole_.builds.clear();
  }

 private:
  [[nodiscard]] std::size_t builds() const { return court_.builds.size(); }

  std::shared_ptr<Open> open_file(std::size_t file) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Open>& open = open_[file];
    if (open == nullptr) open = std::make_shared<Open>(items_[file].name, file, court_.limits.findings, builds());
    return open;
  }

  void close_file(std::size_t file, bool is_looked_at_again) {
    const std::lock_guard lock(mutex_);
    const auto open = open_.find(file);
    if (--open->second->left > 0) return;
    if (is_looked_at_again && open->second->is_readable) done_[file] = open->second;
    open_.erase(open);
  }

  // Of the file at hand, by what all builds found.
  void add_excerpts() {
    std::shared_ptr<Open> open;
    {
      const std::lock_guard lock(mutex_);
      auto node = done_.extract(taken_++);
      if (node.empty()) return;
      open = std::move(node.mapped());
    }
    whole_.excerpts = excerpts_of(court_.tree, court_.limits, open->trial.content(), whole_.findings);
  }

  void prepare(Open& open, const Item& item) const {
    if (item.problem.empty()) {
      open.is_readable = open.trial.prepare(court_, open.findings);
      return;
    }
    const auto id = item.is_unreadable ? FindingId::input_unreadable : FindingId::nothing_to_check;
    Finding finding = Finding::of(id).with("reason", item.problem);
    finding.file = item.name;
    open.findings.add(std::move(finding));
  }

  const run::Court& court_;
  const std::vector<Item>& items_;
  const RunQueueOptions& options_;
  const Take& give_;
  std::mutex mutex_;
  std::map<std::size_t, std::shared_ptr<Open>> open_;  // by the file's index
  std::map<std::size_t, std::shared_ptr<Open>> done_;  // the same, until all parts were taken: for excerpts
  std::size_t taken_ = 0;                              // files
  FileResult whole_;
  Findings merged_;  // of `whole_`
};

}  // namespace

report::Ran ran_of(const run::Coverage& coverage) {
  return {.instances = coverage.instances,
          .evaluated = coverage.evaluated,
          .criteria = coverage.criteria,
          .dereferenced = coverage.dereferenced};
}

void run_all(const run::Court& court, const std::vector<Item>& items, const RunQueueOptions& options,
             const Take& take) {
  const std::size_t threads = options.threads;
  Queue queue(court, items, options, take);
  if (court.plan != nullptr) {
    const auto make_measurer = [&queue] { return [&queue](std::size_t index, FileResult&) { queue.measure(index); }; };
    in_order(queue.size(), threads, make_measurer, [](const FileResult&) {});
  }
  const auto make_worker = [&queue] {
    return [&queue](std::size_t index, FileResult& part) { queue.work(index, part); };
  };
  in_order(queue.size(), threads, make_worker, [&queue](const FileResult& part) { queue.take(part); });
}

}  // namespace sluice::judge
