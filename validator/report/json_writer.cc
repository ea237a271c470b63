#include "validator/report/json_writer.h"

#include "validator/report/escape.h"

namespace sluice::report {

void JsonWriter::begin(char opening, char closing, Shape shape) {
  separate();
  out_ += opening;
  // What lies within a tight value is tight.
  if (!levels_.empty() && levels_.back().shape == Shape::tight) shape = Shape::tight;
  levels_.push_back({closing, shape});
}

void JsonWriter::end() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (level.shape == Shape::spread && !level.empty) new_line();
  out_ += level.closing;
  if (levels_.empty()) out_ += '\n';
}

void JsonWriter::string(std::string_view text) {
  separate();
  out_ += '"';
  out_ += json_escaped(text);
  out_ += '"';
}

void JsonWriter::number(std::uint64_t value) {
  separate();
  out_ += std::to_string(value);
}

void JsonWriter::boolean(std::string_view key, bool value) {
  name(key);
  separate();
  out_ += value ? "true" : "false";
}

void JsonWriter::raw(std::string_view key, std::string_view json) {
  name(key);
  separate();
  while (json.ends_with('\n')) json.remove_suffix(1);
  // The strings within hold no newline of their own: all of them are indentation.
  for (const char c : json) {
    out_ += c;
    if (c == '\n') out_.append(2 * levels_.size(), ' ');
  }
}

void JsonWriter::name(std::string_view key) {
  string(key);
  out_ += ": ";
  named_ = true;
}

void JsonWriter::separate() {
  if (named_) {
    named_ = false;
    return;
  }
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (!level.empty) out_ += level.shape == Shape::tight ? ", " : ",";
  level.empty = false;
  if (level.shape == Shape::spread) new_line();
}

void JsonWriter::new_line() {
  out_ += '\n';
  out_.append(2 * levels_.size(), ' ');
}

}  // namespace sluice::report
