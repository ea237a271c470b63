#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "fuzz/image/formats.h"
#include "fuzz/image/msf.h"
#include "fuzz/image/pdb_format.h"
#include "fuzz/image/pe.h"

namespace sluice::image {

namespace {

using Stream = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

class Reader {
 public:
  Reader(const ImageFile& image, Msf msf) : image_(image), msf_(std::move(msf)) {}

  // Functions, which tell their sizes, come before what else is known by the same name.
  Parsed<std::vector<Symbol>> read() {
    for (const auto step :
         {&Reader::check_identity, &Reader::read_sections, &Reader::read_modules, &Reader::read_globals}) {
      if (const auto done = (this->*step)(); !done) return std::unexpected(done.error());
    }
    return std::move(symbols_);
  }

 private:
  Parsed<void> check_identity() {
    const auto info_stream = msf_.read(pdb::kInfoStream);
    if (!info_stream) return std::unexpected(info_stream.error());
    auto debug_stream = msf_.read(pdb::kDebugStream);
    if (!debug_stream) return std::unexpected(debug_stream.error());
    debug_stream_ = std::move(*debug_stream);
    pdb::Info info{};
    if (!read_plain(*info_stream, 0, info) || !read_plain(debug_stream_, 0, debug_) || debug_.signature != -1) {
      return std::unexpected("has no information about an image");
    }
    const std::string id = pe::symbol_id(info.guid, debug_.age);
    if (id == image_.symbol_id) return {};
    const std::string wanted =
        image_.symbol_id.empty() ? ", which names no PDB" : ", which belongs to " + image_.symbol_id;
    return std::unexpected("is not the PDB of " + image_.name + wanted + ": it is " + id);
  }

  // The number of a stream among those at the end of the debug stream.
  Parsed<std::uint16_t> header_stream(std::uint32_t index) const {
    std::uint64_t at = sizeof debug_;
    for (const std::uint32_t size : {debug_.modules_size, debug_.contributions_size, debug_.section_map_size,
                                     debug_.sources_size, debug_.type_server_size, debug_.edit_and_continue_size}) {
      at += size;
    }
    std::uint16_t stream = pdb::kNoStream;
    if (!is_within(at, debug_.headers_size, debug_stream_.size())) {
      return std::unexpected("has a debug stream whose parts are larger than itself");
    }
    const std::uint64_t in_headers = std::uint64_t{index} * sizeof stream;
    if (is_within(in_headers, sizeof stream, debug_.headers_size)) read_plain(debug_stream_, at + in_headers, stream);
    return stream;
  }

  Parsed<void> read_sections() {
    const auto moved = header_stream(pdb::kMovedFrom);
    if (!moved) return std::unexpected(moved.error());
    if (*moved != pdb::kNoStream && msf_.has(*moved)) {
      return std::unexpected("tells of an image whose code was moved after it was linked (OMAP)");
    }
    const auto number = header_stream(pdb::kSections);
    if (*number == pdb::kNoStream) return std::unexpected("does not say where the image's sections are");
    const auto headers = msf_.read(*number);
    if (!headers) return std::unexpected(headers.error());
    pe::SectionHeader header{};
    for (std::uint64_t at = 0; read_plain(*headers, at, header); at += sizeof header)
      segments_.push_back(header.offset);
    return {};
  }

  Parsed<void> read_modules() {
    const View modules = View(debug_stream_).subspan(sizeof debug_, debug_.modules_size);
    std::uint64_t at = 0;
    while (at < modules.size()) {
      pdb::Module module{};
      const bool is_complete = read_plain(modules, at, module);
      at += sizeof module;
      if (!is_complete || !skip_name(modules, at) || !skip_name(modules, at)) {
        return std::unexpected("has a list of modules that is truncated");
      }
      at = (at + 3) / 4 * 4;
      if (module.stream == pdb::kNoStream || module.symbols_size == 0) continue;
      const auto stream = msf_.read(module.stream);
      if (!stream) return std::unexpected(stream.error());
      constexpr std::uint32_t kSignatureSize = 4;
      if (module.symbols_size < kSignatureSize || module.symbols_size > stream->size()) {
        return std::unexpected(fmt::format("has a module with {:#x} bytes of symbols, in stream {} of {:#x}",
                                           module.symbols_size, module.stream, stream->size()));
      }
      const auto records = View(*stream).first(module.symbols_size).subspan(kSignatureSize);
      if (const auto done = read_records(records, module.stream); !done) return done;
    }
    return {};
  }

  static bool skip_name(View bytes, std::uint64_t& at) {
    const auto end = std::find(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), std::uint8_t{0});
    if (end == bytes.end()) return false;
    at = static_cast<std::uint64_t>(end - bytes.begin()) + 1;
    return true;
  }

  Parsed<void> read_globals() {
    if (debug_.records == pdb::kNoStream) return {};
    const auto stream = msf_.read(debug_.records);
    return stream ? read_records(*stream, debug_.records) : std::unexpected(stream.error());
  }

  Parsed<void> read_records(View bytes, std::uint32_t stream) {
    std::uint64_t at = 0;
    while (at < bytes.size()) {
      pdb::Record record{};
      const bool is_there = read_plain(bytes, at, record) && record.size >= sizeof record.kind &&
                            is_within(at + sizeof record.size, record.size, bytes.size());
      if (!is_there || !add(record.kind, bytes.subspan(at + sizeof record, record.size - sizeof record.kind))) {
        return std::unexpected(fmt::format("has a symbol at {:#x} of stream {} that is not complete", at, stream));
      }
      at += sizeof record.size + record.size;
    }
    return {};
  }

  bool add(std::uint16_t kind, View record) {
    switch (kind) {
      case pdb::kPublic:
        return add<pdb::Public>(
            record, [](const auto& symbol) { return std::pair(0u, (symbol.flags & pdb::kPublicIsFunction) != 0); });
      case pdb::kLocalData:
      case pdb::kGlobalData: return add<pdb::Data>(record, [](const auto&) { return std::pair(0u, false); });
      case pdb::kLocalFunction:
      case pdb::kGlobalFunction:
      case pdb::kLocalFunctionById:
      case pdb::kGlobalFunctionById:
        return add<pdb::Function>(record,
                                  [](const auto& symbol) { return std::pair(std::uint32_t{symbol.size}, true); });
      default: return true;
    }
  }

  template <typename Plain, typename Describe>
  bool add(View record, Describe describe) {
    Plain plain{};
    if (!read_plain(record, 0, plain)) return false;
    const View text = record.subspan(sizeof plain);
    const auto end = std::ranges::find(text, std::uint8_t{0});
    if (end == text.end()) return false;
    const auto [size, is_function] = describe(plain);
    add(std::string(text.begin(), end), plain.segment, plain.offset, size, is_function);
    return true;
  }

  // A PDB also names what is in no section: absolute values, ends of sections. They are left out.
  void add(std::string name, std::uint16_t segment, std::uint32_t in_segment, std::uint32_t size, bool is_function) {
    if (segment == 0 || segment > segments_.size() || name.empty()) return;
    const std::uint64_t offset = std::uint64_t{segments_[segment - 1u]} + in_segment;
    if (!pe::is_in_section(image_, offset, 1)) return;
    const auto at = static_cast<std::uint32_t>(offset);
    std::ranges::replace_if(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }, '?');
    symbols_.push_back({std::move(name), at, pe::is_in_section(image_, at, size) ? size : 0, is_function});
  }

  const ImageFile& image_;
  Msf msf_;
  Stream debug_stream_;
  pdb::Debug debug_{};
  std::vector<std::uint32_t> segments_;
  std::vector<Symbol> symbols_;
};

}  // namespace

std::expected<void, Refusal> add_pdb_symbols(ImageFile& image, std::span<const std::uint8_t> pdb) {
  auto msf = Msf::open(pdb);
  if (!msf) return std::unexpected(msf.error());
  auto symbols = Reader(image, std::move(*msf)).read();
  if (!symbols) return std::unexpected(symbols.error());
  std::ranges::move(image.symbols, std::back_inserter(*symbols));
  image.symbols = std::move(*symbols);
  sort_symbols(image);
  return {};
}

}  // namespace sluice::image
