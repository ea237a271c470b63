#include "fuzz/image/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "fuzz/image/compared.h"
#include "fuzz/image/formats.h"
#include "fuzz/image/layout.h"
#include "fuzz/image/unwind_frame.h"
#include "fuzz/image/warnings.h"

namespace sluice::image {

namespace {

constexpr std::size_t kMostInstructions = 4'000'000;  // of all functions together
constexpr std::size_t kMostOfFunction = 100'000;      // and of one
constexpr std::size_t kMostReads = 20'000;
constexpr std::size_t kMostConstants = 4096;
constexpr std::size_t kMostEntries = 4096;

// Offset of a call's target, until all functions have an index.
struct Call {
  std::uint32_t to;
  std::uint32_t in_front;
};

class Auditor {
 public:
  explicit Auditor(const ImageFile& image)
      : image_(image),
        bytes_(lay_out(image)),
        processor_(make_processor(image)),
        is_code_(bytes_.size()),
        is_function_(bytes_.size()),
        has_fixup_(bytes_.size()),
        is_resumed_(places_behind_warnings(image, bytes_)) {
    out_.image = &image;
  }

  Audit run(std::span<const Entry> entries, const std::function<bool(std::string_view)>& is_provided) {
    for (const Import& import : image_.imports) {
      out_.imports.push_back({import.name, import.module, is_provided(import.name)});
    }
    mark_code();
    mark_functions();
    if (entries.size() > kMostEntries) {
      out_.limits.push_back(fmt::format("Only {} of {} entries were followed.", kMostEntries, entries.size()));
      entries = entries.first(kMostEntries);
    }
    for (const Entry& entry : entries) {
      out_.entries.push_back(entry.name);
      reach(entry.offset);
    }
    // What is reached grows while this goes on.
    while (!pending_.empty()) {
      const std::uint32_t offset = pending_.back();
      pending_.pop_back();
      read(offset);
    }
    finish(entries);
    return std::move(out_);
  }

 private:
  void mark_code() {
    for (const Section& section : image_.sections) {
      if (!section.is_executable || !is_within(section.offset, section.size, bytes_.size())) continue;
      std::fill_n(is_code_.begin() + section.offset, section.size, true);
    }
    for (const Fixup& fixup : image_.fixups) {
      if (fixup.offset >= bytes_.size()) continue;
      has_fixup_[fixup.offset] = true;
      if (fixup.import != kNoImport) import_at_[fixup.offset] = fixup.import;
    }
  }

  void mark_functions() {
    for (const Symbol& symbol : image_.symbols) {
      if (symbol.is_function && is_code(symbol.offset)) is_function_[symbol.offset] = true;
    }
    unwind_ = read_unwind_entries(image_, bytes_);
    for (const UnwindEntry& entry : unwind_) {
      if (is_code(entry.begin) && !is_chained(bytes_, entry)) is_function_[entry.begin] = true;
    }
  }

  [[nodiscard]] bool is_code(std::uint64_t offset) const { return offset < bytes_.size() && is_code_[offset]; }

  void reach(std::uint64_t offset) {
    if (!is_code(offset)) return;
    const auto narrow = static_cast<std::uint32_t>(offset);
    is_function_[narrow] = true;
    if (reached_.insert(narrow).second) pending_.push_back(narrow);
  }

  void read(std::uint32_t offset) {
    const std::size_t left = kMostInstructions - num_instructions_;
    if (left == 0) {
      ++num_left_out_;
      return;
    }
    const Code code{.image = &image_,
                    .bytes = bytes_,
                    .is_code = &is_code_,
                    .is_function = &is_function_,
                    .is_resumed = &is_resumed_,
                    .processor = processor_.get()};
    const Function function = read_function(code, offset, std::min(left, kMostOfFunction));
    num_instructions_ += function.operations.size();
    Values values(function, processor_->stack_pointer());

    AuditedFunction audited;
    audited.offset = offset;
    audited.num_instructions = static_cast<std::uint32_t>(function.operations.size());
    audited.is_cut = function.is_cut;
    audited.num_unknown_jumps = function.num_unknown_jumps;
    look_through(function, values, audited);
    add_unwind_frame(audited);
    for (const ScaledRead& one : find_scaled_reads(function, values)) add_read(offset, one);
    collect_constants(function, values, kMostConstants, constants_);
    out_.functions.push_back(audited);
  }

  // Calls, the stack, and functions whose address is taken: they are called one day.
  void look_through(const Function& function, Values& values, AuditedFunction& audited) {
    std::vector<Call>& calls = calls_[function.offset];
    std::uint64_t deepest = 0;
    for (const std::uint32_t index : function.order) {
      values.enter(index);
      for (const Operation& operation : function.of(function.blocks[index])) {
        add_calls(operation, function, values, audited, calls);
        if (operation.mentioned != kNowhere) add_mentioned(operation, operation.mentioned);
        values.step(operation);
        add_computed(operation, values);
        const auto used = values.stack_used();
        if (used) deepest = std::max(deepest, *used);
        if (!used && operation.flow != Flow::stop) audited.is_frame_known = false;
      }
    }
    audited.frame = static_cast<std::uint32_t>(std::min<std::uint64_t>(deepest, kMaxImage)) + processor_->return_size();
  }

  void add_calls(const Operation& operation, const Function& function, const Values& values, AuditedFunction& audited,
                 std::vector<Call>& calls) {
    const auto used = std::min<std::uint64_t>(values.stack_used().value_or(0), kMaxImage);
    const auto in_use = static_cast<std::uint32_t>(used);
    if (operation.flow == Flow::call) {
      if (operation.is_indirect) {
        if (!is_import(operation, values)) ++audited.num_unknown_calls;
      } else if (is_code(operation.target)) {
        calls.push_back({static_cast<std::uint32_t>(operation.target), in_use + processor_->return_size()});
        reach(operation.target);
      }
      // A call may end its function where it never returns; what follows is another then, and nothing runs into it.
      return;
    }
    // What the linker writes for an import: its jump leads there.
    const bool is_unknown = operation.flow == Flow::jump && operation.is_indirect;
    if (is_unknown && audited.num_unknown_jumps > 0 && is_import(operation, values)) --audited.num_unknown_jumps;
    if (operation.flow == Flow::jump || operation.flow == Flow::branch)
      leave(operation.target, function, in_use, calls);
    const bool goes_on = operation.flow == Flow::next || operation.flow == Flow::branch;
    if (goes_on) leave(operation.offset + operation.length, function, in_use, calls);
  }

  // A jump to another function, or running into it.
  void leave(std::uint64_t to, const Function& function, std::uint32_t in_use, std::vector<Call>& calls) {
    if (to == function.offset || !is_code(to) || !is_function_[to]) return;
    calls.push_back({static_cast<std::uint32_t>(to), in_use});
    reach(to);
  }

  [[nodiscard]] bool is_import(const Operation& operation, const Values& values) const {
    const Term& term = operation.comparison.left;
    std::optional<std::uint64_t> place;
    if (term.kind == Term::Kind::place && term.place.base == kNoRegister && term.place.index == kNoRegister) {
      place = static_cast<std::uint64_t>(term.place.displacement);
    } else if (term.kind == Term::Kind::reg) {
      place = values.place_of(values.of(term.reg));
    }
    return place && *place < bytes_.size() && import_at_.contains(static_cast<std::uint32_t>(*place));
  }

  void add_mentioned(const Operation& operation, std::uint64_t address) {
    if (!is_code(address) || !is_function_[address]) return;
    if (operation.is_mentioned_as_number) {
      bool is_address = false;
      for (std::uint32_t i = 0; i < operation.length; ++i) is_address = is_address || has_fixup_[operation.offset + i];
      if (!is_address) return;
    }
    reach(address);
  }

  // AArch64 computes an address in two steps.
  void add_computed(const Operation& operation, const Values& values) {
    if (image_.machine != Machine::aarch64 || operation.num_effects == 0) return;
    const Effect& effect = operation.effects[0];
    if (effect.kind != Effect::Kind::copy || effect.number == 0) return;
    const auto number = values.number(values.of(effect.destination));
    if (number && *number > 0) add_mentioned(operation, static_cast<std::uint64_t>(*number));
  }

  // What the compiler says of a frame is believed before what was followed.
  void add_unwind_frame(AuditedFunction& audited) {
    const auto at = std::ranges::lower_bound(unwind_, audited.offset, {}, &UnwindEntry::begin);
    if (at == unwind_.end() || at->begin != audited.offset) return;
    const auto frame = frame_size(bytes_, *at);
    if (frame) audited.frame = std::max(audited.frame, *frame + processor_->return_size());
  }

  void add_read(std::uint32_t function, const ScaledRead& read) {
    if (out_.reads.size() == kMostReads) {
      has_more_reads_ = true;
      return;
    }
    out_.reads.push_back({.function = function,
                          .offset = read.offset,
                          .text = text_at(read.offset),
                          .guard = read.guard,
                          .guard_text = read.guard.kind == GuardKind::none ? "" : text_at(read.guard.offset)});
  }

  std::string text_at(std::uint32_t offset) {
    const auto size = std::min<std::size_t>(16, bytes_.size() - offset);
    return processor_->text(std::span(bytes_).subspan(offset, size), offset);
  }

  void finish(std::span<const Entry> entries) {
    std::ranges::sort(out_.functions, {}, &AuditedFunction::offset);
    for (AuditedFunction& function : out_.functions) function.name = name_of(function.offset);
    for (AuditedRead& read : out_.reads) read.function = index_of(read.function);
    std::ranges::sort(out_.reads, {}, [](const AuditedRead& read) { return std::pair(read.offset, read.function); });
    out_.dictionary.assign(constants_.begin(), constants_.end());
    measure_stacks(entries);
    add_limits();
  }

  [[nodiscard]] std::string name_of(std::uint32_t offset) const {
    const Symbol* symbol = best_symbol(image_, offset);
    return symbol != nullptr ? symbol->name : fmt::format("+{:#x}", offset);
  }

  // Of a function that was read; the number of functions for another.
  [[nodiscard]] std::uint32_t index_of(std::uint32_t offset) const {
    const auto at = std::ranges::lower_bound(out_.functions, offset, {}, &AuditedFunction::offset);
    const bool is_there = at != out_.functions.end() && at->offset == offset;
    return static_cast<std::uint32_t>((is_there ? at : out_.functions.end()) - out_.functions.begin());
  }

  void measure_stacks(std::span<const Entry> entries) {
    std::vector<CallNode> nodes;
    for (const AuditedFunction& function : out_.functions) {
      CallNode node{.frame = function.frame};
      for (const Call& call : calls_[function.offset]) {
        const std::uint32_t to = index_of(call.to);
        if (to == out_.functions.size()) continue;
        // Where the frame is not followed the whole of it is in use.
        node.calls.push_back({to, function.is_frame_known ? call.in_front : std::max(call.in_front, function.frame)});
      }
      nodes.push_back(std::move(node));
    }
    const CallDepth depth(std::move(nodes));
    std::vector<bool> is_told(out_.functions.size());
    for (const Entry& entry : entries) {
      const std::uint32_t index = index_of(entry.offset);
      if (index == out_.functions.size() || is_told[index]) continue;
      is_told[index] = true;
      AuditedStack stack{.entry = index, .chain = depth.deepest(index)};
      for (const std::uint32_t function : stack.chain.functions) {
        stack.is_known = stack.is_known && out_.functions[function].is_frame_known;
      }
      out_.stacks.push_back(std::move(stack));
    }
  }

  void add_limits() {
    if (num_left_out_ > 0) {
      out_.limits.push_back(fmt::format("{} functions were not read: there are more than {} instructions.",
                                        num_left_out_, kMostInstructions));
    }
    if (has_more_reads_) out_.limits.push_back(fmt::format("Only the first {} reads are told.", kMostReads));
    const auto num_cut = std::ranges::count(out_.functions, true, &AuditedFunction::is_cut);
    if (num_cut > 0) out_.limits.push_back(fmt::format("{} functions were not read to their end.", num_cut));
    if (constants_.size() >= kMostConstants) {
      out_.limits.push_back(fmt::format("The dictionary ends after {} numbers.", kMostConstants));
    }
  }

  const ImageFile& image_;
  std::vector<std::uint8_t> bytes_;
  std::unique_ptr<Processor> processor_;
  std::vector<bool> is_code_;
  std::vector<bool> is_function_;
  std::vector<bool> has_fixup_;
  std::vector<bool> is_resumed_;
  std::unordered_map<std::uint32_t, std::uint32_t> import_at_;  // by the place that is bound
  std::vector<UnwindEntry> unwind_;
  std::vector<std::uint32_t> pending_;
  std::unordered_set<std::uint32_t> reached_;
  std::unordered_map<std::uint32_t, std::vector<Call>> calls_;  // of functions, by their offset
  std::set<Constant> constants_;
  std::size_t num_instructions_ = 0;
  std::size_t num_left_out_ = 0;
  bool has_more_reads_ = false;
  Audit out_;
};

}  // namespace

Audit audit(const ImageFile& image, std::span<const Entry> entries,
            const std::function<bool(std::string_view)>& is_provided) {
  return Auditor(image).run(entries, is_provided);
}

}  // namespace sluice::image
