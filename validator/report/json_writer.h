// JSON as it is written: nothing is held, keys keep their order, and any string gives valid JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "validator/finding/finding.h"

namespace sluice::report {

class JsonWriter {
 public:
  // `spread` puts each member on a line of its own, `tight` all of them on one line.
  enum class Shape : bool { spread, tight };

  // Appends to `out`, which may be emptied between any two calls.
  explicit JsonWriter(std::string& out) : out_(out) {}

  // The calls without a key are for elements of arrays and for the document itself.
  void begin_object(Shape shape = Shape::spread) { begin('{', '}', shape); }
  void begin_object(std::string_view key, Shape shape = Shape::spread) { name(key), begin('{', '}', shape); }
  void begin_array(Shape shape = Shape::spread) { begin('[', ']', shape); }
  void begin_array(std::string_view key, Shape shape = Shape::spread) { name(key), begin('[', ']', shape); }
  void end();

  void string(std::string_view text);
  void string(std::string_view key, std::string_view text) { name(key), string(text); }
  void number(std::uint64_t value);
  void number(std::string_view key, std::uint64_t value) { name(key), number(value); }
  void boolean(std::string_view key, bool value);
  // A value that another JsonWriter wrote.
  void raw(std::string_view key, std::string_view json);

 private:
  struct Level {
    char closing;
    Shape shape;
    bool empty = true;
  };

  void begin(char opening, char closing, Shape shape);
  void name(std::string_view key);
  void separate();
  void new_line();

  std::string& out_;
  std::vector<Level> levels_;
  bool named_ = false;  // a key was written and waits for its value
};

// A finding as the JSON report has it (docs/report-json.md), as an element of an array or a member.
void write_finding(JsonWriter& json, const Finding& finding);
void write_finding(JsonWriter& json, std::string_view key, const Finding& finding);

}  // namespace sluice::report
