#include "validator/run/fault_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "validator/members/members.h"

namespace sluice::run {

namespace {

using nlohmann::json;

constexpr std::size_t kLargest = 16u << 20;
constexpr std::size_t kMostLines = 100;

// `found/x.bin` has `found/x.report.json`.
std::string report_of(const std::string& file) {
  const std::size_t dot = file.rfind('.');
  return file.substr(0, dot) + ".report.json";
}

std::string text(const json& object, const char* key) {
  return printable(members::text(object, key), 500, Quotes::keep);
}

std::vector<std::string> lines(const json& object, const char* key) {
  std::vector<std::string> out = members::texts(object, key);
  out.resize(std::min(out.size(), kMostLines));
  for (std::string& line : out) line = printable(line, 500, Quotes::keep);
  return out;
}

// The first that tells of a fault, and not of what follows from it.
const json* first_fault(const json& root) {
  for (const json& file : members::list(root, "files")) {
    for (const json& finding : members::list(file, "findings")) {
      if (finding.is_object() && text(finding, "id") != code_of(FindingId::escape)) return &finding;
    }
  }
  return nullptr;
}

}  // namespace

void add_place(const std::string& file, Finding& finding) {
  const json root = members::read_file(report_of(file), kLargest);
  const json* fault = first_fault(root);
  if (fault == nullptr) return;
  finding.path = text(*fault, "path");
  finding.trail = lines(*fault, "trail");
  finding.event = text(*fault, "event");
  finding.instruction = text(*fault, "instruction");
  finding.stack = lines(*fault, "stack");
  const auto bytes = fault->find("bytes");
  if (bytes == fault->end() || !bytes->is_object()) return;
  const auto begin = bytes->find("begin");
  const auto end = bytes->find("end");
  if (begin == bytes->end() || end == bytes->end() || !begin->is_number_unsigned() || !end->is_number_unsigned())
    return;
  finding.bytes = ByteRange{begin->get<std::uint64_t>(), end->get<std::uint64_t>()};
}

}  // namespace sluice::run
