#include "validator/report/html_plot.h"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

std::string plot(const Campaign& campaign, std::string_view title, std::uint64_t Campaign::Point::* value) {
  const auto& points = campaign.progress;
  const std::size_t step = (points.size() + kMostPoints - 1) / kMostPoints;
  Scale x;
  Scale y;
  for (const Campaign::Point& point : points) {
    x.take(point.executions);
    y.take(point.*value);
  }
  std::string line;
  std::string last;
  for (std::size_t k = 0; k < points.size(); ++k) {
    if (k % step != 0 && k + 1 != points.size()) continue;
    const double px = x.place(points[k].executions, kLeft, kRight);
    const double py = y.place(points[k].*value, kBottom, kTop);
    line += fmt::format("{}{:.1f},{:.1f}", line.empty() ? "" : " ", px, py);
    last = fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>", px, py);
  }
  const std::string label =
      fmt::format("{}: from {} to {}, over {} to {} executions", title, with_commas(points.front().*value),
                  with_commas(points.back().*value), with_commas(x.least), with_commas(x.most));
  const auto label_at = [](double at, double y_of, std::string_view kind, std::uint64_t number, std::string_view unit) {
    return fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\">{}{}</text>", kind, at, y_of, with_commas(number), unit);
  };
  std::string labels = label_at(kLeft - 6, kTop + 4, "end", y.most, "");
  if (y.least != y.most) labels += label_at(kLeft - 6, kBottom + 4, "end", y.least, "");
  if (x.least != x.most) labels += label_at(kLeft, kBottom + 17, "begin", x.least, "");
  labels += label_at(kRight, kBottom + 17, "end", x.most, " executions");
  return fmt::format(
      "<figure class=\"plot\"><figcaption>{}</figcaption>\n"
      "<svg viewBox=\"0 0 320 122\" role=\"img\" aria-label=\"{}\"><path class=\"axis\" d=\"M{} {}H{}M{} {}H{}\"/>{}"
      "<polyline points=\"{}\"/>{}</svg></figure>\n",
      title, label, kLeft, kBottom, kRight, kLeft, kTop, kRight, labels, line, last);
}

}  // namespace sluice::report::html
