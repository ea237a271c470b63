// The folder that is triaged: inputs with a fault, as `sluice fuzz` leaves them, or plain content of anybody.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "validator/report/triage.h"

namespace sluice::triage {

struct CrashFile {
  std::string path = {};
  std::vector<std::string> builds = {};  // that it is known to fault on; none: not told, and each is asked
  std::string identity = {};             // as the fuzzer names it, of IDENTITY.found.json; may be empty
  std::string recipe = {};
  std::uint64_t size = 0;
  std::string of_case =
      {};  // the identity of the case folder that it is from; empty: it is of the folder that is triaged
};

struct CrashFolder {
  std::vector<CrashFile> files;              // by name
  std::vector<report::NotTriaged> left_out;  // what is no input, or cannot be read
};

// False with `problem` filled: the folder cannot be read. `path` may be a file. What the fuzzer writes beside inputs
// (reports, the contents of containers) is passed over in silence.
[[nodiscard]] bool read_crash_folder(const std::string& path, CrashFolder& folder, std::string& problem);

}  // namespace sluice::triage
