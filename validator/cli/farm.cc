// sluice farm: becomes sluice-farm, which lies beside this program and reads the farm document itself.
#include <vector>

#include "validator/cli/command.h"
#include "validator/cli/helper.h"

namespace sluice::cli {

namespace {

int become_farm(Arguments& arguments, std::vector<std::string> documents, std::vector<std::string> words) {
  if (documents.size() != 1) return arguments.refuse("one farm at a time");
  words.push_back("--farm=" + documents.front());
  return become("SLUICE_FARM", "sluice-farm", std::move(words));
}

}  // namespace

int run_farm(Arguments& arguments) {
  std::vector<std::string> documents;
  std::string worker;
  std::string summary;
  std::string html;
  std::string metrics;
  arguments.positionals("FARM", documents, "The .farm.yaml: drivers, and how long they are fuzzed");
  arguments.text("--worker", worker, "NAME",
                 "Of those that share the folder; each has a state of its own (default: the machine's name)");
  arguments.text("--summary", summary, "FILE", "A JSON summary of the night");
  arguments.text("--html", html, "FILE", "The page for the morning after");
  arguments.text("--metrics", metrics, "FILE", "Written each second, for Prometheus");
  if (!arguments.parse()) return arguments.exit_code();
  std::vector<std::string> words;
  if (!worker.empty()) words.push_back("--worker=" + worker);
  if (!summary.empty()) words.push_back("--summary=" + summary);
  if (!html.empty()) words.push_back("--html=" + html);
  if (!metrics.empty()) words.push_back("--metrics=" + metrics);
  return become_farm(arguments, std::move(documents), std::move(words));
}

int run_farm_status(Arguments& arguments) {
  std::vector<std::string> documents;
  std::string html;
  std::string worker;
  arguments.positionals("FARM", documents, "The .farm.yaml");
  arguments.text("--html", html, "FILE", "Writes the page, and says nothing else");
  arguments.text("--worker", worker, "NAME", "Whose page it is (default: the only one, or the machine's name)");
  if (!arguments.parse()) return arguments.exit_code();
  std::vector<std::string> words = {"--status=1"};
  if (!html.empty()) words.push_back("--html=" + html);
  if (!worker.empty()) words.push_back("--worker=" + worker);
  return become_farm(arguments, std::move(documents), std::move(words));
}

}  // namespace sluice::cli
