#include "validator/bytes/packed.h"

#include <catch2/catch.hpp>

#include "validator/bytes/sha256.h"

namespace sluice::bytes {
namespace {

TEST_CASE("a record comes back as it was packed") {
  Packer out;
  out.number(0).number(UINT64_MAX).flag(true).flag(false).text("").text(std::string_view("a\0b", 3)).number(7);
  Unpacker in(out.packed());
  CHECK(in.number() == 0);
  CHECK(in.number() == UINT64_MAX);
  CHECK(in.flag());
  CHECK(!in.flag());
  CHECK(in.text().empty());
  CHECK(in.text() == std::string("a\0b", 3));
  CHECK(!in.is_whole());
  CHECK(in.below(8) == 7);
  CHECK(in.is_whole());
}

TEST_CASE("the first thing that is not there ends it") {
  const std::string packed = Packer().number(1).text("text").packed();
  Unpacker in(packed);
  CHECK(in.number() == 1);
  CHECK(in.number() == 4);
  CHECK(in.number() == 0);  // 4 bytes are left
  CHECK(!in.is_good());
  CHECK(in.text().empty());
  CHECK(!in.flag());
  CHECK(!in.is_whole());
}

TEST_CASE("lengths and counts that cannot be are refused") {
  const std::string longer = Packer().number(UINT64_MAX).packed() + "text";
  Unpacker text(longer);
  CHECK(text.text().empty());
  CHECK(!text.is_good());

  const std::string sixteen = std::string(16, 'x');
  for (const std::uint64_t count : {2u, 3u}) {
    const std::string packed = Packer().number(count).packed() + sixteen;
    Unpacker in(packed);
    CHECK(in.count(8) == (count == 2 ? 2 : 0));
    CHECK(in.is_good() == (count == 2));
  }

  const std::string two = "\2";
  Unpacker flag(two);
  CHECK(!flag.flag());
  CHECK(!flag.is_good());

  const std::string seven = Packer().number(7).packed();
  Unpacker below(seven);
  CHECK(below.below(7) == 0);
  CHECK(!below.is_good());
}

TEST_CASE("sha256 of the standard's examples, and hexadecimal") {
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256(View()) == sha256(""));
  CHECK(hex(std::string("\0\x0f\xff", 3)) == "000fff");
}

}  // namespace
}  // namespace sluice::bytes
