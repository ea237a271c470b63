#include "validator/report/triage.h"

namespace sluice::report {

std::string_view name_of(CaseState state) {
  switch (state) {
    case CaseState::fresh: return "new";
    case CaseState::open: return "open";
    case CaseState::regression: return "regression";
    case CaseState::returned: return "returned";
  }
  return "new";
}

}  // namespace sluice::report
