// Any text is a schema that compiles, or is refused with at least one error. What compiles also binds expressions and
// walks a few bytes within its limits.
#include <cstddef>
#include <cstdint>

#include "fuzz/harness/judge.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

using namespace sluice;
using harness::require;

static constexpr std::uint8_t kContent[] = {0x01, 0x00, 0x02, 0xFF, 0x7F, 0x80, 0x04, 0x00, 0x41, 0x42, 0x00, 0x10};

static void bind_in_root(const schema::Schema& schema, const std::string& text) {
  schema::Problem problem;
  schema::Expression bound = schema::bind_expression(schema, schema.root, text, problem);
  require(bound || !problem.message.empty());
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<schema::Problem> problems;
  auto schema = schema::load_schema_text("fuzz.ksy", std::string(data, data + size), problems);
  if (!schema) {
    bool explained = false;
    for (const auto& problem : problems) explained = explained || (!problem.is_warning && !problem.message.empty());
    require(explained);
    return 0;
  }
  for (const auto& member : schema->type(schema->root).members) bind_in_root(*schema, member.id + " + 1");
  bind_in_root(*schema, "_root._io.size - 1");
  harness::judge_inside(schema::compile(*schema), kContent, 5000);
  return 0;
}
