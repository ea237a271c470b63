#include "validator/report/table.h"

#include <algorithm>

#include "validator/report/escape.h"
#include "validator/report/paint.h"

namespace sluice::report {

std::string Table::text(bool colour) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], visible(row[i].text).size());
  }
  std::string out;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool is_last = i + 1 == row.size();
      const std::string shown = visible(row[i].text);
      out += row[i].colour.empty() ? shown : painted(shown, row[i].colour, colour);
      if (!is_last) out += std::string(widths[i] - shown.size() + 2, ' ');
    }
    out += "\n";
  }
  return out;
}

std::string Table::markdown() const {
  std::string out;
  for (const auto& row : rows_) {
    out += "|";
    for (const Cell& cell : row) out += " " + markdown_inline(cell.text) + " |";
    out += "\n";
    if (&row != &rows_.front()) continue;
    out += "|";
    for (std::size_t i = 0; i < row.size(); ++i) out += "---|";
    out += "\n";
  }
  return out;
}

}  // namespace sluice::report
