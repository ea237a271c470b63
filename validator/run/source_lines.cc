#include "validator/run/source_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "validator/members/members.h"
#include "validator/run/process.h"
#include "validator/run/symbolizer.h"

namespace sluice::run {

namespace {

using nlohmann::json;

constexpr std::size_t kMostAsked = 1024;  // at a time
constexpr std::size_t kLargestAnswer = 64u << 20;
constexpr std::chrono::seconds kPatience{60};

// One symbolizer, which is asked over and over.
class Asker {
 public:
  explicit Asker(std::span<const std::string> folders) : folders_(folders) {}

  // Starts one that answers. False: there is none.
  bool start(const std::string& image) {
    for (const char* program : {"llvm-symbolizer-19", "llvm-symbolizer"}) {
      std::string problem;
      process_ = std::make_unique<Process>();
      const bool is_there =
          process_->start({program, "--output-style=JSON", "--relative-address", "--obj=" + image}, problem);
      if (is_there && ask(std::array{std::uint64_t{0}})) return true;
    }
    return false;
  }

  // The lines of each address. Empty: it does not answer.
  std::optional<std::vector<std::vector<CoveredLine>>> ask(std::span<const std::uint64_t> addresses) {
    std::string request;
    for (const std::uint64_t address : addresses) request += fmt::format("0x{:x}\n", address);
    std::string out;
    std::size_t num_lines = 0;
    const auto take = [&](std::string_view bytes) {
      out += bytes;
      num_lines += static_cast<std::size_t>(std::ranges::count(bytes, '\n'));
      return num_lines >= addresses.size() || out.size() > kLargestAnswer ? Process::Took::enough : Process::Took::more;
    };
    const std::array<std::string_view, 1> parts = {request};
    if (process_->talk(parts, take, kPatience) != Process::Talk::enough) return std::nullopt;
    std::vector<std::vector<CoveredLine>> all;
    std::string_view left = out;
    while (!left.empty()) {
      const std::size_t end = std::min(left.find('\n'), left.size());
      all.push_back(lines_in(left.substr(0, end)));
      left.remove_prefix(std::min(end + 1, left.size()));
    }
    return all.size() == addresses.size() ? std::optional(std::move(all)) : std::nullopt;
  }

 private:
  [[nodiscard]] std::vector<CoveredLine> lines_in(std::string_view text) const {
    std::vector<CoveredLine> lines;
    const json answer = json::parse(text, nullptr, /*allow_exceptions=*/false);
    for (const json& symbol : members::list(answer, "Symbol")) {
      const std::string name = members::text(symbol, "FileName");
      const std::uint64_t number = members::number(symbol, "Line");
      if (!name.empty() && number != 0) lines.push_back({source_name(name, folders_), number, false});
    }
    return lines;
  }

  std::span<const std::string> folders_;
  std::unique_ptr<Process> process_;
};

}  // namespace

std::optional<std::vector<CoveredLine>> lines_of(const BlockList& list, const std::string& image,
                                                 std::span<const std::string> folders, std::string& problem) {
  Asker asker(folders);
  if (!asker.start(image)) {
    problem = "llvm-symbolizer-19 or llvm-symbolizer is needed to find lines of source";
    return std::nullopt;
  }
  std::map<std::pair<std::string, std::uint64_t>, bool> found;
  std::vector<std::uint64_t> addresses;
  std::vector<bool> is_hit;  // of each address
  const auto ask = [&] {
    const auto told = asker.ask(addresses);
    if (!told) problem = "llvm-symbolizer does not answer";
    for (std::size_t i = 0; told && i < told->size(); ++i) {
      for (const CoveredLine& line : (*told)[i]) {
        bool& hit = found[{line.file, line.line}];
        hit = hit || is_hit[i];
      }
    }
    addresses.clear();
    is_hit.clear();
    return told.has_value();
  };
  const auto add = [&](std::uint64_t address, bool hit) {
    addresses.push_back(address);
    is_hit.push_back(hit);
    return addresses.size() < kMostAsked || ask();
  };
  // The begin of each block tells whether there are lines at all.
  for (const CodeBlock& block : list.blocks) {
    if (block.address && !add(*block.address, block.is_hit)) return std::nullopt;
  }
  if (!addresses.empty() && !ask()) return std::nullopt;
  for (const CodeBlock& block : list.blocks) {
    if (found.empty()) break;
    const std::vector<std::uint64_t> all = list.instructions(block);
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (!add(all[i], block.is_hit)) return std::nullopt;
    }
  }
  if (!addresses.empty() && !ask()) return std::nullopt;
  std::vector<CoveredLine> lines;
  for (const auto& [place, hit] : found) lines.push_back({place.first, place.second, hit});
  return lines;
}

}  // namespace sluice::run
