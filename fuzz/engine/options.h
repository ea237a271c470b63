// The command line of sluice-fuzz, which is `sluice fuzz`'s to write: documents have been read and files found.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/engine/child.h"
#include "fuzz/mutate/format.h"

namespace sluice::engine {

struct BuildOptions {
  std::string name;
  HostFiles files;
  std::unique_ptr<mutate::Format> format;  // for this build; read by main
};

struct Options {
  std::string sluice;  // the program that makes reports
  std::string schema;
  std::string rules;  // empty: none
  std::string driver;
  std::string builds_folder;  // empty: beside the driver document
  std::vector<std::string> include;
  std::vector<BuildOptions> builds;
  std::string corpus;
  std::vector<std::string> seeds;
  std::string faults;
  std::string summary;           // empty: none
  std::uint64_t seconds = 0;     // 0: no limit
  std::uint64_t runs = 0;        // of each job; 0: no limit
  std::uint64_t max_faults = 0;  // that are found before it ends; 0: no limit
  std::uint64_t inputs_per_fault = 1;
  std::uint64_t jobs = 1;  // for each build
  std::uint64_t seed = 1;
  std::uint64_t max_len = 0;  // 0: by the seeds
  std::uint64_t timeout_ms = 1000;
  std::uint64_t skips_stage = 0;  // 1: the deterministic one
  std::uint64_t merges = 0;       // 1: nothing is fuzzed, the corpus is made small
  std::uint64_t tell_every = 0;   // seconds, in which the summary is written again; 0: it is written at the end
  std::uint64_t parent = 0;       // the campaign ends with this process; 0: with none
  Property property = Property::fault;
};

// On a mistake returns nothing and sets `why`.
std::optional<Options> parse_options(int argc, char** argv, std::string& why);

// The documents, judged by as the gate would for this build alone; for all where `build` is empty. Null with `why` set.
std::unique_ptr<mutate::Format> load_format(const Options& options, const std::string& build, std::string& why);

// Reads the image of a build, if it is one, and the PDB beside it: the processes that run it have no files. False with
// `why` set.
[[nodiscard]] bool load_image(HostFiles& files, std::string& why);

}  // namespace sluice::engine
