// Columns of short texts, for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::report {

class Table {
 public:
  struct Cell {
    std::string text;              // may be hostile
    std::string_view colour = {};  // as in paint.h
  };
  // The first row is the heading; all have as many cells.
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }

  // Columns as wide as what stands in them. A cell that is painted is no wider.
  [[nodiscard]] std::string text(bool colour) const;
  [[nodiscard]] std::string markdown() const;

 private:
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace sluice::report
