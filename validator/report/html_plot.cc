#include "validator/report/html_plot.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/report/html.h"
#include "validator/report/words.h"

namespace sluice::report::html {

namespace {

constexpr double kLeft = 50;
constexpr double kRight = 316;
constexpr double kTop = 10;
constexpr double kBottom = 100;
constexpr std::size_t kMostPoints = 400;

struct Scale {
  std::uint64_t least = UINT64_MAX;
  std::uint64_t most = 0;

  void take(std::uint64_t value) {
    least = std::min(least, value);
    most = std::max(most, value);
  }
  // Where `value` lies between `from` and `to`; in the middle if all are the same.
  [[nodiscard]] double place(std::uint64_t value, double from, double to) const {
    if (most == least) return (from + to) / 2;
    return from + (to - from) * (static_cast<double>(value - least) / static_cast<double>(most - least));
  }
};

std::string label_at(double at, double y, std::string_view kind, const std::string& text) {
  return fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>", kind, at, y, text);
}

std::string labels_along(const Scale& x, Along along) {
  std::string labels;
  if (x.least != x.most) {
    labels += label_at(kLeft, kBottom + 17, "begin", fmt::format("{}{}", along.before, with_commas(x.least)));
  }
  return labels +
         label_at(kRight, kBottom + 17, "end", fmt::format("{}{}{}", along.before, with_commas(x.most), along.after));
}

std::string figure(std::string_view title, const std::string& label, const std::string& drawing) {
  return fmt::format(
      "<figure class=\"plot\"><figcaption>{}</figcaption>\n"
      "<svg viewBox=\"0 0 320 122\" role=\"img\" aria-label=\"{}\"><path class=\"axis\" d=\"M{} {}H{}M{} {}H{}\"/>{}"
      "</svg></figure>\n",
      title, label, kLeft, kBottom, kRight, kLeft, kTop, kRight, drawing);
}

// `12`, `3.4 k`, `56 M`: where a whole number has no room.
std::string short_number(std::uint64_t number) {
  constexpr std::string_view kUnits = "kMGTPE";
  constexpr double kThousand = 1000;
  if (number < 10'000) return with_commas(number);
  auto value = static_cast<double>(number);
  std::size_t unit = 0;
  for (value /= kThousand; value >= kThousand; value /= kThousand) ++unit;
  return value < 10 ? fmt::format("{:.1f} {}", value, kUnits[unit]) : fmt::format("{:.0f} {}", value, kUnits[unit]);
}

std::string range_of(const Scale& x, Along along) {
  return fmt::format("over {}{} to {}{}{}", along.before, with_commas(x.least), along.before, with_commas(x.most),
                     along.after);
}

}  // namespace

std::string plot(std::string_view title, Along along, const std::vector<Line>& lines) {
  Scale x;
  Scale y;
  for (const Line& line : lines) {
    for (const auto& [at, value] : line.points) {
      x.take(at);
      y.take(value);
    }
  }
  std::string drawing = label_at(kLeft - 6, kTop + 4, "end", with_commas(y.most));
  if (y.least != y.most) drawing += label_at(kLeft - 6, kBottom + 4, "end", with_commas(y.least));
  drawing += labels_along(x, along);
  std::string told;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const Points& points = lines[k].points;
    const std::size_t step = (points.size() + kMostPoints - 1) / kMostPoints;
    std::string line;
    std::string last;
    const std::string look = lines[k].name.empty() ? "" : fmt::format("class=\"l{}\" ", k);
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (i % step != 0 && i + 1 != points.size()) continue;
      const double px = x.place(points[i].first, kLeft, kRight);
      const double py = y.place(points[i].second, kBottom, kTop);
      line += fmt::format("{}{:.1f},{:.1f}", line.empty() ? "" : " ", px, py);
      last = fmt::format("<circle {}cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>", look, px, py);
    }
    drawing += fmt::format("<polyline {}points=\"{}\"/>{}", look, line, last);
    told += fmt::format("{}{}from {} to {}", told.empty() ? "" : "; ",
                        lines[k].name.empty() ? "" : text(lines[k].name, 80) + " ", with_commas(points.front().second),
                        with_commas(points.back().second));
  }
  return figure(title, fmt::format("{}: {}, {}", title, told, range_of(x, along)), drawing);
}

std::string bars(std::string_view title, Along along, const Points& points) {
  Scale x;
  Scale y;
  y.least = 0;
  for (const auto& [at, value] : points) {
    x.take(at);
    y.take(value);
  }
  std::string drawing = label_at(kLeft - 6, kTop + 4, "end", short_number(y.most)) +
                        label_at(kLeft - 6, kBottom + 4, "end", "0") + labels_along(x, along);
  const double slot = (kRight - kLeft) / (static_cast<double>(x.most - x.least) + 1);
  const double gap = std::min(2.0, slot / 5);
  for (const auto& [at, value] : points) {
    const double top = y.most == 0 ? kBottom : y.place(value, kBottom, kTop);
    drawing += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
                           kLeft + slot * static_cast<double>(at - x.least) + gap / 2, top, slot - gap, kBottom - top);
  }
  const std::string label = fmt::format("{}: {} in the last, at most {}, {}", title, with_commas(points.back().second),
                                        with_commas(y.most), range_of(x, along));
  return figure(title, label, drawing);
}

std::string key_of_line(std::size_t index) {
  return fmt::format(
      "<svg class=\"key\" viewBox=\"0 0 30 8\" aria-hidden=\"true\"><polyline class=\"l{}\" points=\"0,4 "
      "30,4\"/></svg>",
      index);
}

std::string plot(const Campaign& campaign, std::string_view title, std::uint64_t Campaign::Point::* value) {
  Line line;
  for (const Campaign::Point& point : campaign.progress) line.points.emplace_back(point.executions, point.*value);
  return plot(title, {.before = "", .after = " executions"}, {line});
}

}  // namespace sluice::report::html
