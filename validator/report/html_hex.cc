// 000001f0  00 00 00 00 [14 00] 01 ..   ........
//
// Each field has a colour other than its neighbours', a line under it that is solid or dotted by turns, and a bar where
// it begins: who sees no colours can tell them apart. What a field is called stands in a list beside it, and in a
// tooltip.
#include "validator/report/html_hex.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "validator/report/words.h"
#include "validator/report/writer.h"

namespace sluice::report::html {

namespace {

constexpr std::uint64_t kRow = 16;
constexpr std::uint64_t kRowsAround = 4;
constexpr std::size_t kMostRows = 24;  // of one view
constexpr std::size_t kLastRows = 4;   // of them, where there are more, those at the end
constexpr std::size_t kColours = 6;    // even: the lines under neighbours differ too
constexpr std::size_t kNoField = SIZE_MAX;

struct Row {
  const Excerpt* excerpt;
  std::uint64_t offset;  // of its first column
};

struct Cell {
  std::size_t field = kNoField;  // of the excerpt's
  bool is_marked = false;
  bool is_needed = false;  // marked, with less weight
  bool is_begin = false;   // of the field
  bool is_there = false;
  std::uint8_t byte = 0;
  friend bool goes_on(const Cell& a, const Cell& b) {
    return b.is_there && a.field == b.field && a.is_marked == b.is_marked && a.is_needed == b.is_needed && !b.is_begin;
  }
};

class View {
 public:
  View(const FileResult& file, std::span<const HexMark> marks, bool has_buttons, std::size_t most)
      : marks_(marks), has_buttons_(has_buttons) {
    for (const Excerpt& excerpt : file.excerpts) {
      if (excerpt.bytes.empty() || excerpt.begin > UINT64_MAX - kRow - excerpt.bytes.size()) continue;
      for (std::uint64_t at = 0; at < excerpt.bytes.size();) {
        const std::uint64_t offset = (excerpt.begin + at) / kRow * kRow;
        if (std::ranges::any_of(marks_, [&](const HexMark& mark) { return is_near(offset, mark.bytes); })) {
          rows_.push_back({&excerpt, offset});
        }
        at = offset + kRow - excerpt.begin;
      }
    }
    most = std::min(most, kMostRows);
    if (rows_.size() > most && std::ranges::any_of(marks_, &HexMark::is_guilty)) {
      std::erase_if(rows_, [this](const Row& row) {
        return std::ranges::none_of(
            marks_, [&](const HexMark& mark) { return mark.is_guilty && is_near(row.offset, mark.bytes); });
      });
    }
    if (rows_.size() > most) {
      const std::size_t last = std::min(kLastRows, most / 2);
      rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(most - last),
                  rows_.end() - static_cast<std::ptrdiff_t>(last));
    }
  }

  [[nodiscard]] std::size_t size() const { return rows_.size(); }

  // Whether any of the bytes is in it, or the place between two that an empty range is.
  [[nodiscard]] bool shows_range() const {
    return std::ranges::any_of(rows_, [this](const Row& row) {
      const std::uint64_t end = row.excerpt->begin + row.excerpt->bytes.size();
      return std::ranges::any_of(marks_, [&](const HexMark& mark) {
        const ByteRange& bytes = mark.bytes;
        if (bytes.begin == bytes.end) return row.excerpt->begin <= bytes.begin && bytes.begin <= end;
        return row.offset < bytes.end && bytes.begin < std::min(row.offset + kRow, end);
      });
    });
  }

  [[nodiscard]] std::string html() {
    std::string lines;
    const Row* before = nullptr;
    for (const Row& row : rows_) {
      if (before != nullptr && before->offset + kRow != row.offset) {
        lines += fmt::format("<span class=\"gap\">{:10}{} bytes are not shown</span>\n", "",
                             with_commas(row.offset - before->offset - kRow));
      }
      before = &row;
      lines += line(row);
    }
    const std::string where = range_text(marks_.front().bytes);
    std::string out = "<figure class=\"view\">\n";
    if (has_buttons_) {
      out += fmt::format(
          "<div class=\"told-of\"><pre class=\"hex\" role=\"toolbar\" aria-label=\"Fields in the bytes around "
          "{}\">{}</pre>\n<p class=\"told\" aria-hidden=\"true\" hidden>Point at a byte, or go along the bytes with "
          "the "
          "arrow keys.</p></div>\n",
          where, lines);
    } else {
      out += fmt::format("<pre class=\"hex\" role=\"group\" tabindex=\"0\" aria-label=\"Bytes around {}\">{}</pre>\n",
                         where, lines);
    }
    if (!fields_.empty()) out += legend();
    return out + "</figure>\n";
  }

 private:
  struct Listed {
    const Excerpt* excerpt;
    std::size_t field;
    bool is_hit = false;
    bool is_needed = false;
  };

  static bool is_near(std::uint64_t row, ByteRange bytes) {
    const std::uint64_t first = bytes.begin / kRow;
    const std::uint64_t last = (bytes.end > bytes.begin ? bytes.end - 1 : bytes.end) / kRow;
    return row / kRow >= first - std::min(first, kRowsAround) && row / kRow <= last + kRowsAround;
  }

  [[nodiscard]] bool is_in(std::uint64_t at, bool is_guilty) const {
    return std::ranges::any_of(marks_, [&](const HexMark& mark) {
      return mark.is_guilty == is_guilty && mark.bytes.begin <= at && at < mark.bytes.end;
    });
  }

  [[nodiscard]] std::vector<Cell> cells(const Row& row) const {
    const Excerpt& excerpt = *row.excerpt;
    std::vector<Cell> cells(kRow);
    auto field =
        std::ranges::upper_bound(excerpt.fields, row.offset, {}, [](const FieldSpan& f) { return f.bytes.end; });
    for (std::uint64_t column = 0; column < kRow; ++column) {
      const std::uint64_t at = row.offset + column;
      if (at < excerpt.begin || at - excerpt.begin >= excerpt.bytes.size()) continue;
      Cell& cell = cells[column];
      cell.is_there = true;
      cell.byte = excerpt.bytes[at - excerpt.begin];
      cell.is_marked = is_in(at, true);
      cell.is_needed = !cell.is_marked && is_in(at, false);
      while (field != excerpt.fields.end() && field->bytes.end <= at) ++field;
      if (field == excerpt.fields.end() || field->bytes.begin > at) continue;
      cell.field = static_cast<std::size_t>(field - excerpt.fields.begin());
      cell.is_begin = field->bytes.begin == at;
    }
    return cells;
  }

  // Its place in the list beside the bytes, new ones at the end.
  std::size_t listed(const Row& row, const Cell& cell) {
    if (fields_.empty() || fields_.back().excerpt != row.excerpt || fields_.back().field != cell.field) {
      fields_.push_back({row.excerpt, cell.field});
    }
    fields_.back().is_hit |= cell.is_marked;
    fields_.back().is_needed |= cell.is_needed;
    return fields_.size() - 1;
  }

  static std::string classes(std::size_t number) {
    std::string out = fmt::format("f{}", number % kColours);
    if (number < kMostFields) out += fmt::format(" k{}", number);
    return out;
  }

  std::string line(const Row& row) {
    const std::vector<Cell> cells = this->cells(row);
    std::string hex;
    std::string characters;
    for (std::size_t k = 0; k < kRow;) {
      if (is_here(row, k)) hex += kHere;
      if (!cells[k].is_there) {
        hex += k == kRow / 2 - 1 ? "    " : "   ";
        characters += ' ';
        ++k;
        continue;
      }
      std::size_t end = k + 1;
      while (end < kRow && goes_on(cells[k], cells[end]) && !is_here(row, end)) ++end;
      std::string part;
      std::string shown;
      for (std::size_t i = k; i < end; ++i) {
        part += fmt::format("{:02x}", cells[i].byte);
        if (i + 1 < end) part += i == kRow / 2 - 1 ? "  " : " ";
        const bool is_plain = cells[i].byte >= 0x20 && cells[i].byte < 0x7f;
        shown += is_plain ? text(std::string(1, static_cast<char>(cells[i].byte))) : ".";
      }
      add(row, cells[k], part, shown, hex, characters);
      hex += end == kRow / 2 ? "  " : " ";
      k = end;
    }
    if (is_here(row, kRow)) hex += kHere;
    return fmt::format("<span class=\"at\">{:08x}</span>  {} <span class=\"ascii\">{}</span>\n", row.offset, hex,
                       characters);
  }

  void add(const Row& row, const Cell& cell, std::string part, std::string shown, std::string& hex,
           std::string& characters) {
    if (cell.is_marked || cell.is_needed) {
      const std::string_view open = cell.is_marked ? "<mark>" : "<mark class=\"needed\">";
      part = fmt::format("{}{}</mark>", open, part);
      shown = fmt::format("{}{}</mark>", open, shown);
    }
    if (cell.field == kNoField) {
      hex += part;
      characters += shown;
      return;
    }
    const std::size_t known = fields_.size();
    const std::size_t number = listed(row, cell);
    const std::string names = classes(number);
    const std::string title = name_of(row.excerpt->fields[cell.field]);
    const std::string_view begins = cell.is_begin ? " s" : "";
    if (has_buttons_ && number == known) {
      const std::string_view weight = cell.is_marked ? ", guilty" : cell.is_needed ? ", needed" : "";
      hex += fmt::format(
          "<button type=\"button\" class=\"{}{}\" tabindex=\"{}\" title=\"{}\" aria-label=\"{}{}\">{}</button>", names,
          begins, known == 0 ? 0 : -1, title, title, weight, part);
    } else {
      hex += fmt::format("<span class=\"{}{}\" title=\"{}\">{}</span>", names, begins, title, part);
    }
    characters += fmt::format("<span class=\"{}\">{}</span>", names, shown);
  }

  static std::string name_of(const FieldSpan& field) {
    return text(field.path) + (field.value.empty() ? "" : " = " + text(field.value, 200));
  }

  // An empty range is a place between two bytes.
  [[nodiscard]] bool is_here(const Row& row, std::size_t column) const {
    const std::uint64_t at = row.offset + column;
    const bool is_here = std::ranges::any_of(
        marks_, [at](const HexMark& mark) { return mark.bytes.begin == mark.bytes.end && mark.bytes.begin == at; });
    const std::uint64_t end = row.excerpt->begin + row.excerpt->bytes.size();
    return is_here && (column < kRow || at == end);  // else the next row has it
  }

  // The finding's own come first.
  [[nodiscard]] std::string legend() const {
    std::string hit;
    std::string around;
    for (std::size_t k = 0; k < fields_.size(); ++k) {
      const bool is_hit = fields_[k].is_hit || fields_[k].is_needed;
      if (k >= kMostFields && !is_hit) continue;
      const FieldSpan& field = fields_[k].excerpt->fields[fields_[k].field];
      (is_hit ? hit : around) += fmt::format(
          "<tr class=\"k{}\"><td><span class=\"f{} s\">{}</span></td><td>{}</td><td>{}</td></tr>\n", k, k % kColours,
          range_text(field.bytes), path(field.path, 200), field.value.empty() ? "" : code(field.value, 200));
    }
    if (!hit.empty()) hit = "<tbody class=\"hit\">\n" + hit + "</tbody>";
    if (!around.empty()) around = "<tbody>\n" + around + "</tbody>";
    return scrolling("Fields in these bytes", "<table class=\"fields\"><thead><tr>" +
                                                  header({"Bytes", "Field", "Value"}) + "</tr></thead>" + hit + around +
                                                  "</table>\n");
  }

  static constexpr std::string_view kHere = "<mark class=\"here\"></mark>";

  const std::span<const HexMark> marks_;
  const bool has_buttons_;
  std::vector<Row> rows_;
  std::vector<Listed> fields_;
};

}  // namespace

namespace {

std::string view_of(const FileResult& file, std::span<const HexMark> marks, bool has_buttons, std::size_t& rows) {
  View view(file, marks, has_buttons, rows);
  if (view.size() == 0 || !view.shows_range()) return {};
  rows -= view.size();
  return view.html();
}

}  // namespace

std::string hex_view(const FileResult& file, ByteRange bytes, std::size_t& rows) {
  if (bytes.end < bytes.begin) return {};
  const HexMark mark{bytes};
  return view_of(file, {&mark, 1}, false, rows);
}

std::string hex_buttons(const FileResult& file, std::span<const HexMark> marks, std::size_t& rows) {
  std::vector<HexMark> ranges;
  std::ranges::copy_if(marks, std::back_inserter(ranges),
                       [](const HexMark& mark) { return mark.bytes.begin <= mark.bytes.end; });
  return ranges.empty() ? "" : view_of(file, ranges, true, rows);
}

}  // namespace sluice::report::html
