#include "fuzz/suggest/patch.h"

#include <catch2/catch.hpp>

namespace sluice::suggest {

namespace {

std::string put_rule(const std::string& text) {
  const auto edit = add_rule(text, "cells", "- id: one\n  unique: _.id\n");
  return edit ? apply(text, *edit) : "nothing";
}

std::string put_valid(const std::string& text, const char* path = "/seq/0") {
  const auto edit = add_valid(text, path, "{max: 3}");
  return edit ? apply(text, *edit) : "nothing";
}

}  // namespace

TEST_CASE("a rule is put behind the last one, as far in as that") {
  CHECK(put_rule("format: cells\nrules:\n  - id: a\n    each: b\n    unique: _.c\n") ==
        "format: cells\nrules:\n  - id: a\n    each: b\n    unique: _.c\n  - id: one\n    unique: _.id\n");
  CHECK(put_rule("rules:\n- id: a\n  covers: true\n\n# end\nformat: cells\n") ==
        "rules:\n- id: a\n  covers: true\n- id: one\n  unique: _.id\n\n# end\nformat: cells\n");
  CHECK(put_rule("rules:\n  - id: a\n    covers: true\n\n  - id: b\n    help: |\n      Text.\n\n      More.\n") ==
        "rules:\n  - id: a\n    covers: true\n\n  - id: b\n    help: |\n      Text.\n\n      More.\n"
        "\n  - id: one\n    unique: _.id\n");
}

TEST_CASE("a document without rules gets the list, and none becomes one") {
  CHECK(put_rule("format: cells\n") == "format: cells\n\nrules:\n  - id: one\n    unique: _.id\n");
  CHECK(put_rule("") == "format: cells\nrules:\n  - id: one\n    unique: _.id\n");
  CHECK(put_rule("rules: [{id: a, covers: true}]\n") == "nothing");
  CHECK(put_rule("- a\n") == "nothing");
  CHECK(put_rule("a: [\n") == "nothing");
}

TEST_CASE("valid stands below what the field is") {
  CHECK(put_valid("seq:\n  - id: a\n    type: u1\n    doc: |\n      Text.\n  - id: b\n") ==
        "seq:\n  - id: a\n    type: u1\n    valid: {max: 3}\n    doc: |\n      Text.\n  - id: b\n");
  CHECK(put_valid("seq:\n  - id: a\n    type: u1\n    enum: e") ==
        "seq:\n  - id: a\n    type: u1\n    enum: e\n    valid: {max: 3}\n");
  CHECK(put_valid("types:\n  t:\n    seq:\n      - {id: a, doc: 'a } b', type: u1}  # a\n", "/types/t/seq/0") ==
        "types:\n  t:\n    seq:\n      - {id: a, doc: 'a } b', type: u1, valid: {max: 3}}  # a\n");
  CHECK(put_valid("seq:\n  - id: a\n    valid: 1\n") == "nothing");
  CHECK(put_valid("seq: []\n") == "nothing");
}

TEST_CASE("the difference is one that `patch` applies") {
  const std::string text = "a\nb\nc\nd\ne\n";
  CHECK(diff_of(text, {.after = 4, .lines = "x\n"}, "f") == "--- a/f\n+++ b/f\n@@ -2,4 +2,5 @@\n b\n c\n d\n+x\n e\n");
  CHECK(diff_of(text, {.after = 1, .replaced = 1, .lines = "x\n"}, "f") ==
        "--- a/f\n+++ b/f\n@@ -1,5 +1,5 @@\n a\n-b\n+x\n c\n d\n e\n");
  CHECK(diff_of("a", {.after = 0, .replaced = 1, .lines = "a\nb\n"}, "f") ==
        "--- a/f\n+++ b/f\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n");
  CHECK(diff_of("", {.lines = "x\n"}, "f") == "--- /dev/null\n+++ b/f\n@@ -0,0 +1,1 @@\n+x\n");
}

}  // namespace sluice::suggest
