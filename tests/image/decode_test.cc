// Instructions read by two decoders: what they say, what memory they touch, and where the decoders are known to differ.
#include "fuzz/image/decode.h"

#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <vector>

using namespace sluice::image;

namespace {

using Bytes = std::vector<std::uint8_t>;

Registers some_registers() {
  Registers registers;
  registers.general = {0x1000, 0x7F0012345F60, 0x2000, 0x3000, 0x7FFF00, 0x5000, 0x6000, 0x7000,
                       0x8000, 0x9000,         0x14,   0xB000, 0xC000,   0xD000, 0xE000, 0xFFFFFFFFFFFFFFF0};
  registers.rip = 0x20001000;
  registers.fs_base = 0x100000;
  registers.gs_base = 0x200000;
  return registers;
}

std::string describe(const MemoryOperand& operand) {
  return std::string(operand.is_read ? "r" : "") + (operand.is_written ? "w" : "") + std::to_string(operand.size) +
         " " + operand.expression;
}

struct Case {
  Bytes bytes;
  const char* text;
  std::vector<std::string> operands;     // "rw8 expression"
  std::vector<std::uint64_t> addresses;  // of the operands
};

const Case kCases[] = {
    {{0x4E, 0x8B, 0x14, 0xD1},
     "mov r10, qword ptr [rcx+r10*8]",
     {"r8 rcx+r10*8, rcx = 0x7f0012345f60, r10 = 0x14"},
     {0x7F0012346000}},
    {{0x48, 0x8B, 0x05, 0x10, 0, 0, 0},
     "mov rax, qword ptr [rip+0x10]",
     {"r8 rip+0x10, rip = 0x20001007"},
     {0x20001017}},
    {{0x65, 0x48, 0x8B, 0x04, 0x25, 0x88, 1, 0, 0},
     "mov rax, qword ptr gs:[0x188]",
     {"r8 gs:0x188, gs base = 0x200000"},
     {0x200188}},
    {{0x64, 0xC6, 0x40, 0xF8, 0x07},
     "mov byte ptr fs:[rax-0x8], 0x7",
     {"w1 fs:rax-0x8, rax = 0x1000, fs base = 0x100000"},
     {0x100FF8}},
    {{0x48, 0x8D, 0x04, 0xD1}, "lea rax, [rcx+rdx*8]", {}, {}},
    {{0x0F, 0x1F, 0x44, 0, 0}, "nop dword ptr [rax+rax*1], eax", {}, {}},
    {{0x0F, 0x18, 0x08}, "prefetcht0 byte ptr [rax]", {}, {}},
    {{0xF3, 0x0F, 0x1E, 0xFA}, "endbr64", {}, {}},
    {{0xF3, 0x48, 0xA5}, "rep movsq", {"w8 rdi, rdi = 0x7000", "r8 rsi, rsi = 0x6000"}, {0x7000, 0x6000}},
    {{0xA6}, "cmpsb", {"r1 rsi, rsi = 0x6000", "r1 rdi, rdi = 0x7000"}, {0x6000, 0x7000}},
    {{0xAA}, "stosb", {"w1 rdi, rdi = 0x7000"}, {0x7000}},
    {{0x50}, "push rax", {"w8 rsp-0x8, rsp = 0x7fff00"}, {0x7FFEF8}},
    {{0xFF, 0x74, 0x24, 0x08},
     "push qword ptr [rsp+0x8]",
     {"r8 rsp+0x8, rsp = 0x7fff00", "w8 rsp-0x8, rsp = 0x7fff00"},
     {0x7FFF08, 0x7FFEF8}},
    {{0x8F, 0x44, 0x24, 0x08},  // counts from rsp as pop has moved it
     "pop qword ptr [rsp+0x8]",
     {"w8 rsp+0x10, rsp = 0x7fff00", "r8 rsp, rsp = 0x7fff00"},
     {0x7FFF10, 0x7FFF00}},
    {{0xE8, 1, 0, 0, 0}, "call 0x20001006", {"w8 rsp-0x8, rsp = 0x7fff00"}, {0x7FFEF8}},
    {{0xFF, 0x14, 0xD1},
     "call qword ptr [rcx+rdx*8]",
     {"r8 rcx+rdx*8, rcx = 0x7f0012345f60, rdx = 0x2000", "w8 rsp-0x8, rsp = 0x7fff00"},
     {0x7F0012355F60, 0x7FFEF8}},
    {{0xC3}, "ret", {"r8 rsp, rsp = 0x7fff00"}, {0x7FFF00}},
    {{0xC9}, "leave", {"r8 rbp, rbp = 0x5000"}, {0x5000}},
    {{0xD7}, "xlat", {"r1 rbx+al, rbx = 0x3000, al = 0x0"}, {0x3000}},
    {{0xF0, 0x48, 0x0F, 0xB1, 0x0A}, "lock cmpxchg qword ptr [rdx], rcx", {"rw8 rdx, rdx = 0x2000"}, {0x2000}},
    {{0x67, 0x8B, 0x04, 0x8A},  // wraps around at 32 bits
     "mov eax, dword ptr [edx+ecx*4]",
     {"r4 edx+ecx*4, edx = 0x2000, ecx = 0x12345f60"},
     {0x48D19D80}},
    {{0x41, 0x8A, 0x07}, "mov al, byte ptr [r15]", {"r1 r15, r15 = 0xfffffffffffffff0"}, {0xFFFFFFFFFFFFFFF0}},
    {{0x4C, 0x0F, 0xA3, 0x38},  // 16 bits before rax: in the eight bytes before it
     "bt qword ptr [rax], r15",
     {"r8 rax+bit r15, rax = 0x1000, r15 = 0xfffffffffffffff0"},
     {0xFF8}},
    {{0x44, 0x0F, 0xAB, 0x10}, "bts dword ptr [rax], r10d", {"rw4 rax+bit r10d, rax = 0x1000, r10d = 0x14"}, {0x1000}},
    {{0x48, 0x0F, 0xBA, 0x20, 0x7F}, "bt qword ptr [rax], 0x7f", {"r8 rax, rax = 0x1000"}, {0x1000}},
    {{0x0F, 0x11, 0x00}, "movups xmmword ptr [rax], xmm0", {"w16 rax, rax = 0x1000"}, {0x1000}},
    {{0x48, 0xA1, 1, 2, 3, 4, 5, 6, 7, 8},
     "mov rax, qword ptr [0x807060504030201]",
     {"r8 0x807060504030201"},
     {0x807060504030201}},
    {{0xC4, 0xE2, 0xF1, 0x90, 0x04, 0xD0},
     "vpgatherdq xmm0, qword ptr [rax+xmm2*8], xmm1",
     {"r8 rax+xmm2*8, rax = 0x1000, xmm2 is not known"},
     {0x1000}},
    {{0x0F, 0x0B}, "ud2", {}, {}},
    {{0x75, 0x02}, "jnz 0x20001004", {}, {}}};

}  // namespace

TEST_CASE("instructions are what the tables of the processor say") {
  for (const Case& one : kCases) {
    INFO(one.text);
    const auto decoded = decode(one.bytes, some_registers());
    REQUIRE(decoded);
    CHECK(decoded->length == one.bytes.size());
    CHECK(decoded->text == one.text);
    CHECK(decoded->disagreement.empty());
    std::vector<std::string> operands;
    std::vector<std::uint64_t> addresses;
    for (std::uint32_t i = 0; i < decoded->num_operands; ++i) {
      operands.push_back(describe(decoded->operands[i]));
      addresses.push_back(decoded->operands[i].address);
    }
    CHECK(operands == one.operands);
    CHECK(addresses == one.addresses);
  }
}

TEST_CASE("what is cut short is no instruction, and what follows one is not read") {
  for (const Case& one : kCases) {
    INFO(one.text);
    for (std::size_t size = 0; size < one.bytes.size(); ++size) {
      const auto decoded = decode(std::span(one.bytes).first(size), {});
      CHECK((!decoded || decoded->length <= size));
    }
    Bytes longer = one.bytes;
    longer.resize(40, 0xFF);
    CHECK(decode(longer, some_registers())->text == one.text);
  }
  CHECK(!decode({}, {}));
  CHECK(!decode(Bytes(15, 0x66), {}));
  CHECK(!decode(Bytes{0x06}, {}));  // not in 64-bit code
}

TEST_CASE("a disagreement is said in words") {
  CHECK(decode(Bytes{0xFF, 0x2B}, {})->disagreement == "Zydis decodes [rbx] of 6 bytes, Capstone [rbx] of 10 bytes");
  CHECK(decode(Bytes{0x66, 0xE8, 1, 2, 3, 4}, {})->disagreement == "Capstone decodes 4 bytes: call 0x205");
  CHECK(decode(Bytes{0x0F, 0x01, 0xE8}, {})->disagreement == "Capstone decodes no instruction");
}

namespace {

// An instruction without its prefixes.
struct Shape {
  bool has_66 = false;
  bool has_67 = false;
  bool has_rep = false;
  bool has_idle_rex = false;  // before another prefix
  bool has_fs_or_gs = false;
  bool has_other_segment = false;
  std::uint8_t rex = 0;
  std::uint8_t opcode = 0;
  std::uint8_t second = 0;
};

Shape shape_of(std::span<const std::uint8_t> bytes) {
  Shape shape;
  std::size_t i = 0;
  for (; i < bytes.size(); ++i) {
    const std::uint8_t byte = bytes[i];
    const bool is_rex = byte >= 0x40 && byte <= 0x4F;
    const bool is_other = byte == 0x26 || byte == 0x2E || byte == 0x36 || byte == 0x3E;
    const bool is_prefix =
        is_rex || is_other || (byte >= 0x64 && byte <= 0x67) || byte == 0xF0 || byte == 0xF2 || byte == 0xF3;
    if (!is_prefix) break;
    shape.has_idle_rex = shape.has_idle_rex || shape.rex != 0;
    shape.rex = is_rex ? byte : 0;
    shape.has_66 = shape.has_66 || byte == 0x66;
    shape.has_67 = shape.has_67 || byte == 0x67;
    shape.has_rep = shape.has_rep || byte == 0xF2 || byte == 0xF3;
    shape.has_fs_or_gs = shape.has_fs_or_gs || byte == 0x64 || byte == 0x65;
    shape.has_other_segment = shape.has_other_segment || is_other;
  }
  if (i < bytes.size()) shape.opcode = bytes[i];
  if (i + 1 < bytes.size()) shape.second = bytes[i + 1];
  return shape;
}

using Words = std::initializer_list<std::string_view>;

bool has_word(std::string_view text, Words words) {
  for (const std::string_view word : words) {
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
      const bool begins = at == 0 || text[at - 1] == ' ';
      const bool ends = at + word.size() == text.size() || text[at + word.size()] == ' ';
      if (begins && ends) return true;
    }
  }
  return false;
}

constexpr Words kFarPointers = {"call far", "jmp far", "lss", "lfs", "lgs", "lsl", "lar"};
constexpr Words kStates = {"fnsave",  "frstor",     "fldenv",   "fnstenv",    "fxsave",   "fxrstor",   "xsave",
                           "xsavec",  "xsaves",     "xsaveopt", "xrstor",     "xrstors",  "fxsave64",  "fxrstor64",
                           "xsave64", "xsaves64",   "xsavec64", "xsaveopt64", "xrstor64", "xrstors64", "fnstsw",
                           "clflush", "clflushopt", "clwb",     "cldemote",   "bndmov"};
constexpr Words kPartsOfVectors = {"comiss",  "comisd",  "ucomiss",  "ucomisd",  "punpcklbw", "punpcklwd", "punpckldq",
                                   "vcomiss", "vcomisd", "vucomiss", "vucomisd", "cvtps2pi",  "cvttps2pi"};
constexpr Words kNewer = {"clzero",
                          "movdiri",
                          "movdir64b",
                          "mwaitx",
                          "monitorx",
                          "serialize",
                          "tlbsync",
                          "invlpgb",
                          "psmash",
                          "rmpadjust",
                          "rmpupdate",
                          "pvalidate",
                          "xsusldtrk",
                          "xresldtrk",
                          "wbnoinvd",
                          "tdcall",
                          "seamret",
                          "seamops",
                          "seamcall",
                          "clui",
                          "stui",
                          "testui",
                          "uiret",
                          "senduipi",
                          "gf2p8mulb",
                          "gf2p8affineqb",
                          "gf2p8affineinvqb",
                          "mcommit",
                          "rdpru",
                          "rdpkru",
                          "wrpkru",
                          "enqcmd",
                          "enqcmds",
                          "incsspd",
                          "incsspq",
                          "rdsspd",
                          "rdsspq",
                          "saveprevssp",
                          "rstorssp",
                          "setssbsy",
                          "clrssbsy",
                          "wrssd",
                          "wrssq",
                          "wrussd",
                          "wrussq",
                          "ptwrite",
                          "tpause",
                          "umonitor",
                          "umwait",
                          "rdpid",
                          "pconfig",
                          "enclv",
                          "hreset",
                          "aesdec128kl",
                          "aesdec256kl",
                          "aesenc128kl",
                          "aesenc256kl",
                          "aesencwide128kl",
                          "aesencwide256kl",
                          "aesdecwide128kl",
                          "aesdecwide256kl",
                          "loadiwkey",
                          "encodekey128",
                          "encodekey256",
                          "bndcl",
                          "bndcn",
                          "bndcu",
                          "bndmov",
                          "bndmk",
                          "bndldx",
                          "bndstx"};

// Why two decoders may say two things of `bytes`; empty where none of the known reasons holds.
std::string_view known_reason(std::span<const std::uint8_t> bytes, const Decoded& decoded) {
  const Shape shape = shape_of(bytes.first(decoded.length));
  const std::string_view text = decoded.text;
  const std::string_view difference = decoded.disagreement;
  const bool is_nothing = difference == "Capstone decodes no instruction";
  const bool is_length = !is_nothing && difference.starts_with("Capstone decodes");
  const bool is_operand = !is_nothing && !is_length;

  if (shape.opcode == 0x62) return "EVEX: AVX-512 is newer than Capstone 4 knows, whose tables have faults there";
  const bool is_vex = shape.opcode == 0xC4 || shape.opcode == 0xC5 || shape.opcode == 0x8F;
  if (is_nothing && is_vex) return "VEX and XOP: instructions newer than Capstone 4";
  if (shape.has_fs_or_gs && shape.has_other_segment) return "several segment prefixes: which of them holds";
  if (is_operand && has_word(text, {"lea"})) return "lea with a segment prefix, which does nothing";
  const bool is_branch = (shape.opcode >= 0xE8 && shape.opcode <= 0xE9) || shape.opcode == 0xC2 ||
                         (shape.opcode == 0x0F && shape.second >= 0x80 && shape.second <= 0x8F);
  if (is_length && is_branch && (shape.has_66 || shape.has_67)) {
    return "66 before a branch: Intel ignores it, AMD cuts rip to 16 bits; Capstone does so for 67 too";
  }
  if (has_word(text, {"ud0", "ud1"})) return "ud0 and ud1: whether they have operands";
  if (shape.has_idle_rex) return "a REX prefix that another prefix follows does nothing";
  if (is_operand && shape.has_66 && (shape.has_rep || (shape.rex & 8) != 0)) return "66 beside rep or REX.W";
  if (is_operand && shape.has_rep) return "rep before what it does not repeat";
  if (is_operand && has_word(text, kFarPointers)) return "the size of far pointers";
  if (is_operand && has_word(text, kStates)) return "the size of states and lines";
  if (is_operand && has_word(text, kPartsOfVectors)) return "how much of a vector is read";
  if (is_nothing &&
      has_word(text, {"nop", "prefetch", "prefetchw", "prefetchwt1", "mov", "lfence", "mfence", "sfence"})) {
    return "forms that the manuals reserve and processors run";
  }
  if (is_nothing && has_word(text, kNewer)) {
    return "instructions newer than Capstone 4";
  }
  return "";
}

class Differences {
 public:
  void try_one(std::span<const std::uint8_t> bytes) {
    const auto decoded = decode(bytes, some_registers());
    if (!decoded) return;
    ++num_;
    const bool is_sound = decoded->length > 0 && decoded->length <= bytes.size() && !decoded->text.empty();
    if (!is_sound) FAIL_CHECK("an unsound answer for " << name(bytes));
    if (decoded->disagreement.empty()) return;
    const std::string_view reason = known_reason(bytes, *decoded);
    ++counts_[reason];
    if (reason.empty()) {
      FAIL_CHECK(name(bytes.first(decoded->length)) << " " << decoded->text << ": " << decoded->disagreement);
    }
  }

  [[nodiscard]] std::size_t num() const { return num_; }
  [[nodiscard]] std::size_t num_different() const {
    std::size_t sum = 0;
    for (const auto& [reason, count] : counts_) sum += count;
    return sum;
  }
  [[nodiscard]] const std::map<std::string_view, std::size_t>& counts() const { return counts_; }

 private:
  static std::string name(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
    return text;
  }

  std::size_t num_ = 0;
  std::map<std::string_view, std::size_t> counts_;
};

}  // namespace

TEST_CASE("random bytes: the decoders differ for known reasons only") {
  std::mt19937_64 random(Catch::rngSeed());
  INFO("seed " << Catch::rngSeed());
  Differences differences;
  for (int i = 0; i < 60'000; ++i) {
    std::array<std::uint8_t, 15> bytes;
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    differences.try_one(bytes);
  }
  CHECK(differences.num() > 40'000);
  CHECK(differences.num_different() < differences.num() / 100);
}

TEST_CASE("all opcodes of one and two bytes: the decoders differ for known reasons only") {
  Differences differences;
  for (unsigned i = 0; i < 0x10000; ++i) {
    const auto first = static_cast<std::uint8_t>(i >> 8);
    const auto second = static_cast<std::uint8_t>(i);
    differences.try_one(std::array<std::uint8_t, 15>{first, second, 0x44, 0x51, 0x08});
  }
  for (const std::uint8_t prefix : Bytes{0, 0x48, 0x66, 0xF2, 0xF3}) {
    for (unsigned i = 0; i < 0x10000; ++i) {  // 0F, and a ModRM byte
      const auto opcode = static_cast<std::uint8_t>(i >> 8);
      const auto modrm = static_cast<std::uint8_t>(i);
      std::array<std::uint8_t, 15> bytes{prefix, 0x0F, opcode, modrm, 0x51, 0x08};
      differences.try_one(std::span(bytes).subspan(prefix == 0 ? 1 : 0));
    }
  }
  CHECK(differences.num() > 200'000);
  CHECK(differences.num_different() < differences.num() / 10);
  for (const auto& [reason, count] : differences.counts()) UNSCOPED_INFO(count << " " << reason);
  CHECK(differences.counts().size() < 16);
}
