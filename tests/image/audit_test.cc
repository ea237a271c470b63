// The audit of drivers that are built here: an interpreter of the incident's shape, with a bounds check and without.
#include "fuzz/image/audit.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/approved.h"
#include "tests/image/pe_file.h"
#include "tests/image/sample_module.h"

using namespace sluice;
using namespace sluice::image;

namespace {

bool is_provided(std::string_view name) { return name == "DbgPrintEx" || name == "sample_printk"; }

// With the names of the PDB beside it.
struct Driver {
  explicit Driver(const std::string& path) : bytes(read_driver(path)) {
    auto parsed = parse_image(bytes, "interpreter.sys");
    REQUIRE(parsed);
    image = std::move(*parsed);
    entries = default_entries(image);
    const auto pdb = read_driver(path.substr(0, path.size() - 3) + "pdb");
    REQUIRE(add_pdb_symbols(image, pdb));
  }

  [[nodiscard]] Audit audited() const { return audit(image, entries, is_provided); }
  [[nodiscard]] Audit audited(const std::string& name) const {
    const Entry entry[] = {{name, offset_of(image, name)}};
    return audit(image, entry, is_provided);
  }

  std::vector<std::uint8_t> bytes;
  ImageFile image;
  std::vector<Entry> entries;
};

// What an audit tells of must outlive it.
const Driver& driver(const std::string& path) {
  static std::map<std::string, std::unique_ptr<Driver>> drivers;
  auto& one = drivers[path];
  if (one == nullptr) one = std::make_unique<Driver>(path);
  return *one;
}

std::vector<AuditedRead> reads_in(const Audit& audit, std::string_view function) {
  std::vector<AuditedRead> reads;
  for (const AuditedRead& read : audit.reads) {
    if (audit.functions[read.function].name == function) reads.push_back(read);
  }
  return reads;
}

GuardKind guard_in(const Audit& audit, std::string_view function) {
  const auto reads = reads_in(audit, function);
  INFO(function);
  REQUIRE(reads.size() == 1);
  return reads[0].guard.kind;
}

}  // namespace

TEST_CASE("the incident's shape: the read that nothing checks is found, and the check where there is one") {
  const Audit without = driver("interpreter.sys").audited();
  CHECK(guard_in(without, "value_of") == GuardKind::none);
  CHECK(audit_as_text(without).find("value_of: mov rax, qword ptr [rcx+rax*8] at +0x1244: no bounds check found") !=
        std::string::npos);
  const Audit with = driver("checked/interpreter.sys").audited();
  CHECK(guard_in(with, "value_of") == GuardKind::compared);
  CHECK(audit_as_text(with).find("guarded by cmp rax, 0x13 at +0x1244") != std::string::npos);
}

TEST_CASE("a check counts where it is of the index, on the way and on the good side") {
  const std::string path = GENERATE("interpreter.sys", "aarch64/interpreter.sys", "unoptimised/interpreter.sys");
  INFO(path);
  const Audit audit = driver(path).audited();
  CHECK(guard_in(audit, "checked_in_vain") == GuardKind::none);
  CHECK(guard_in(audit, "checked_backwards") == GuardKind::none);
  CHECK(guard_in(audit, "checked_another") == GuardKind::none);
  CHECK(guard_in(audit, "masked") == GuardKind::masked);
  CHECK(guard_in(audit, "spilled") == GuardKind::compared);
  CHECK(guard_in(audit, "checked_with_sign") == GuardKind::compared);
  CHECK(reads_in(audit, "checked_with_sign")[0].guard.is_signed);
  CHECK(!reads_in(audit, "spilled")[0].guard.is_signed);
  CHECK(guard_in(audit, "read_twice") == GuardKind::compared);
  CHECK(reads_in(audit, "read_twice")[0].guard.is_reread);
  CHECK(!reads_in(audit, "spilled")[0].guard.is_reread);
  for (const AuditedRead& read : reads_in(audit, "counted")) CHECK(read.guard.kind != GuardKind::none);
}

TEST_CASE("audits, as they are printed") {
  test::check_approved("image/approved/interpreter.txt", audit_as_text(driver("interpreter.sys").audited()));
  test::check_approved("image/approved/interpreter-checked.txt",
                       audit_as_text(driver("checked/interpreter.sys").audited()));
  test::check_approved("image/approved/interpreter-aarch64.txt",
                       audit_as_text(driver("aarch64/interpreter.sys").audited()));
  test::check_approved("image/approved/interpreter.json",
                       audit_as_json(driver("interpreter.sys").audited("Interpret")));
  test::check_approved("image/approved/interpreter.dict",
                       audit_as_dictionary(driver("interpreter.sys").audited("Interpret")));
}

TEST_CASE("a module's audit") {
  auto image = parse_image(sample_module(), "sample.ko");
  REQUIRE(image);
  const Audit found = audit(*image, default_entries(*image), is_provided);
  CHECK(guard_in(found, "square_of") == GuardKind::masked);
  const auto printk = std::ranges::find(found.imports, "sample_printk", &AuditedImport::name);
  const auto jiffies = std::ranges::find(found.imports, "sample_jiffies", &AuditedImport::name);
  REQUIRE((printk != found.imports.end() && jiffies != found.imports.end()));
  CHECK((printk->is_provided && !jiffies->is_provided));
}

TEST_CASE("only what an entry reaches is told") {
  const Audit found = driver("interpreter.sys").audited("Nest");
  REQUIRE(found.functions.size() == 2);
  CHECK(found.functions[1].name == "nest");
  CHECK(found.entries == std::vector<std::string>{"Nest"});
  REQUIRE(found.stacks.size() == 1);
  CHECK(found.stacks[0].chain.is_recursive);
}

TEST_CASE("a frame that is larger than the kernel's stack is told") {
  const Audit found = driver("interpreter.sys").audited("TakeMuch");
  REQUIRE(found.stacks.size() == 1);
  CHECK(found.stacks[0].chain.size > kKernelStack);
  CHECK(audit_as_text(found).find("more than there is") != std::string::npos);
}

TEST_CASE("the dictionary has what content is compared with") {
  const std::string text = audit_as_dictionary(driver("interpreter.sys").audited());
  CHECK(text.find("u32_aaaaaaaa=\"\\xaa\\xaa\\xaa\\xaa\"\n") != std::string::npos);
  CHECK(text.find("u16_123=\"\\x23\\x01\"\n") != std::string::npos);
  for (const char* opcode : {"10", "11", "18"}) {  // the cases of the switch
    CHECK(text.find(std::string("u8_") + opcode + "=\"\\x" + opcode + "\"\n") != std::string::npos);
  }
}

TEST_CASE("JSON is JSON, whatever names are") {
  Driver changed("interpreter.sys");
  changed.image.imports.push_back({"\xFF\"\n", "\x80"});
  changed.image.sections[0].name = "\xC0\x1B[2J";
  const Audit found = changed.audited();
  CHECK(nlohmann::json::parse(audit_as_json(found))["imports"].size() == changed.image.imports.size());
  CHECK(audit_as_text(found).find('\x1B') == std::string::npos);
}

TEST_CASE("an image of random code is audited, and soon") {
  std::mt19937_64 random(Catch::rngSeed());
  INFO("seed " << Catch::rngSeed());
  for (const Machine machine : {Machine::x86_64, Machine::aarch64}) {
    std::vector<std::uint8_t> bytes(64 * kPage);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    ImageFile image{.format = Format::pe, .machine = machine, .name = "noise.sys"};
    image.size = static_cast<std::uint32_t>(bytes.size());
    image.sections = {{".text", 0, image.size, bytes, false, true, 0}};
    image.unwind = {kPage, 1200};
    std::vector<Entry> entries;
    for (int i = 0; i < 300; ++i) {
      const auto offset = static_cast<std::uint32_t>(random() % bytes.size());
      entries.push_back({"entry", machine == Machine::aarch64 ? offset / 4 * 4 : offset});
    }
    const Audit found = audit(image, entries, is_provided);
    CHECK(found.functions.size() > 100);
    CHECK(!audit_as_text(found).empty());
    CHECK(nlohmann::json::parse(audit_as_json(found))["image"] == "noise.sys");
  }
}
