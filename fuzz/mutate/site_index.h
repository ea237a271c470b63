// Where each member of the schema stands in a tree.
#pragma once

#include <span>
#include <vector>

#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

// Of a tree as it is when it is built; an edit of the tree's shape makes it wrong.
class SiteIndex {
 public:
  explicit SiteIndex(const Tree& tree) : ends_(tree.format().site_count() + 1), nodes_(tree.size()) {
    for (const Node& node : tree.nodes()) {
      if (node.site != kNoSite) ++ends_[node.site + 1];
    }
    for (std::size_t i = 1; i < ends_.size(); ++i) ends_[i] += ends_[i - 1];
    std::vector<std::uint32_t> next(ends_.begin(), ends_.end() - 1);
    for (NodeId id = 0; id < tree.size(); ++id) {
      if (tree[id].site != kNoSite) nodes_[next[tree[id].site]++] = id;
    }
  }

  // Ascending.
  [[nodiscard]] std::span<const NodeId> nodes_of(SiteId site) const {
    return std::span(nodes_).subspan(ends_[site], ends_[site + 1] - ends_[site]);
  }

 private:
  std::vector<std::uint32_t> ends_;  // of a site its nodes begin where those of the site before it end
  std::vector<NodeId> nodes_;
};

}  // namespace sluice::mutate
