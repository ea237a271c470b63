// Collects what is wrong with the files of a schema.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "validator/schema/load.h"

namespace sluice::schema {

// Where in the files of a schema: the number of the file, the YAML path and the mark of what is wrong there.
struct Place {
  std::uint32_t file = 0;
  std::string path;
  document::Mark mark;
};

class Problems {
 public:
  explicit Problems(std::vector<Problem>& out) : out_(out) {}

  // Numbers from 0 in the order of calls. `text` is aliased and must live as long as this object.
  std::uint32_t add_file(std::string name, std::string_view text);

  void error(const Place& place, std::string message) { add(place, std::move(message), false); }
  void warning(const Place& place, std::string message) { add(place, std::move(message), true); }

  [[nodiscard]] bool has_errors() const { return has_errors_; }

  // Puts the problems in the order of reading.
  void sort();

 private:
  struct File {
    std::string name;
    std::string_view text;
    std::vector<std::size_t> lines;  // where each begins; made when it is first needed
  };

  void add(const Place& place, std::string message, bool is_warning);
  [[nodiscard]] std::string excerpt(File& file, document::Mark mark);

  std::vector<Problem>& out_;
  std::vector<File> files_;
  bool has_errors_ = false;
};

}  // namespace sluice::schema
