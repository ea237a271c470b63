// sluice-fuzz: fuzzes targets in confined children (docs/fuzz.md). `sluice fuzz` starts it.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>

#include "fuzz/engine/campaign.h"
#include "fuzz/engine/confine.h"
#include "fuzz/engine/merge.h"
#include "fuzz/engine/options.h"

namespace {

int fail(const std::string& why) {
  std::fprintf(stderr, "sluice-fuzz: %s\n", why.c_str());
  return 2;
}

// Ends this process with `parent`. False: that has ended.
bool follow(std::uint64_t parent) {
  if (parent == 0) return true;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  return static_cast<std::uint64_t>(::getppid()) == parent;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace sluice::engine;
  std::string why;
  auto options = parse_options(argc, argv, why);
  if (!options) return fail(why);
  if (!follow(options->parent)) return fail("whoever started it has ended");
  for (BuildOptions& build : options->builds) {
    build.format = load_format(*options, build.name, why);
    if (build.format == nullptr) return fail(why);
    if (!load_image(build.files, why)) return fail(why);
  }
  if (!offers_landlock()) {
    std::fprintf(stderr, "sluice fuzz: this kernel does not offer Landlock: targets are not kept from files\n");
  }
  return options->merges != 0 ? Merge(*options).run() : Campaign(*options).run();
}
