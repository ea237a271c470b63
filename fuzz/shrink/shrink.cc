#include "fuzz/shrink/shrink.h"

#include "fuzz/shrink/asker.h"
#include "fuzz/shrink/content_shrinker.h"
#include "fuzz/shrink/plain.h"
#include "fuzz/shrink/shrink_operations.h"

namespace sluice::shrink {

Shrunk shrink(const mutate::Format& format, std::span<const std::uint8_t> input, const Shows& shows,
              const ShrinkLimits& limits) {
  Asker asker(shows, limits);
  Parts parts = read_parts(input);
  const Plain plain(format);
  ContentShrinker first(format, plain, asker);
  ContentShrinker second(format, plain, asker);
  const auto with_first = [&](std::span<const std::uint8_t> content) {
    Parts all = parts;
    all.content.assign(content.begin(), content.end());
    return write_parts(all);
  };
  const auto with_second = [&](std::span<const std::uint8_t> content) {
    Parts all = parts;
    all.second.assign(content.begin(), content.end());
    return write_parts(all);
  };
  for (bool goes = true; goes && !asker.is_over();) {
    goes = shrink_operations(parts, asker);
    first.begin(parts.content);
    goes |= first.run(with_first);
    parts.content.assign(first.content().begin(), first.content().end());
    if (parts.second.empty()) continue;
    second.begin(parts.second);
    goes |= second.run(with_second);
    parts.second.assign(second.content().begin(), second.content().end());
  }
  Shrunk shrunk{.input = write_parts(parts), .tries = asker.tries(), .is_done = !asker.is_over(), .needed = {}};
  shrunk.is_done = shrunk.is_done && first.is_done() && (parts.second.empty() || second.is_done());
  asker.use_reserve();
  shrunk.needed = first.needed(with_first);
  shrunk.tries = asker.tries();
  if (parts.second.empty()) return shrunk;
  for (Needed& field : second.needed(with_second)) {
    field.path = "second content: " + field.path;
    field.bytes.begin += parts.content.size();
    field.bytes.end += parts.content.size();
    shrunk.needed.push_back(std::move(field));
  }
  shrunk.tries = asker.tries();
  return shrunk;
}

}  // namespace sluice::shrink
