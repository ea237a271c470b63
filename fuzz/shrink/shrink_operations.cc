#include "fuzz/shrink/shrink_operations.h"

#include <algorithm>

#include "validator/bytes/fuzz_input.h"

namespace sluice::shrink {

using engine::Act;
using engine::Event;
using engine::Operation;
using engine::Value;

Parts read_parts(std::span<const std::uint8_t> input) {
  Parts parts;
  const auto container = bytes::read_fuzz_input(input);
  if (!container) {
    parts.content.assign(input.begin(), input.end());
    return parts;
  }
  parts.content.assign(container->content.begin(), container->content.end());
  parts.second.assign(container->second.begin(), container->second.end());
  parts.operations = engine::read_operations(container->operations);
  return parts;
}

std::vector<std::uint8_t> write_parts(const Parts& parts) {
  if (parts.operations.empty()) return parts.content;
  const std::vector<std::uint8_t> operations = engine::write_operations(parts.operations);
  return bytes::write_fuzz_input({parts.content, parts.second, operations});
}

namespace {

class OperationShrinker {
 public:
  OperationShrinker(Parts& parts, Asker& asker) : parts_(parts), asker_(asker) {}

  bool run() {
    if (parts_.operations.empty()) return false;
    if (take({.content = parts_.content, .second = {}, .operations = {}})) return true;
    if (!parts_.second.empty() && take({.content = parts_.second, .second = {}, .operations = {}})) return true;
    bool has_gone = false;
    for (bool goes = true; goes && !asker_.is_over();) {
      goes = drop_second();
      goes |= drop_operations();
      for (std::size_t i = 0; i < parts_.operations.size(); ++i) {
        if (parts_.operations[i].act == Act::evaluate) goes |= shrink_event(i);
      }
      has_gone |= goes;
    }
    return has_gone;
  }

 private:
  bool take(Parts trial) {
    if (!asker_.shows(write_parts(trial))) return false;
    parts_ = std::move(trial);
    return true;
  }

  // The second content, what loads it, or either content for both.
  bool drop_second() {
    if (parts_.second.empty()) return false;
    Parts without = parts_;
    without.second.clear();
    std::erase_if(without.operations, [](const Operation& o) { return o.act == Act::load_second; });
    if (!without.operations.empty() && take(without)) return true;
    for (const auto* content : {&parts_.content, &parts_.second}) {
      Parts once{.content = *content, .second = {}, .operations = parts_.operations};
      for (Operation& operation : once.operations) {
        if (operation.act == Act::load_second) operation.act = Act::load_first;
      }
      if (take(std::move(once))) return true;
    }
    return false;
  }

  bool drop_operations() {
    bool has_gone = false;
    for (std::size_t piece = parts_.operations.size(); piece > 0; piece /= 2) {
      for (std::size_t end = parts_.operations.size(); end > 0 && !asker_.is_over();) {
        const std::size_t begin = end > piece ? end - piece : 0;
        Parts trial = parts_;
        const auto first = trial.operations.begin();
        trial.operations.erase(first + static_cast<std::ptrdiff_t>(begin), first + static_cast<std::ptrdiff_t>(end));
        const bool goes = take(std::move(trial));
        has_gone |= goes;
        end = goes ? std::min(begin, parts_.operations.size()) : begin;
      }
    }
    return has_gone;
  }

  template <typename Change>
  bool change(std::size_t operation, const Change& change) {
    Parts trial = parts_;
    change(trial.operations[operation].event);
    return take(std::move(trial));
  }

  bool shrink_event(std::size_t at) {
    bool has_gone = false;
    const auto event = [&]() -> const Event& { return parts_.operations[at].event; };
    // Inputs at the end, then all others one by one.
    for (std::size_t piece = event().inputs.size(); piece > 0; piece /= 2) {
      while (piece <= event().inputs.size() && !asker_.is_over() &&
             change(at, [&](Event& e) { e.inputs.resize(e.inputs.size() - piece); })) {
        has_gone = true;
      }
    }
    for (std::size_t i = 0; i < event().inputs.size() && !asker_.is_over(); ++i) {
      if (event().inputs[i].kind == SLUICE_ABSENT) continue;
      if (change(at, [&](Event& e) { e.inputs[i] = {}; })) {
        has_gone = true;
        continue;
      }
      has_gone |= shorten(at, i);
      has_gone |= blank(at, i);
    }
    return has_gone;
  }

  bool shorten(std::size_t at, std::size_t input) {
    const auto value = [&]() -> const Value& { return parts_.operations[at].event.inputs[input]; };
    if (value().kind != SLUICE_BYTES && value().kind != SLUICE_UTF16) return false;
    const std::size_t unit = value().kind == SLUICE_UTF16 ? 2 : 1;
    bool has_gone = false;
    for (std::size_t piece = value().bytes.size() / unit; piece > 0; piece /= 2) {
      for (std::size_t end = value().bytes.size() / unit; end > 0 && !asker_.is_over();) {
        const std::size_t begin = end > piece ? end - piece : 0;
        const bool goes =
            change(at, [&](Event& e) { e.inputs[input].bytes.erase(begin * unit, (end - begin) * unit); });
        has_gone |= goes;
        end = begin;
      }
    }
    return has_gone;
  }

  // Numbers 0, texts of one letter.
  bool blank(std::size_t at, std::size_t input) {
    const auto value = [&]() -> const Value& { return parts_.operations[at].event.inputs[input]; };
    std::string blank(value().bytes.size(), '\0');
    for (std::size_t i = 0; i < blank.size(); ++i) {
      const bool is_text = value().kind == SLUICE_BYTES || (value().kind == SLUICE_UTF16 && i % 2 == 0);
      if (is_text) blank[i] = 'a';
    }
    bool has_gone = false;
    for (std::size_t piece = blank.size(); piece > 0; piece /= 2) {
      for (std::size_t begin = 0; begin < blank.size() && !asker_.is_over(); begin += piece) {
        if (value().bytes.compare(begin, piece, blank, begin, piece) == 0) continue;
        has_gone |= change(at, [&](Event& e) { e.inputs[input].bytes.replace(begin, piece, blank, begin, piece); });
      }
    }
    return has_gone;
  }

  Parts& parts_;
  Asker& asker_;
};

}  // namespace

bool shrink_operations(Parts& parts, Asker& asker) { return OperationShrinker(parts, asker).run(); }

}  // namespace sluice::shrink
