// The instructions around a place of drivers that are built here.
#include "fuzz/image/disassembly.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/image/pe_file.h"

using namespace sluice::image;

namespace {

struct Driver {
  explicit Driver(const std::string& path, bool has_names) : bytes(read_driver(path)) {
    auto parsed = parse_image(bytes, "interpreter.sys");
    REQUIRE(parsed);
    image = std::move(*parsed);
    if (has_names) REQUIRE(add_pdb_symbols(image, read_driver(path.substr(0, path.size() - 3) + "pdb")));
  }

  std::vector<std::uint8_t> bytes;
  ImageFile image;
};

void check_lines(const CodeAround& code, std::uint32_t offset, std::size_t before, std::size_t behind) {
  const auto here = std::ranges::find(code.lines, offset, &CodeAround::Line::offset);
  REQUIRE(here != code.lines.end());
  CHECK(static_cast<std::size_t>(here - code.lines.begin()) <= before);
  CHECK(static_cast<std::size_t>(code.lines.end() - here) <= behind + 1);
  for (auto line = code.lines.begin(); line != code.lines.end(); ++line) {
    CHECK(!line->text.empty());
    if (line != code.lines.begin()) CHECK(line->offset == std::prev(line)->offset + std::prev(line)->length);
  }
}

}  // namespace

TEST_CASE("each instruction of a function is shown with those before it") {
  for (const std::string machine : {"x86_64", "aarch64"}) {
    const Driver driver(machine + "/small.sys", true);
    Disassembly disassembly(driver.image);
    std::string why;
    const std::uint32_t begin = find_symbol(driver.image, "SmallOperate", why).value();
    const CodeAround whole = disassembly.around(begin, 3, 40);
    REQUIRE(whole.function == "SmallOperate");
    REQUIRE(whole.lines.size() > 10);
    CHECK(whole.lines.front().offset == begin);
    // On AArch64 it is called by a register.
    CHECK((machine == "aarch64" || std::ranges::any_of(whole.lines, [](const CodeAround::Line& line) {
             return line.is_call && line.text.ends_with("; DbgPrintEx");
           })));
    for (std::size_t k = 0; k < whole.lines.size(); ++k) {
      const CodeAround code = disassembly.around(whole.lines[k].offset, 3, 2);
      CHECK(code.function == "SmallOperate");
      check_lines(code, whole.lines[k].offset, 3, 2);
      CHECK(code.lines.front().offset == whole.lines[k - std::min<std::size_t>(k, 3)].offset);
    }
  }
}

TEST_CASE("without symbols there are instructions too") {
  const Driver named("x86_64/small.sys", true);
  std::string why;
  const std::uint32_t begin = find_symbol(named.image, "frame_of_pushes", why).value();
  const Driver driver("x86_64/small.sys", false);
  Disassembly disassembly(driver.image);
  const CodeAround code = disassembly.around(begin, 6, 5);
  CHECK(code.function.empty());
  CHECK(code.lines.size() == 6);
  check_lines(code, begin, 6, 5);
}

TEST_CASE("whatever place is asked for, what is shown is of the image") {
  for (const std::string machine : {"x86_64", "aarch64"}) {
    const Driver driver(machine + "/small.sys", true);
    Disassembly disassembly(driver.image);
    for (std::uint32_t offset = 0; offset < driver.image.size; offset += 3) {
      const CodeAround code = disassembly.around(offset, 6, 5);
      if (!code.lines.empty()) check_lines(code, offset, 6, 5);
    }
    CHECK(disassembly.around(driver.image.size, 6, 5).lines.empty());
    CHECK(disassembly.around(UINT32_MAX, 6, 5).lines.empty());
    CHECK(disassembly.around(0, 6, 5).lines.empty());
  }
}
