#include <algorithm>

#include <fmt/core.h>
#include <catch2/catch.hpp>

#include "tests/schema/print_schema.h"
#include "tests/scratch_folder.h"
#include "validator/schema/load.h"

namespace sluice::schema {
namespace {

std::string names_of(const Schema& schema) {
  std::string out;
  for (const auto& type : schema.types) out += (out.empty() ? "" : " ") + type->full_name;
  return out;
}

// The one problem, with the folder's own path taken off.
std::string problem_of(const std::filesystem::path& path, const LoadOptions& options = {}) {
  std::vector<Problem> problems;
  CHECK_FALSE(load_schema(path, options, problems));
  REQUIRE(problems.size() == 1);
  return std::filesystem::path(problems[0].file).filename().string() + ": " + problems[0].path + ": " +
         problems[0].message;
}

TEST_CASE("files import each other, from their own folder and from the include folders") {
  const test::ScratchFolder folder;
  std::filesystem::create_directories(folder / "lib/deep");
  folder.write("root.ksy",
               "meta: {id: root, imports: [near, /deep/far, root]}\n"
               "seq: [{id: a, type: near}, {id: b, type: 'far::inner'}, {id: c, type: u1, enum: 'near::e'}]\n");
  folder.write("near.ksy",
               "meta: {id: near, imports: [root]}\nseq: [{id: up, type: root, if: false}]\nenums: {e: {1: one}}\n");
  folder.write("lib/deep/far.ksy",
               "meta: {id: far, imports: [beside]}\ntypes: {inner: {seq: [{id: x, type: beside}]}}\n");
  folder.write("lib/deep/beside.ksy", "seq: [{id: x, type: u1}]\n");
  std::vector<Problem> problems;
  const LoadOptions options{.include = {folder / "lib"}};
  const std::optional<Schema> schema = load_schema(folder / "root.ksy", options, problems);
  CHECK(problems.empty());
  REQUIRE(schema);
  CHECK(names_of(*schema) == "root near far far::inner beside");
  CHECK(schema->files.size() == 4);
  CHECK(schema->enums[0]->full_name == "near::e");
}

TEST_CASE("an opaque type is the schema of its name beside the file, if there is one") {
  const test::ScratchFolder folder;
  const auto root = folder.write("root.ksy",
                                 "meta: {id: root, ks-opaque-types: true}\n"
                                 "seq: [{id: a, type: here}, {id: b, type: nowhere}]\n");
  folder.write("here.ksy", "meta: {id: here}\nseq: [{id: x, type: u1}]\n");
  std::vector<Problem> problems;
  const std::optional<Schema> schema = load_schema(root, {}, problems);
  REQUIRE(schema);
  CHECK(names_of(*schema) == "root here nowhere");
  CHECK_FALSE(schema->types[1]->opaque);
  CHECK(schema->types[2]->opaque);
}

TEST_CASE("what is wrong with a file that is imported is told of that file") {
  const test::ScratchFolder folder;
  const auto missing = folder.write("missing.ksy", "meta: {imports: [a, near]}\n");
  folder.write("near.ksy", "meta: {id: near}\n");
  CHECK(problem_of(missing) == "missing.ksy: /meta/imports/0: unable to find 'a.ksy' beside this file");

  const auto absolute = folder.write("absolute.ksy", "meta: {imports: [/a/b]}\n");
  CHECK(problem_of(absolute) ==
        "absolute.ksy: /meta/imports/0: unable to find 'a/b.ksy' in import search paths, using: ()");

  const auto outer = folder.write("outer.ksy", "meta: {imports: [inner]}\n");
  folder.write("inner.ksy", "seq: [{id: a, type: u2}]\n");
  CHECK(problem_of(outer) == "inner.ksy: /seq/0/type: unable to use type 'u2' without default endianness");

  folder.write("inner.ksy", "seq: {\n");
  CHECK(problem_of(outer).starts_with("inner.ksy: 2:1: "));

  CHECK(problem_of(folder / "absent.ksy").starts_with("absent.ksy: 1:1: cannot be read"));
}

TEST_CASE("imports end") {
  const test::ScratchFolder folder;
  for (int i = 0; i < 10; ++i) {
    folder.write(fmt::format("f{}.ksy", i), fmt::format("meta: {{imports: [f{}]}}\n", i + 1));
  }
  CHECK(problem_of(folder / "f0.ksy", {.include = {}, .max_files = 5}) == "f4.ksy: /meta/imports/0: more than 5 files");
}

}  // namespace
}  // namespace sluice::schema
