#include <cstring>

#include "tests/bench/bench.h"
#include "tests/bench/content.h"
#include "tests/bench/measure.h"
#include "tests/bench/schemas.h"

namespace sluice::bench {

void bench_records(const Setting& setting) {
  const Bytes content = records_content(64u << 20);
  Bytes copy(content.size());
  const program::Program program = compiled(kRecords);
  std::vector<Contender> race_of = {
      {"sluice", [&] { require(is_accepted(program, content), "sluice refuses the records"); }},
      {"memcpy",
       [&] {
         std::memcpy(copy.data(), content.data(), content.size());
         asm volatile("" : : "r"(copy.data()) : "memory");
       }},
  };
  race(race_of, setting.rounds);
  for (const Contender& c : race_of) print_speed(c.name, content.size(), c.best);
  print_target("speed, of memcpy's", race_of[1].best / race_of[0].best, "x", 0.6);
}

}  // namespace sluice::bench
