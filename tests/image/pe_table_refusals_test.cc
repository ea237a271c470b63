// Imports, exports and other tables that cannot be what they say are refused, with what is wrong and where.
#include <catch2/catch.hpp>

#include "tests/image/pe_refusals.h"

using namespace sluice::image;

TEST_CASE("an image whose imports are wrong is refused") {
  const auto descriptor = [](auto change) { return table<pe::ImportDescriptor>(pe::kImports, change); };
  const auto lookup = [](std::uint64_t word) {
    return [=](Patched& file) {
      file.set(file.in_file(file.get<pe::ImportDescriptor>(file.table(pe::kImports)).lookup), word);
    };
  };
  check({
      {"nowhere", directory(pe::kImports, {kFar, 40}),
       "has an import directory at 0xf00000 that does not end in its section"},
      {"no module", descriptor([](auto& d) { d.module = kFar; }),
       "imports from a module whose name at 0xf00000 is none"},
      {"lookup nowhere", descriptor([](auto& d) { d.lookup = kFar; }),
       "has an import table for ntoskrnl.exe at 0xf00000 that does not end in its section"},
      {"addresses nowhere", descriptor([](auto& d) { d.addresses = 0xFFFFFFF8; }),
       "imports DbgPrintEx to 0xfffffff8, outside of its sections"},
      {"bound without names", descriptor([](auto& d) { d.lookup = 0, d.timestamp = 1; }),
       "imports from ntoskrnl.exe, bound to a version of it and without the names"},
      {"ordinal", lookup(pe::kByOrdinal | 0x10000), "imports from ntoskrnl.exe by the ordinal 0x10000"},
      {"name", lookup(kFar), "imports from ntoskrnl.exe by a name at 0xf00000 that is none"},
      {"wide name", lookup(0x100002000), "imports from ntoskrnl.exe by a name at 0x100002000 that is none"},
      {"two modules to the same addresses",
       [](Patched& file) {
         const std::size_t at = file.table(pe::kImports);
         file.set(at + sizeof(pe::ImportDescriptor), file.get<pe::ImportDescriptor>(at));
       },
       "has import tables that loop or overlap: at 0x2..."},
  });
}

TEST_CASE("an image whose import tables loop is refused") {
  check({
      {"the directory does not end",
       [&](Patched& file) {
         auto descriptor = file.get<pe::ImportDescriptor>(file.table(pe::kImports));
         descriptor.lookup = 0x3800;  // zeros: imports nothing
         directory(pe::kImports, {add_data(file, repeated(descriptor, 2000)), 40})(file);
       },
       "has an import directory that loops: more than 1024 modules"},
      {"the directory ends with its section",
       [&](Patched& file) {
         auto descriptor = file.get<pe::ImportDescriptor>(file.table(pe::kImports));
         descriptor.lookup = 0x3800;
         directory(pe::kImports, {add_data(file, repeated(descriptor, 20)), 40})(file);
       },
       "has an import directory at 0x8000 that does not end in its section"},
      {"too many imports",
       [&](Patched& file) {
         const std::uint32_t words = add_data(file, repeated(pe::kByOrdinal | 1, 20000));
         table<pe::ImportDescriptor>(pe::kImports, [=](auto& d) { d.lookup = d.addresses = words; })(file);
       },
       "has import tables that loop: more than 16384 imports"},
      {"the imports end with their section",
       [&](Patched& file) {
         const std::uint32_t words = add_data(file, repeated(pe::kByOrdinal | 1, 20));
         table<pe::ImportDescriptor>(pe::kImports, [=](auto& d) { d.lookup = d.addresses = words; })(file);
       },
       "has an import table for ntoskrnl.exe at 0x8000 that does not end in its section"},
      {"addresses of two tables overlap",
       [&](Patched& file) {
         auto descriptor = file.get<pe::ImportDescriptor>(file.table(pe::kImports));
         Bytes both = repeated(descriptor, 3);
         std::memset(&both[2 * sizeof descriptor], 0, sizeof descriptor);
         descriptor.addresses += 4;
         std::memcpy(&both[sizeof descriptor], &descriptor, sizeof descriptor);
         directory(pe::kImports, {add_data(file, both), 40})(file);
       },
       "has import tables that loop or overlap: at 0x2..."},
      {"names of nearly a page each",
       [&](Patched& file) {
         // Each name begins in the one before: few bytes that say a great deal.
         Bytes data(8192, 'a');
         for (std::size_t i = 0; i < 5000; ++i) {
           const std::uint64_t word = 0x8000 + i % 400;
           const auto* bytes = reinterpret_cast<const std::uint8_t*>(&word);
           data.insert(data.end(), bytes, bytes + sizeof word);
         }
         data[4090] = 0;
         data.resize(data.size() + 8);
         const std::uint32_t at = add_data(file, data);
         table<pe::ImportDescriptor>(pe::kImports, [=](auto& d) { d.lookup = d.addresses = at + 8192; })(file);
       },
       "imports from ntoskrnl.exe by a name at 0x8..."},
  });
}

TEST_CASE("an image whose exports are wrong is refused") {
  const auto exports = [](auto change) { return table<pe::ExportDirectory>(pe::kExports, change); };
  const auto set_first = [](std::uint32_t pe::ExportDirectory::* array, auto value) {
    return [=](Patched& file) {
      file.set(file.in_file(file.get<pe::ExportDirectory>(file.table(pe::kExports)).*array), value);
    };
  };
  check({
      {"nowhere", directory(pe::kExports, {kFar, 40}),
       "has an export directory at 0xf00000 that lies outside of its sections"},
      {"many functions", exports([](auto& e) { e.num_functions = 65537; }),
       "has 65537 exports and 7 names of exports, and 65536 are the most"},
      {"many names", exports([](auto& e) { e.num_names = 0xFFFFFFFF; }),
       "has 8 exports and 4294967295 names of exports, and 65536 are the most"},
      {"names nowhere", exports([](auto& e) { e.names = 0xFFFFFFFE; }), "has an export, number 0, whose name is none"},
      {"a name nowhere", set_first(&pe::ExportDirectory::names, kFar), "has an export, number 0, whose name is none"},
      {"an index of nothing", set_first(&pe::ExportDirectory::indices, std::uint16_t{0xFFFF}),
       "exports SmallCallBack by an index that is none of its functions'"},
      {"functions nowhere", exports([](auto& e) { e.functions = kFar; }),
       "has an export table at 0xf00000 that lies outside of its sections"},
      {"a function nowhere", set_first(&pe::ExportDirectory::functions, kFar),
       "exports #90 at 0xf00000, outside of its sections"},
  });
}

TEST_CASE("an image whose other tables are wrong is refused") {
  const auto cookie = [](std::uint64_t address) {
    return [=](Patched& file) { file.set(file.table(pe::kLoadConfig) + pe::kCookieInLoadConfig, address); };
  };
  check({
      {"unwind", directory(pe::kUnwind, {kFar, 12}),
       "has an exception table at 0xf00000 of 0xc bytes, outside of its sections"},
      {"unwind beyond", directory(pe::kUnwind, {0x7000, 0x1000}),
       "has an exception table at 0x7000 of 0x1000 bytes, outside of its sections"},
      {"load config", directory(pe::kLoadConfig, {kFar, 112}),
       "has a load config directory at 0xf00000 that lies outside of its sections"},
      {"load config that is long",
       [](Patched& file) { file.set(file.table(pe::kLoadConfig), std::uint32_t{0xFFFFFFFF}); },
       "has a load config directory at 0x2000 that lies outside of its sections"},
      {"cookie before", cookie(0x13FFFFFFF), "has its security cookie at 0x13fffffff, outside of its sections"},
      {"cookie behind", cookie(0x140F00000), "has its security cookie at 0x140f00000, outside of its sections"},
      {"debug", directory(pe::kDebug, {kFar, 28}),
       "has a debug directory at 0xf00000 of 0x1c bytes, outside of its sections"},
      {"debug bytes", table<pe::DebugEntry>(pe::kDebug, [](auto& e) { e.type = pe::kDebugCodeView, e.offset = kFar; }),
       "has a debug entry at 0x20a8 whose bytes are not there"},
      {"debug bytes in the file",
       table<pe::DebugEntry>(pe::kDebug,
                             [](auto& e) { e.type = pe::kDebugCodeView, e.offset = 0, e.data = 0xFFFFFFF0; }),
       "has a debug entry at 0x20a8 whose bytes are not there"},
  });
}
