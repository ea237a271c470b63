/* Strings, lists, numbers, and what is printed. */
#include <catch2/catch.hpp>
#include <vector>

#include "driver_calls.h"
#include "fault_of.h"

namespace {

using Lines = std::vector<std::string>;

Lines log() {
  Lines lines;
  for (size_t i = 0; i < sluice_kernel_num_log_lines(); ++i) lines.emplace_back(sluice_kernel_log_line(i));
  return lines;
}

TEST_CASE("Unicode strings compare as in Windows") {
  CHECK(NtCompare(u"abc", u"abc", false) == 0);
  CHECK(NtCompare(u"abc", u"ABC", true) == 0);
  CHECK(NtCompare(u"abc", u"ABC", false) > 0);
  CHECK(NtCompare(u"ab", u"abc", false) < 0);
  CHECK(NtCompare(u"abd", u"abc", true) > 0);
  CHECK(NtCompare(u"", u"", true) == 0);
  CHECK(NtCompare(nullptr, u"a", true) < 0);
  CHECK(NtCompare(u"STRASSE \u00c4\u00d6\u00dc\u0178\u0391\u03a9\u0410\u042f\u0104\u017d",
                  u"strasse \u00e4\u00f6\u00fc\u00ff\u03b1\u03c9\u0430\u044f\u0105\u017e", true) == 0);
  CHECK(NtCompare(u"\u00f7", u"\u00d7", true) != 0);
  CHECK(NtPrefix(u"\\device\\", u"\\Device\\HarddiskVolume1"));
  CHECK_FALSE(NtPrefix(u"\\Device\\HarddiskVolume1", u"\\Device\\"));
}

TEST_CASE("Unicode strings are copied and joined within their buffer") {
  char16_t to[8] = u"xxxxxxx";
  CHECK(NtCopyAndAppend(to, 14, u"abc", u"de") == 10);
  CHECK(std::u16string_view(to) == u"abcde");
  CHECK(NtCopyAndAppend(to, 4, u"abc", u"") == 4);
  CHECK(NtCopyAndAppend(to, 6, u"abc", u"d") == 0xffff);
}

TEST_CASE("lists go forwards, backwards and apart") {
  CHECK(NtListSum() == 20 + 2 * 1 + 3 * 300);
  CHECK(lx_list_sum() == 20 + 2 * 1 + 3 * 300);
}

TEST_CASE("numbers of Linux are what they are there") {
  CHECK(fault_of([] { CHECK(lx_numbers() == 3); }) == "");
}

TEST_CASE("DbgPrint formats as Windows does") {
  sluice_kernel_begin();
  NtPrint();
  CHECK(log() == Lines{"ulong 4294967295, 123456789abc,    -7|-7   |-0007", "count caf? caf? narrow nar x %",
                       "in two parts", "and a tab?", "ff 9029 0000BEEF 0x10 (null) 5", "unknown %y %d"});
}

TEST_CASE("printk begins a line each time and shows no level") {
  sluice_kernel_begin();
  CHECK(init_module() == 0);
  CHECK(fault_of([] {
          lx_print();
          CHECK(log() ==
                Lines{"test: loaded", "test: 1099511627776 10000000000 -1 0123456", "dev0: no newline", "bare"});
        }) == "");
}

TEST_CASE("a warning is a line, and the driver goes on") {
  sluice_kernel_begin();
  CHECK(lx_warn() == 1);
  REQUIRE(log().size() == 1);
  CHECK(log()[0].starts_with("WARN_ON(1 + 1 == 2) at linux_driver.c:"));
}

TEST_CASE("the log keeps the last lines") {
  sluice_kernel_begin();
  NtPrintMany(SLUICE_KERNEL_LOG_LINES + 3);
  REQUIRE(log().size() == SLUICE_KERNEL_LOG_LINES);
  CHECK(log().front() == "line 3");
  CHECK(log().back() == "line 52");
}

}  // namespace
