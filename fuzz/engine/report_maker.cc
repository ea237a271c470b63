#include "fuzz/engine/report_maker.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "validator/members/members.h"

namespace sluice::engine {

// Of the first finding that has one.
std::string field_in(const std::string& report) {
  constexpr std::size_t kMost = 16u << 20;
  const nlohmann::json root = members::read_file(report, kMost);
  for (const auto& file : members::list(root, "files")) {
    for (const auto& finding : members::list(file, "findings")) {
      if (const std::string path = members::text(finding, "path"); !path.empty()) return path;
    }
  }
  return {};
}

bool ReportMaker::look() {
  while (!orders_.empty()) {
    if (pid_ > 0 && !has_ended(pid_)) return false;
    pid_ = 0;
    Order& order = orders_.front();
    switch (stage_) {
      case Stage::begin:
        start(order, "json", ".report.json");
        stage_ = Stage::search;
        break;
      case Stage::search:
        if (order.find_blame && field_in(order.base + ".report.json").empty()) {
          const auto blame = order.find_blame();
          if (!blame) return false;
          blame_ = *blame;
          if (!blame_.empty()) start(order, "json", ".report.json");
        }
        stage_ = Stage::text;
        break;
      case Stage::text:
        start(order, "text", ".report.txt");
        stage_ = Stage::end;
        break;
      case Stage::end: {
        const Order done = std::move(order);
        orders_.pop_front();
        stage_ = Stage::begin;
        blame_.clear();
        done.done();
        break;
      }
    }
  }
  return true;
}

void ReportMaker::start(const Order& order, const char* format, const char* end) {
  pid_ = start_sluice(options_, {.files = {order.content},
                                 .builds = {order.build},
                                 .format = format,
                                 .output = order.base + end,
                                 .blame = blame_,
                                 .fault = order.fault});
}

std::size_t ReportMaker::give_up() {
  if (pid_ > 0) end_process(pid_);
  pid_ = 0;
  stage_ = Stage::begin;
  const std::size_t left = orders_.size();
  orders_.clear();
  return left;
}

}  // namespace sluice::engine
