// What it costs to run a driver as it ships: the reference sensor's .sys, against the same source compiled here and
// against the same .sys emulated; and what a fault and a clean start cost.
#include <fmt/core.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <vector>

#include "fuzz/image/kernel_stand_ins.h"
#include "fuzz/image/session.h"
#include "fuzz/kernel_api/control.h"
#include "fuzz/kernel_api/imports.h"
#include "fuzz/reference/sensor.h"
#include "tests/bench/bench.h"
#include "tests/bench/content.h"
#include "tests/bench/emulated.h"
#include "tests/bench/measure.h"

namespace sluice::bench {

namespace {

using image::Session;

constexpr std::size_t kEvents = 1'000;

std::uint64_t address_of(const void* memory) { return reinterpret_cast<std::uint64_t>(memory); }

// Memory that native and emulated code share, from the begin on.
class World {
 public:
  World()
      : pages_(static_cast<std::uint8_t*>(
                   ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)),
               kSize) {
    require(static_cast<void*>(pages_.data()) != MAP_FAILED, "no memory");
  }
  template <typename Plain>
  Plain* make(std::size_t count) {
    auto* at = pages_.data() + used_;
    used_ += (count * sizeof(Plain) + 15) / 16 * 16;
    require(used_ < kSize / 2, "too little memory");
    return reinterpret_cast<Plain*>(at);
  }
  [[nodiscard]] std::span<std::uint8_t> pages() const { return pages_; }

 private:
  static constexpr std::size_t kSize = 8u << 20;
  std::span<std::uint8_t> pages_;
  std::size_t used_ = 0;
};

sensor_value text_of(World& world, std::size_t k) {
  const std::string text = fmt::format("C:\\Windows\\System32\\program-{:08}.exe  ", k % 50);
  auto* units = world.make<char16_t>(text.size());
  std::copy(text.begin(), text.end(), units);
  return {.kind = SENSOR_TEXT, .unit_size = 2, .length = static_cast<std::uint32_t>(text.size()), .units = units};
}

// As those of the benchmark `replica`: process and file events, half of each, of which few match.
sensor_event* make_events(World& world) {
  auto* events = world.make<sensor_event>(kEvents);
  auto* hash = world.make<std::uint8_t>(20);
  std::memset(hash, 0xA0, 20);
  for (std::size_t k = 0; k < kEvents; ++k) {
    sensor_event& event = events[k];
    event.type = k % 2 == 0 ? 1 : 2;
    const std::uint32_t texts = event.type == 1 ? 5 : 4;
    event.num_inputs = event.type == 1 ? 12 : 8;
    for (std::uint32_t i = 0; i < event.num_inputs; ++i) {
      if (i < texts) {
        event.inputs[i] = text_of(world, k + i);
      } else if (i == texts) {
        event.inputs[i] = {.kind = SENSOR_BYTES, .unit_size = 1, .length = 20, .units = hash};
      } else {
        event.inputs[i] = {.kind = SENSOR_NUMBER, .unit_size = 1, .length = 0, .number = 12'000 + k % 20};
      }
    }
  }
  return events;
}

// What a function took at the least, in seconds, of a few times; contenders take turns.
struct Racer {
  std::string name;
  std::function<void()> run;
  std::function<void()> prepare = [] {};
  double best = 0;
};
void race_prepared(std::vector<Racer>& racers, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (Racer& racer : racers) {
      racer.prepare();
      std::vector<Contender> one = {{.name = racer.name, .run = racer.run}};
      race(one, 3);
      racer.best = racer.best == 0 ? one[0].best : std::min(racer.best, one[0].best);
    }
  }
}

std::unique_ptr<Session> open(const std::string& path, const Session::Options& options) {
  const Bytes symbols = read_file(std::filesystem::path(path).replace_extension(".pdb").string());
  Session::Options with_symbols = options;
  with_symbols.symbols = symbols;
  auto session = Session::open(read_file(path), std::filesystem::path(path).filename().string(), with_symbols,
                               image::KernelStandIns(image::Format::pe));
  require(session.has_value(), path + " " + (session ? "" : session.error()));
  return std::move(*session);
}

const void* symbol(const Session& session, const char* name) {
  std::string why;
  const void* found = session.symbol(name, why);
  require(found != nullptr, std::string(name) + " " + why);
  return found;
}

std::uint64_t call(Session& session, const char* name, const image::Arguments& arguments) {
  const image::Outcome outcome = session.run(symbol(session, name), arguments);
  require(outcome.fault.kind == image::FaultKind::none, std::string(name) + " faults");
  return outcome.result;
}

// --- The sensor
// ---------------------------------------------------------------------------------------------------------------

struct Loaded {
  sensor* here;
  sensor* of_image;
};

// The same content by the same loader, twice: a sensor refers to tables of the build that loaded it.
Loaded load(Session& session, World& world, const Bytes& bytes) {
  auto* content = world.make<std::uint8_t>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), content);
  std::size_t needed = 0;
  require(sensor_measure(content, bytes.size(), &needed) == SENSOR_OK, "the sensor refuses the content");
  Loaded loaded{};
  auto* memory = world.make<std::uint64_t>(needed / 8 + 1);
  require(sensor_load(content, bytes.size(), memory, needed, &loaded.here) == SENSOR_OK, "the sensor does not load");
  memory = world.make<std::uint64_t>(needed / 8 + 1);
  const auto status = static_cast<std::uint32_t>(
      call(session, "sensor_load",
           {address_of(content), bytes.size(), address_of(memory), needed, address_of(&loaded.of_image)}));
  require(status == SENSOR_OK, "the image does not load");
  return loaded;
}

void print_pace(const Racer& racer) {
  fmt::print("  {:<44} {:8.2f} M events/s  {:9.1f} ns\n", racer.name, kEvents / racer.best / 1e6,
             racer.best / kEvents * 1e9);
}

void race_sensor(const Setting& setting) {
  const std::string script = std::string(SLUICE_SOURCE) + "/corpus/channel/generate.py";
  require(run_program({"python3", script, setting.folder, "good_mixed"}).exit_code == 0, script + " does not run");
  const std::string folder = std::filesystem::path(setting.sluice).parent_path().string();
  static volatile std::uint8_t counters[4096];
  const auto session = open(folder + "/sensor/image/x86_64/7.12.sys", {.counts_blocks = true, .counters = counters});
  World world;
  const Loaded loaded = load(*session, world, read_file(setting.folder + "/good_mixed.bin"));
  sensor_event* events = make_events(world);
  auto* verdicts = world.make<sensor_verdict>(kEvents);
  auto* expected = world.make<sensor_verdict>(kEvents);
  require(session->begin().has_value(), "the image cannot begin");
  const void* evaluate = symbol(*session, "sensor_evaluate");
  Emulated emulated(session->mapped(), world.pages());
  const EmulatedCall emulated_call{.function = evaluate,
                                   .sensor = loaded.of_image,
                                   .events = events,
                                   .event_size = sizeof *events,
                                   .count = kEvents,
                                   .verdicts = verdicts};

  const auto compiled = [&] {
    for (std::size_t i = 0; i < kEvents; ++i) sensor_evaluate(loaded.here, &events[i], &expected[i]);
  };
  compiled();
  const auto agree = [&](const char* who) {
    require(std::memcmp(verdicts, expected, kEvents * sizeof *verdicts) == 0, std::string(who) + " disagrees");
    std::memset(verdicts, 0, kEvents * sizeof *verdicts);
  };
  const auto in_session = [&] {
    for (std::size_t i = 0; i < kEvents; ++i) {
      session->run(evaluate, {address_of(loaded.of_image), address_of(&events[i]), address_of(&verdicts[i])});
    }
  };
  const auto recovering = [&] {
    for (std::size_t i = 0; i < kEvents; ++i) {
      session->run(evaluate, {address_of(loaded.of_image), address_of(&events[i]), address_of(&verdicts[i])});
      session->recover();
    }
  };
  const auto disarm = [&] { session->coverage()->disarm(); };
  const auto arm = [&] {
    session->coverage()->arm();
    in_session();
  };
  std::vector<Racer> racers = {
      {"the same source, compiled here", compiled},
      {"the image", in_session, disarm},
      {"the image, blocks counted, warmed up", in_session, arm},
      {"the image, recover() after each event", recovering, disarm},
      {"emulated, started for each event", [&] { emulated.run_each(emulated_call); }, disarm},
      {"emulated, started once", [&] { emulated.run_all(emulated_call); }, disarm},
  };
  for (const Racer& racer : racers) {
    racer.prepare();
    racer.run();
    if (&racer != racers.data()) agree(racer.name.c_str());
  }
  race_prepared(racers, setting.rounds);
  for (const Racer& racer : racers) print_pace(racer);
  print_target("the image against the same source", racers[1].best / racers[0].best, "x", 1.25, true);
  print_target("blocks counted, warmed up, against without", racers[2].best / racers[1].best, "x", 1.1, true);
  print_target("against emulation, started for each event", racers[4].best / racers[1].best, "x", 50);
  print_target("against emulation, started once", racers[5].best / racers[1].best, "x", 50);
}

// --- Faults, recovery, allocations
// ----------------------------------------------------------------------------------------------

void race_faults(const Setting& setting) {
  constexpr std::size_t kFaults = 1'000;
  const std::string folder = std::filesystem::path(setting.sluice).parent_path().string();
  const auto session = open(folder + "/bench/session.sys", {});
  require(call(*session, "@entry", {}) == 0, "the driver does not begin");
  require(session->begin().has_value(), "the driver cannot begin");
  const void* read_at = symbol(*session, "ReadAt");
  const void* count = symbol(*session, "Count");
  const void* leak = symbol(*session, "Leak");
  const std::uint8_t* placed = session->place(Bytes(160));
  const auto fault = [&] {
    require(session->run(read_at, {address_of(placed), 160}).fault.kind == image::FaultKind::read, "no fault");
  };
  std::vector<Contender> contenders = {
      {"fault, and recovery",
       [&] {
         for (std::size_t i = 0; i < kFaults; ++i) {
           fault();
           session->recover();
         }
       }},
      {"one allocation, a fault, and recovery",
       [&] {
         for (std::size_t i = 0; i < kFaults; ++i) {
           require(session->run(leak, {100}).result != 0, "no memory");
           fault();
           session->recover();
         }
       }},
      {"a call, and recovery of one page",
       [&] {
         for (std::size_t i = 0; i < kFaults; ++i) {
           session->run(count, {});
           session->recover();
         }
       }},
      {"a call",
       [&] {
         for (std::size_t i = 0; i < kFaults; ++i) session->run(count, {});
       }},
  };
  race(contenders, setting.rounds);
  for (const Contender& contender : contenders) {
    fmt::print("  {:<44} {:10.0f} a second  {:9.0f} ns\n", contender.name, kFaults / contender.best,
               contender.best / kFaults * 1e9);
  }
  print_target("fault and recovery", kFaults / contenders[0].best, "/s", 2000);
}

void* stand_in(const char* name) {
  const auto* end = sluice_kernel_imports + sluice_num_kernel_imports;
  const auto* found = std::find_if(sluice_kernel_imports, end, [&](const sluice_kernel_import& import) {
    return std::strcmp(import.name, name) == 0;
  });
  require(found != end, std::string(name) + " has no stand-in");
  return found->address;
}

void race_allocations(const Setting& setting) {
  constexpr std::size_t kAllocations = 10'000;
  const auto allocate = reinterpret_cast<void* (*)(std::size_t, unsigned)>(stand_in("kmalloc"));
  const auto release = reinterpret_cast<void (*)(const void*)>(stand_in("kfree"));
  require(sluice_kernel_reserve(), "no address space");
  const auto many = [&] {
    for (std::size_t i = 0; i < kAllocations; ++i) release(allocate(100, 0));
  };
  // As many as a run may have of their size, then the next run begins.
  const auto rewound = [&] {
    require(sluice_kernel_mark(), "no memory");
    for (std::size_t i = 0; i < kAllocations; ++i) {
      release(allocate(100, 0));
      if (i % 4 == 3) sluice_kernel_rewind();
    }
    sluice_kernel_unmark();
  };
  const auto with_lanes = [] {
    sluice_kernel_guard(SLUICE_GUARD_END);
    require(sluice_kernel_reserve_lanes(), "no address space");
  };
  std::vector<Racer> racers = {
      {"malloc, free",
       [] {
         for (std::size_t i = 0; i < kAllocations; ++i) {
           void* volatile memory = std::malloc(100);
           std::free(memory);
         }
       }},
      {"kmalloc, kfree, not guarded", many, [] { sluice_kernel_guard(SLUICE_GUARD_NONE); }},
      {"kmalloc, kfree, guarded", many, [] { sluice_kernel_guard(SLUICE_GUARD_END); }},
      {"the same after a mark, a rewind after four", rewound, with_lanes},
  };
  race_prepared(racers, setting.rounds);
  for (const Racer& racer : racers) {
    fmt::print("  {:<44} {:10.0f} ns\n", racer.name, racer.best / kAllocations * 1e9);
  }
}

void race_snapshots(const Setting& setting) {
  for (const std::size_t size : {std::size_t{64} << 10, std::size_t{1} << 20, std::size_t{16} << 20}) {
    void* pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(pages != MAP_FAILED, "no memory");
    const std::span<std::uint8_t> area(static_cast<std::uint8_t*>(pages), size);
    std::fill(area.begin(), area.end(), 0x5A);
    const image::Snapshot snapshot({area});
    constexpr int kTimes = 20;
    std::vector<Contender> contenders = {{"compared", [&] {
                                            for (int i = 0; i < kTimes; ++i) {
                                              area[size / 2] ^= 1;
                                              snapshot.restore();
                                            }
                                          }}};
    race(contenders, setting.rounds);
    fmt::print("  {:<44} {:10.1f} us\n", fmt::format("data of {} KiB compared, a page copied back", size >> 10),
               contenders[0].best / kTimes * 1e6);
    ::munmap(pages, size);
  }
}

}  // namespace

void bench_image(const Setting& setting) {
  race_sensor(setting);
  race_faults(setting);
  race_allocations(setting);
  race_snapshots(setting);
}

}  // namespace sluice::bench
