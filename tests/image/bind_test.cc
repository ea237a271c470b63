// Calls into an image and out of it arrive with all their arguments, whichever convention it was compiled for.
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>

#include "fuzz/image/bind.h"
#include "fuzz/image/call.h"
#include "fuzz/image/environment.h"
#include "tests/image/arena.h"

using namespace sluice::image;

namespace {

std::uint64_t seen[12];

std::uint64_t record(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d, std::uint64_t e,
                     std::uint64_t f, std::uint64_t g, std::uint64_t h, std::uint64_t i, std::uint64_t j,
                     std::uint64_t k, std::uint64_t l) {
  const std::uint64_t all[] = {a, b, c, d, e, f, g, h, i, j, k, l};
  std::copy(std::begin(all), std::end(all), seen);
  return 0xABCDEF0123456789;
}

const std::uint64_t variable = 77;

class Fixed : public Provider {
 public:
  [[nodiscard]] Provided find(const std::string& name) const override {
    if (name == "record") return {.address = reinterpret_cast<void*>(&record)};
    if (name == "variable") return {.address = const_cast<std::uint64_t*>(&variable), .object_size = sizeof variable};
    return {};
  }
};

ImageFile importing(Format format) {
  return {.format = format,
          .machine = Machine::x86_64,
          .name = "importing",
          .imports = {{"absent", ""}, {"record", ""}, {"variable", ""}, {"__fentry__", ""}}};
}

}  // namespace

TEST_CASE("an import is called with twelve arguments and returns a word") {
  for (const Format format : {Format::pe, Format::elf}) {
    const ImageFile file = importing(format);
    const auto bindings = Bindings::make(file, test_arena(), Fixed());
    REQUIRE(bindings);
    const auto* stub = reinterpret_cast<const void*>(bindings->addresses()[1]);
    const Arguments arguments = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    CHECK(call(format, stub, arguments) == 0xABCDEF0123456789);
    CHECK(std::equal(std::begin(seen), std::end(seen), arguments.begin()));
  }
}

TEST_CASE("a variable is copied to where 32 bits reach it") {
  const ImageFile file = importing(Format::elf);
  const auto bindings = Bindings::make(file, test_arena(), Fixed());
  REQUIRE(bindings);
  CHECK(bindings->addresses()[2] < 0x80000000);
  CHECK(*reinterpret_cast<const std::uint64_t*>(bindings->addresses()[2]) == 77);
}

TEST_CASE("what has no stand-in is known by its address") {
  const ImageFile file = importing(Format::pe);
  const auto bindings = Bindings::make(file, test_arena(), Fixed());
  REQUIRE(bindings);
  REQUIRE(bindings->trapped_at(bindings->addresses()[0]) != nullptr);
  CHECK(bindings->trapped_at(bindings->addresses()[0] + 8)->name == "absent");
  CHECK(bindings->trapped_at(bindings->addresses()[1]) == nullptr);
  CHECK(bindings->trapped_at(bindings->addresses()[3])->name == "__fentry__");  // of a PE image it means nothing
}

TEST_CASE("a module's __fentry__ returns, and its thunks jump") {
  CHECK(is_made_here("__fentry__"));
  CHECK(is_made_here("__x86_indirect_thunk_r11"));
  CHECK(!is_made_here("__x86_indirect_thunk_xmm0"));
  ImageFile file = importing(Format::elf);
  file.imports.push_back({"__x86_indirect_thunk_rdx", ""});
  const auto bindings = Bindings::make(file, test_arena(), Fixed());
  REQUIRE(bindings);
  call(Format::elf, reinterpret_cast<const void*>(bindings->addresses()[3]), {});
  // The third argument is in rdx.
  const auto* thunk = reinterpret_cast<const void*>(bindings->addresses()[4]);
  CHECK(call(Format::elf, thunk, {1, 2, bindings->addresses()[1]}) == 0xABCDEF0123456789);
  CHECK(seen[0] == 1);
}

TEST_CASE("code that keeps the registers of who calls it is made here") {
  ImageFile file = importing(Format::elf);
  file.imports = {{"__sw_hweight32", ""}, {"__sw_hweight64", ""}, {"__SCT__preempt_schedule_notrace", ""}};
  const auto bindings = Bindings::make(file, test_arena(), Fixed());
  REQUIRE(bindings);
  const auto at = [&](std::size_t i) { return reinterpret_cast<const void*>(bindings->addresses()[i]); };
  CHECK(call(Format::elf, at(0), {0xF000000FF}) == 8);
  CHECK(call(Format::elf, at(1), {0xF000000FF}) == 12);
  std::uint64_t kept = 11;
  asm volatile("movq $77, %%r11\n call *%1\n movq %%r11, %0" : "=r"(kept) : "r"(at(2)) : "r11", "memory");
  CHECK(kept == 77);
}

TEST_CASE("a per-CPU variable that is none is known by its address behind %gs") {
  ImageFile file = importing(Format::elf);
  file.imports = {{"this_cpu_off", ""}, {"softnet_data", ""}};
  const auto bindings = Bindings::make(file, test_arena(), Fixed());
  REQUIRE(bindings);
  CHECK(bindings->addresses()[0] == Environment::per_cpu_import("this_cpu_off"));
  REQUIRE(bindings->trapped_at(Environment::kAddress + bindings->addresses()[1]) != nullptr);
  CHECK(bindings->trapped_at(Environment::kAddress + bindings->addresses()[1] + 8)->name == "softnet_data");
}
