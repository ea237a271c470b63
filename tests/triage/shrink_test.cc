#include "fuzz/shrink/shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "fuzz/engine/input.h"
#include "fuzz/mutate/random.h"
#include "fuzz/mutate/tree.h"
#include "tests/mutate/samples.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::shrink {

namespace {

using mutate::Bytes;
using mutate::format_of;
using mutate::from_hex;
using mutate::to_hex;
using Input = std::span<const std::uint8_t>;

// Names lie in a pool, of which records name pieces; a record may have a note.
constexpr const char* kBooks = R"(
meta: {id: books, endian: le, encoding: ASCII}
seq:
  - {id: magic, contents: BK}
  - {id: sum, type: u1, -sluice-checksum: {sum8: [num_books, books]}}
  - {id: len_pool, type: u1}
  - {id: pool, type: pool, size: len_pool}
  - {id: num_books, type: u1}
  - {id: books, type: book, repeat: expr, repeat-expr: num_books}
types:
  pool:
    -sluice-allow: [trailing-bytes]
  book:
    seq:
      - {id: price, type: u2}
      - {id: ofs_name, type: u1}
      - {id: len_name, type: u1}
      - {id: has_note, type: u1, valid: {max: 1}}
      - {id: note, type: u1, if: has_note == 1}
    instances:
      name: {io: _root.pool._io, pos: ofs_name, size: len_name, type: str}
)";

const mutate::Format& books() {
  static const auto format = format_of(kBooks);
  return *format;
}

Bytes with_sum(Bytes bytes) {
  mutate::Tree tree(books());
  (void)tree.parse(bytes);
  const std::size_t from = 4 + std::size_t{bytes[3]};
  unsigned sum = 0;
  for (std::size_t i = from; i < bytes.size(); ++i) sum += bytes[i];
  bytes[2] = static_cast<std::uint8_t>(sum);
  return bytes;
}

// "dune" 9.99 with a note, "emma" 300, "ulysses" 500.
Bytes three() {
  return with_sum(
      from_hex("42 4b 00 0f 64 75 6e 65 65 6d 6d 61 75 6c 79 73 73 65 73 03"
               " e7 03 00 04 01 2a"
               " 2c 01 04 04 00"
               " f4 01 08 07 00"));
}

std::string picture(const mutate::Format& format, Input input, const Shows& shows, const ShrinkLimits& limits = {}) {
  REQUIRE(shows(input));
  const Shrunk shrunk = shrink(format, input, shows, limits);
  CHECK(shows(shrunk.input));
  CHECK(shrink(format, input, shows, limits).input == shrunk.input);
  std::string out = to_hex(shrunk.input) + (shrunk.is_done ? "\n" : "\nnot done\n");
  for (const Needed& n : shrunk.needed) out += fmt::format("{} = {}, not {}\n", n.path, n.value, n.plain);
  return out;
}

// Asks of the books of an input that reads to its end.
Shows any_book(std::function<bool(const mutate::Tree&, mutate::NodeId)> is_it) {
  return [is_it = std::move(is_it)](Input input) {
    mutate::Tree tree(books());
    if (!tree.parse(input) || tree.is_empty()) return false;
    for (mutate::NodeId id = 0; id < tree.size(); ++id) {
      if (mutate::path_of(tree, id).ends_with(']') && is_it(tree, id)) return true;
    }
    return false;
  };
}

std::string value_of(const mutate::Tree& tree, mutate::NodeId book, std::string_view member) {
  const std::string path = mutate::path_of(tree, book) + "." + std::string(member);
  for (mutate::NodeId id = book; id < tree[book].end; ++id) {
    if (mutate::path_of(tree, id) != path) continue;
    if (tree[id].is_number()) return to_string(tree.integer(id));
    const auto bytes = tree.bytes().subspan(tree[id].from, tree[id].size());
    return {bytes.begin(), bytes.end()};
  }
  return "none";
}

int number_of(const mutate::Tree& tree, mutate::NodeId book, std::string_view member) {
  const std::string value = value_of(tree, book, member);
  return value == "none" ? -1 : std::stoi(value);
}

}  // namespace

TEST_CASE("elements go, and a number goes as low as the fault allows") {
  const auto dear = any_book([](const auto& tree, auto book) { return number_of(tree, book, "price") >= 290; });
  CHECK(picture(books(), three(), dear) ==
        "42 4b 24 00 01 22 01 00 00 00\n"
        "books[0].price = 290, not 0\n");
}

TEST_CASE("what lies beyond the end lies beyond the end of what is left") {
  // A book's name is right behind the file.
  const auto beyond = [](Input input) {
    if (input.size() < 5 || input.size() < std::size_t{5} + input[3]) return false;
    for (std::size_t at = std::size_t{5} + input[3]; at + 5 <= input.size(); at += input[at + 4] == 0 ? 5 : 6) {
      if (input[at + 2] == input.size()) return true;
    }
    return false;
  };
  Bytes far = three();
  far[22] = static_cast<std::uint8_t>(far.size());
  CHECK(picture(books(), with_sum(far), beyond) ==
        "42 4b 0b 00 01 00 00 0a 00 00\n"
        "books[0].ofs_name = 10, not 0\n");
}

TEST_CASE("what is optional goes where it does not matter, and stays where it does") {
  const auto noted = any_book([](const auto& tree, auto book) { return number_of(tree, book, "note") > 40; });
  CHECK(picture(books(), three(), noted) ==
        "42 4b 2b 00 01 00 00 00 00 01 29\n"
        "books[0].has_note = 1, not 0\n"
        "books[0].note = 41, not 0\n");
}

TEST_CASE("a text becomes short and plain, and its length is told where that is what matters") {
  const auto long_name = any_book([](const auto& t, auto book) { return value_of(t, book, "name").size() >= 6; });
  CHECK(picture(books(), three(), long_name) ==
        "42 4b 07 06 61 61 61 61 61 61 01 00 00 00 06 00\n"
        "books[0].len_name = 6, not 0\n");
  const auto has_m =
      any_book([](const auto& t, auto book) { return value_of(t, book, "name").find('m') != std::string::npos; });
  CHECK(picture(books(), three(), has_m) ==
        "42 4b 02 01 6d 01 00 00 00 01 00\n"
        "books[0].name = m, not \n");
}

TEST_CASE("a count that is needed is told") {
  const auto two = [](Input input) {
    mutate::Tree tree(books());
    return tree.parse(input) && input.size() > 4 && input[4 + std::size_t{input[3]}] >= 2;
  };
  CHECK(picture(books(), three(), two) ==
        "42 4b 02 00 02 00 00 00 00 00 00 00 00 00 00\n"
        "num_books = 2, not 0\n");
}

TEST_CASE("what is out of order stays so where the fault needs it") {
  // A checksum that is wrong, and one book with a price.
  Bytes wrong = three();
  wrong[2] ^= 0xFF;
  const auto is_wrong = [](Input input) {
    mutate::Tree tree(books());
    if (!tree.parse(input) || input.size() < 5) return false;
    const Bytes bytes(input.begin(), input.end());
    return with_sum(bytes) != bytes;
  };
  CHECK(picture(books(), wrong, is_wrong) ==
        "42 4b aa 00 00\n"
        "sum = 170, not 0\n");
}

TEST_CASE("of content that does not read to its end the bytes go") {
  Bytes cut = three();
  cut.resize(cut.size() - 3);
  const auto ends_early = [](Input input) {
    return input.size() >= 12 && std::ranges::count(input, std::uint8_t{0x75}) >= 1;
  };
  CHECK(picture(books(), cut, ends_early) == "42 4b 00 07 75 00 00 00 00 00 00 00\n");
}

TEST_CASE("of a container first what is not content goes") {
  using engine::Act;
  const Bytes other = from_hex("42 4b 00 00 00");
  const std::vector<engine::Operation> operations{
      {Act::load_second},
      {Act::evaluate, {.type = 1, .inputs = {{SLUICE_U32, std::string("\7\0\0\0", 4)}}}},
      {Act::load_first},
      {Act::evaluate,
       {.type = 2, .inputs = {{SLUICE_BYTES, "long text"}, {SLUICE_BYTES, "more text"}, {SLUICE_U32, "four"}}}},
      {Act::unload},
  };
  const Bytes written = engine::write_operations(operations);
  const Bytes container = bytes::write_fuzz_input({three(), other, written});
  // An event with a `x` in its second input, after content with a dear book was loaded.
  const auto is_shown = [](Input input) {
    const auto parts = bytes::read_fuzz_input(input);
    if (!parts) return false;
    const auto dear = any_book([](const auto& tree, auto book) { return number_of(tree, book, "price") >= 290; });
    bool is_loaded = false;
    for (const engine::Operation& operation : engine::read_operations(parts->operations)) {
      if (operation.act == Act::load_first) is_loaded = dear(parts->content);
      if (operation.act == Act::load_second) is_loaded = dear(parts->second);
      if (operation.act != Act::evaluate || operation.event.inputs.size() < 2) continue;
      if (is_loaded && operation.event.inputs[1].bytes.find('x') != std::string::npos) return true;
    }
    return false;
  };
  CHECK(
      picture(books(), container, is_shown) ==
      "42 4b 24 00 01 22 01 00 00 00 00 03 02 00 00 00 02 00 00 00 00 01 01 00 78 0a 00 00 00 00 00 00 00 0f 00 00 00 "
      "01 00 00 00 53 4c 46 55 5a 5a 0d 0a\n"
      "books[0].price = 290, not 0\n");
  // With a fault that content alone shows nothing of it is left.
  const auto is_content = [](Input input) {
    const auto dear = any_book([](const auto& tree, auto book) { return number_of(tree, book, "price") >= 290; });
    return dear(bytes::content_part(input));
  };
  CHECK(picture(books(), container, is_content) ==
        "42 4b 24 00 01 22 01 00 00 00\n"
        "books[0].price = 290, not 0\n");
}

// Any mixture of conditions on the books' prices, names and notes: what is left shows it, has no book too many, and is
// the same each time.
TEST_CASE("random content and faults") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    mutate::Random random(seed);
    const std::size_t count = 1 + random.below(30);
    Bytes input = from_hex("42 4b 00 20");
    for (int i = 0; i < 32; ++i) input.push_back(static_cast<std::uint8_t>('a' + random.below(4)));
    input.push_back(static_cast<std::uint8_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
      const auto from = static_cast<std::uint8_t>(random.below(28));
      const bool has_note = random.chance(1, 2);
      for (const auto byte :
           {random.below(256), random.below(4), std::uint64_t{from}, random.below(5), std::uint64_t{has_note}}) {
        input.push_back(static_cast<std::uint8_t>(byte));
      }
      if (has_note) input.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
    input = with_sum(input);
    // Each condition is that of a book of the input, so that some content shows all of them.
    mutate::Tree whole(books());
    REQUIRE(whole.parse(input));
    std::vector<mutate::NodeId> all;
    for (mutate::NodeId id = 0; id < whole.size(); ++id) {
      if (mutate::path_of(whole, id).ends_with(']')) all.push_back(id);
    }
    struct Condition {
      std::uint64_t kind;
      int number;
      std::string name;
    };
    std::vector<Condition> conditions;
    for (std::uint64_t i = 0; i <= random.below(3); ++i) {
      const mutate::NodeId book = all[random.below(all.size())];
      const std::uint64_t kind = random.below(3);
      const char* member = kind == 0 ? "price" : "note";
      conditions.push_back({kind, number_of(whole, book, member), value_of(whole, book, "name")});
    }
    const Shows shows = [&](Input content) {
      return std::ranges::all_of(conditions, [&](const Condition& c) {
        return any_book([&](const auto& tree, auto book) {
          if (c.kind == 0) return number_of(tree, book, "price") >= c.number;
          if (c.kind == 1) return number_of(tree, book, "note") >= c.number;
          return value_of(tree, book, "name").find(c.name) != std::string::npos;
        })(content);
      });
    };
    REQUIRE(shows(input));
    const Shrunk shrunk = shrink(books(), input, shows, {});
    INFO(to_hex(input) << "\n" << to_hex(shrunk.input));
    CHECK(shrunk.is_done);
    CHECK(shows(shrunk.input));
    CHECK(shrunk.input.size() <= input.size());
    CHECK(shrink(books(), input, shows, {}).input == shrunk.input);
    mutate::Tree tree(books());
    CHECK(tree.parse(shrunk.input));
    CHECK(with_sum(shrunk.input) == shrunk.input);
    // No book can go.
    for (mutate::NodeId id = 0; id < tree.size(); ++id) {
      if (!mutate::path_of(tree, id).ends_with(']')) continue;
      Bytes without(shrunk.input.begin(), shrunk.input.end());
      without.erase(without.begin() + tree[id].from, without.begin() + tree[id].to);
      --without[4 + std::size_t{without[3]}];
      CHECK_FALSE(shows(with_sum(without)));
    }
    CHECK(shrink(books(), shrunk.input, shows, {}).input == shrunk.input);
  }
}

TEST_CASE("limits") {
  const auto dear = any_book([](const auto& tree, auto book) { return number_of(tree, book, "price") >= 290; });
  std::uint32_t asked = 0;
  const Shows counted = [&](Input input) {
    ++asked;
    return dear(input);
  };
  const Shrunk some = shrink(books(), three(), counted, {.tries = 5});
  CHECK(asked == some.tries);
  CHECK(some.tries <= 5);
  CHECK_FALSE(some.is_done);
  CHECK(dear(some.input));
  CHECK_FALSE(shrink(books(), three(), counted, {.time = std::chrono::milliseconds(0)}).is_done);
}

}  // namespace sluice::shrink
