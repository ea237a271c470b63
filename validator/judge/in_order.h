// Work in parallel, results in order.
#pragma once

#include <cstddef>
#include <functional>

#include "validator/report/model.h"

namespace sluice::judge {

// Calls `work(index, result)` for 0..count-1 on `threads` threads, the next index to whoever is free, and
// `take(result)` for each index in order, on the calling thread. `make_worker` is called once on each thread and gives
// the function that it works with, which may keep buffers.
//
// A bounded number of results exist at a time and are used again: work stops while `take` falls behind. A `result`
// comes to `work` with what an earlier one left in it.
void in_order(std::size_t count, std::size_t threads,
              const std::function<std::function<void(std::size_t, report::FileResult&)>()>& make_worker,
              const std::function<void(const report::FileResult&)>& take);

}  // namespace sluice::judge
