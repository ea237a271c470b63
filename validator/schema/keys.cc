#include "validator/schema/keys.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/core.h>

#include "validator/finding/finding.h"

namespace sluice::schema {
namespace {

struct Extension {
  std::string_view key;
  std::string_view where;
};
constexpr std::array<Extension, 4> kExtensions = {{
    {"-sluice-allow", "`meta`, a type or an attribute"},
    {"-sluice-asserts", "a type"},
    {"-sluice-checksum", "an attribute that is read"},
    {"-sluice-valid", "a value instance"},
}};

// The number of characters to insert, delete or replace to make `b` of `a`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string extension_problem(std::string_view key) {
  const auto known = std::ranges::find(kExtensions, key, &Extension::key);
  if (known != kExtensions.end()) return fmt::format("`{}` is not allowed here: it belongs to {}", key, known->where);
  if (key.size() > 40) return fmt::format("unknown key `{}`", printable(key));
  const auto nearest = std::ranges::min_element(
      kExtensions, {}, [&](const Extension& extension) { return edit_distance(key, extension.key); });
  return fmt::format("unknown key `{}`, did you mean `{}`?", printable(key), nearest->key);
}

// `a, b, c`, without our extensions.
std::string list_keys(Keys keys) {
  std::vector<std::string_view> shown;
  std::ranges::copy_if(keys, std::back_inserter(shown), [](std::string_view key) { return !key.starts_with('-'); });
  std::ranges::sort(shown);
  std::string out;
  for (const std::string_view key : shown) {
    if (!out.empty()) out += ", ";
    out += key;
  }
  return out;
}

}  // namespace

void check_keys(const KsyNode& map, Keys allowed, Problems& problems, std::string_view complaint) {
  for (const document::Entry& entry : map->entries) {
    const std::string_view key = entry.key;
    if (std::ranges::find(allowed, key) != allowed.end()) continue;
    if (key.starts_with("-sluice-")) {
      problems.error(KsyNode(map, entry).key_place(), extension_problem(key));
    } else if (!key.starts_with('-')) {
      problems.error(KsyNode(map, entry).key_place(), fmt::format("{}: {}", complaint, list_keys(allowed)));
    }
  }
}

}  // namespace sluice::schema
