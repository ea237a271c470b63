#include "validator/cli/command.h"
#include "validator/cli/output.h"

namespace sluice::cli {

int run_version(Arguments& arguments) {
  if (!arguments.parse()) return arguments.exit_code();
  return print("sluice " SLUICE_VERSION "\n");
}

}  // namespace sluice::cli
