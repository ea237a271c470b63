#include "fuzz/harness/small_schemas.h"

#include <memory>
#include <vector>

#include "tests/agree/random_schema.h"
#include "tests/agree/vocabulary.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

namespace sluice::harness {

static std::string text_of(std::uint8_t first, std::uint8_t second) {
  if (first % 2 != 0) return agree::RandomSchema(static_cast<std::uint64_t>(first / 2 << 8 | second)).draw();
  auto vocabulary = agree::vocabulary();
  const agree::Fragment* fields[] = {&vocabulary[first / 2u], &vocabulary[second]};
  auto both = agree::schema_text(fields);
  return both ? *both : agree::schema_text(std::span(fields).last(1)).value_or("");
}

static std::unique_ptr<program::Program> compile(const std::string& text) {
  std::vector<schema::Problem> problems;
  auto schema = schema::load_schema_text("small.ksy", text, problems);
  return schema ? std::make_unique<program::Program>(schema::compile(*schema)) : nullptr;
}

const program::Program* small_schema(std::uint8_t first, std::uint8_t second) {
  struct Slot {
    bool tried = false;
    std::unique_ptr<program::Program> program;
  };
  static std::vector<Slot> cache(0x10000);
  std::size_t words = agree::vocabulary().size();
  bool random = first % 2 != 0;
  if (random) first &= 0x1F;  // few enough to keep
  if (!random)
    first = static_cast<std::uint8_t>(first / 2 % words * 2), second = static_cast<std::uint8_t>(second % words);
  Slot& slot = cache[static_cast<std::size_t>(first << 8 | second)];
  if (!slot.tried) slot.program = compile(text_of(first, second));
  slot.tried = true;
  return slot.program.get();
}

}  // namespace sluice::harness
