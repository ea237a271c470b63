// An audit as a program reads it.
#include <nlohmann/json.hpp>

#include "fuzz/image/audit.h"
#include "fuzz/image/audit_words.h"

namespace sluice::image {

namespace {

using Json = nlohmann::ordered_json;

std::string_view guard_name(GuardKind kind) {
  switch (kind) {
    case GuardKind::none: return "none";
    case GuardKind::compared: return "compared";
    case GuardKind::counted: return "counted";
    case GuardKind::masked: return "masked";
    case GuardKind::selected: return "selected";
  }
  return "";
}

Json sections_of(const ImageFile& image) {
  Json out = Json::array();
  for (const Section& section : image.sections) {
    out.push_back({{"name", section.name},
                   {"offset", section.offset},
                   {"size", section.size},
                   {"protection", protection_of(section)}});
  }
  return out;
}

Json imports_of(const Audit& audit) {
  Json out = Json::array();
  for (const AuditedImport& import : audit.imports) {
    Json one = {{"name", import.name}, {"provided", import.is_provided}};
    if (!import.module.empty()) one["module"] = import.module;
    out.push_back(std::move(one));
  }
  return out;
}

Json functions_of(const Audit& audit) {
  Json out = Json::array();
  for (const AuditedFunction& function : audit.functions) {
    out.push_back({{"name", function.name},
                   {"offset", function.offset},
                   {"instructions", function.num_instructions},
                   {"frame", function.frame},
                   {"frame_known", function.is_frame_known},
                   {"unknown_calls", function.num_unknown_calls},
                   {"unknown_jumps", function.num_unknown_jumps},
                   {"read_to_end", !function.is_cut}});
  }
  return out;
}

Json reads_of(const Audit& audit) {
  Json out = Json::array();
  for (const AuditedRead& read : audit.reads) {
    Json guard = {{"kind", guard_name(read.guard.kind)}, {"text", guard_words(read)}};
    if (read.guard.kind != GuardKind::none) {
      guard["offset"] = read.guard.offset;
      guard["instruction"] = read.guard_text;
      guard["signed"] = read.guard.is_signed;
      guard["reread"] = read.guard.is_reread;
    }
    out.push_back({{"function", audit.functions[read.function].name},
                   {"offset", read.offset},
                   {"instruction", read.text},
                   {"guard", std::move(guard)}});
  }
  return out;
}

Json stacks_of(const Audit& audit) {
  Json out = Json::array();
  for (const AuditedStack& stack : audit.stacks) {
    Json chain = Json::array();
    for (const std::uint32_t index : stack.chain.functions) {
      chain.push_back({{"function", audit.functions[index].name}, {"frame", audit.functions[index].frame}});
    }
    Json one = {{"entry", audit.functions[stack.entry].name}, {"recursive", stack.chain.is_recursive}};
    if (!stack.chain.is_recursive) {
      one["bytes"] = stack.chain.size;
      one["known"] = stack.is_known;
      one["fits"] = stack.chain.size <= kKernelStack;
    }
    one["chain"] = std::move(chain);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

std::string audit_as_json(const Audit& audit) {
  Json constants = Json::array();
  for (const Constant& constant : audit.dictionary) {
    constants.push_back({{"value", constant.value}, {"size", constant.size}});
  }
  const ImageFile& image = *audit.image;
  Json out = {{"image", image.name},
              {"format", image.format == Format::pe ? "pe" : "elf"},
              {"machine", image.machine == Machine::x86_64 ? "x86_64" : "aarch64"},
              {"size", image.size},
              {"symbols", audit.symbols},
              {"sections", sections_of(image)},
              {"imports", imports_of(audit)},
              {"entries", audit.entries},
              {"functions", functions_of(audit)},
              {"scaled_reads", reads_of(audit)},
              {"kernel_stack", kKernelStack},
              {"stacks", stacks_of(audit)},
              {"constants", std::move(constants)},
              {"limits", audit.limits}};
  // Names are the image's and may be no UTF-8.
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sluice::image
