// Farm documents as pictures: tests/farm/document.txt.
#include "fuzz/farm/document.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/approved.h"
#include "tests/scratch_folder.h"

namespace sluice::farm {
namespace {

std::string listed(const std::vector<std::string>& texts, const std::string& folder) {
  std::string out;
  for (const std::string& text : texts) {
    const bool is_here = text.starts_with(folder + "/");
    out += (out.empty() ? "" : ", ") + (is_here ? text.substr(folder.size() + 1) : text);
  }
  return "[" + out + "]";
}

std::string shown(const Farm& farm, const std::string& folder) {
  const auto here = [&](const std::string& text) { return listed({text}, folder); };
  std::string out = fmt::format("farm {} in {}, {} s, jobs {}, seed {}, {} turns of {}\n", farm.name, here(farm.folder),
                                farm.seconds, farm.jobs, farm.seed, farm.turns,
                                farm.runs != 0 ? fmt::format("{} runs", farm.runs) : fmt::format("{} s", farm.slice));
  for (const Target& target : farm.targets) {
    const std::string runs = target.runs != 0 ? fmt::format(", {} runs", target.runs) : "";
    out += fmt::format(
        "{} x{}: driver {} release {} schema {} rules {} builds {} of {} include {} seeds {}, {}, {} bytes, {} ms{}\n",
        target.name, target.share, here(target.driver), here(target.release), here(target.schema), here(target.rules),
        listed(target.builds, folder), here(target.builds_folder), listed(target.include, folder),
        listed(target.seeds, folder), target.property, target.max_len, target.timeout_ms, runs);
  }
  return out;
}

TEST_CASE("farm documents") {
  const test::ScratchFolder folder;
  const std::string path = (folder / "a.farm.yaml").string();
  const std::string here = path.substr(0, path.rfind('/'));
  test::check_cases("farm/document.txt", [&](std::string_view input) {
    std::ofstream(path, std::ios::binary) << input;
    std::vector<Finding> problems;
    const auto farm = load_farm(path, problems);
    CHECK(farm.has_value() == problems.empty());
    std::string out;
    if (farm) out = shown(*farm, here);
    for (const Finding& problem : problems) {
      REQUIRE(problem.text);
      out += fmt::format("{}:{} {} {}: {}\n", problem.text->line, problem.text->column, code_of(problem.id),
                         problem.path.empty() ? "/" : problem.path, because(problem));
    }
    return out;
  });
}

TEST_CASE("names that can be files everywhere") {
  for (const char* good : {"a", "7.11", "sensor_x-1", "A.b"}) CHECK(is_safe_name(good));
  for (const char* bad : {"", ".", "..", ".a", "-a", "a/b", "a b", "a\nb", "ä", "a:b"}) CHECK_FALSE(is_safe_name(bad));
  CHECK(is_safe_name(std::string(64, 'a')));
  CHECK_FALSE(is_safe_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace sluice::farm
