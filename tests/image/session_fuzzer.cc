// libFuzzer itself, guided by what an uninstrumented driver runs through: it must find four bytes, one after another,
// and behind them a read past the content. Exit code 0: it did; 1: its runs were used up.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "fuzz/image/extra_counters.h"
#include "fuzz/image/kernel_stand_ins.h"
#include "fuzz/image/session.h"

using namespace sluice::image;

namespace {

[[noreturn]] void end(int code, const char* text) {
  std::fprintf(stderr, "%s\n", text);
  ::_exit(code);
}

struct Target {
  std::unique_ptr<Session> session;
  const void* parse;
};

// Only now has libFuzzer its handlers of signals in place.
Target open_target() {
  std::atexit([] { end(1, "not found"); });
  std::ifstream in(SLUICE_DRIVERS "/x86_64/session.sys", std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
  auto opened = Session::open(bytes, "session.sys", {.counts_blocks = true, .counters = extra_counters()},
                              KernelStandIns(Format::pe));
  if (!opened) end(2, opened.error().c_str());
  std::string why;
  const void* parse = (*opened)->symbol("Parse", why);
  if (parse == nullptr || !(*opened)->begin()) end(2, why.c_str());
  return {std::move(*opened), parse};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Target target = open_target();
  const std::uint8_t* placed = target.session->place({bytes, size});
  if (placed == nullptr) return -1;
  const Outcome outcome = target.session->run(target.parse, {reinterpret_cast<std::uint64_t>(placed), size});
  if (outcome.fault.kind == FaultKind::none) return 0;
  const bool is_expected = outcome.fault.kind == FaultKind::read && size >= 8 && std::equal(bytes, bytes + 4, "SLCH");
  if (!is_expected) end(2, "a fault of another kind");
  end(0, "found");
}
