#include "fuzz/mutate/minimal.h"

#include <algorithm>
#include <optional>

#include "fuzz/mutate/repair.h"

namespace sluice::mutate {

using schema::DataKind;
using schema::DataType;
using schema::Member;
using schema::RepeatKind;

void Fragment::repeat(std::uint32_t times) {
  const auto count = static_cast<NodeId>(nodes.size());
  const auto size = static_cast<std::uint32_t>(bytes.size());
  nodes.reserve(std::size_t{times} * count);
  for (std::uint32_t i = 1; i < times; ++i) {
    for (NodeId n = 0; n < count; ++n) {
      Node node = nodes[n];
      if (node.parent != kNoNode) node.parent += i * count;
      node.end += i * count;
      node.from += i * size;
      node.to += i * size;
      nodes.push_back(node);
    }
  }
  bytes.resize(std::size_t{times} * size);
  for (std::size_t i = size; i < bytes.size(); ++i) bytes[i] = bytes[i - size];
}

namespace {

constexpr std::uint32_t kDeepest = 24;
constexpr std::size_t kMostBytes = 1u << 20;
constexpr std::uint8_t kLetter = 'a';

class Builder {
 public:
  Builder(const Format& format, Fragment& out) : format_(format), ties_(format.ties()), out_(out) {}

  bool root() {
    const NodeId id = open(NodeKind::structure, kNoSite, kNoNode);
    const bool good = structure(id, kNoSite, format_.schema().root);
    close(id);
    return good;
  }

  bool member(SiteId site, NodeId parent) {
    const Member& m = *format_.site(site).member;
    if (m.repeat == RepeatKind::none) return value(site, m.data, parent, 0, 0);
    const NodeId array = open(NodeKind::array, site, parent);
    const Integer count = least_count(site);
    bool good = count <= static_cast<Integer>(kMostFragmentNodes);
    for (Integer i = 0; good && i < count; ++i) {
      // An element whose case is not known yet is repair's to add.
      if (m.data.kind == DataKind::switched) break;
      good = value(site, m.data, array, node_flag::element, static_cast<std::uint32_t>(i));
    }
    close(array);
    return good;
  }

  bool value(SiteId site, const DataType& data, NodeId parent, std::uint16_t flags, std::uint32_t index) {
    if (out_.nodes.size() >= kMostFragmentNodes || out_.bytes.size() > kMostBytes || depth_ >= kDeepest) return false;
    if (data.kind == DataKind::structure && data.type_id == schema::kNoType) return false;
    const NodeId id = open(NodeKind::bytes, site, parent);
    out_.nodes[id].flags |= flags;
    out_.nodes[id].index = index;
    out_.nodes[id].enum_id = data.enum_id;
    bool good = true;
    switch (data.kind) {
      case DataKind::structure: good = structure(id, site, data.type_id); break;
      case DataKind::integer: integer(id, site, data); break;
      case DataKind::bits: bits(id, data); break;
      case DataKind::floating: out_.bytes.resize(out_.bytes.size() + data.width); break;
      default: bytes(id, site, data); break;
    }
    close(id);
    return good;
  }

 private:
  bool structure(NodeId id, SiteId site, schema::TypeId type) {
    ++depth_;
    out_.nodes[id].kind = NodeKind::structure;
    out_.nodes[id].type = type;
    const schema::TypeSpec& spec = format_.schema().type(type);
    bool good = !spec.opaque;
    bits_left_ = 0;
    for (std::uint32_t i = 0; good && i < spec.sequence_count; ++i) {
      const std::uint32_t number = spec.first_sequence() + i;
      const Member& m = spec.members[number];
      if (m.condition || (m.data.kind == DataKind::switched && m.repeat == RepeatKind::none)) continue;
      if (m.data.kind != DataKind::bits) bits_left_ = 0;
      good = member(format_.site_of(type, number), id);
    }
    bits_left_ = 0;
    --depth_;
    const std::size_t begin = out_.nodes[id].from;
    const std::size_t size = least_size(site, out_.bytes.size() - begin);
    if (begin + size > kMostBytes) return false;
    if (size > out_.bytes.size() - begin) out_.bytes.resize(begin + size);
    return good;
  }

  void integer(NodeId id, SiteId site, const DataType& data) {
    Node& node = out_.nodes[id];
    node.kind = NodeKind::integer;
    node.width = data.width;
    if (data.is_signed) node.flags |= node_flag::is_signed;
    if (data.endian == schema::Endian::big) node.flags |= node_flag::big_endian;
    const auto value = static_cast<std::uint64_t>(least_value(site, data));
    for (unsigned i = 0; i < data.width; ++i) {
      const unsigned byte = node.is(node_flag::big_endian) ? data.width - 1u - i : i;
      out_.bytes.push_back(static_cast<std::uint8_t>(value >> 8 * byte));
    }
  }

  // All zero; they go on in the byte where those before them ended.
  void bits(NodeId id, const DataType& data) {
    Node& node = out_.nodes[id];
    node.kind = NodeKind::bits;
    node.width = data.width;
    if (data.bit_endian == schema::BitEndian::big) node.flags |= node_flag::big_endian;
    if (bits_left_ != 0) {
      --node.from;
      node.shift = static_cast<std::uint8_t>(8 - bits_left_);
    }
    const unsigned end = node.shift + data.width;
    out_.bytes.resize(node.from + (end + 7) / 8);
    bits_left_ = (8 - end % 8) % 8;
  }

  void bytes(NodeId id, SiteId site, const DataType& data) {
    const Member& m = *format_.site(site).member;
    const schema::Sizing& s = m.sizing;
    Node& node = out_.nodes[id];
    if (data.kind == DataKind::string) node.kind = NodeKind::text;
    if (m.contents) {
      out_.bytes.insert(out_.bytes.end(), m.contents->begin(), m.contents->end());
      return;
    }
    std::size_t size = least_size(site, 0);
    if (size > kMostBytes) size = 0;
    const bool is_text = data.kind == DataKind::string;
    const std::uint8_t filler = s.pad_right ? *s.pad_right : is_text ? kLetter : 0;
    out_.bytes.resize(out_.bytes.size() + size, filler);
    if (is_text && s.pad_right && size != 0) out_.bytes[out_.bytes.size() - size] = kLetter;
    if (s.terminator && !s.size && !s.size_eos) {
      out_.bytes.insert(out_.bytes.end(), s.terminator->begin(), s.terminator->end());
    }
  }

  // A count, size or value that is no constant is as small as the field that it comes from may be.
  Integer least_of_field(SiteId of, Integer otherwise) const {
    for (const TieId id : ties_.of_site(of)) {
      const Tie& t = ties_.all()[id];
      if (t.kind == TieKind::range && t.formula != nullptr) return t.formula->constant().value_or(otherwise);
    }
    return otherwise;
  }

  Integer least_by(SiteId site, TieKind kind, const Formula& formula, Integer otherwise) const {
    if (const auto constant = formula.constant()) return std::max<Integer>(*constant, 0);
    for (const TieId id : ties_.of_site(site)) {
      const Tie& t = ties_.all()[id];
      const bool is_the_field = t.kind == kind && t.target != kNoSite && t.formula->terms().back().op == TermOp::member;
      if (is_the_field) return std::max<Integer>(least_of_field(t.target, otherwise), 0);
    }
    return otherwise;
  }

  Integer least_count(SiteId site) const {
    const Member& m = *format_.site(site).member;
    if (m.repeat == RepeatKind::until) return 1;
    if (m.repeat != RepeatKind::count) return 0;
    return least_by(site, TieKind::count, ties_.formulas(site).count, 0);
  }

  std::size_t least_size(SiteId site, std::size_t otherwise) const {
    if (site == kNoSite) return otherwise;
    const Member& m = *format_.site(site).member;
    if (!m.sizing.size) return otherwise;
    const Integer size = least_by(site, TieKind::size, ties_.formulas(site).size, static_cast<Integer>(otherwise));
    return size > static_cast<Integer>(kMostBytes) ? kMostBytes + 1 : static_cast<std::size_t>(size);
  }

  Integer least_value(SiteId site, const DataType& data) const {
    const SiteFormulas& f = ties_.formulas(site);
    if (f.equal) return f.equal.constant().value_or(0);
    if (!f.any_of.empty()) return f.any_of.front().constant().value_or(0);
    Integer least = 0;
    if (data.enum_id != schema::kNoEnum) {
      const schema::Enum& labels = format_.schema().enumeration(data.enum_id);
      if (!labels.members.empty() && labels.find(Integer{0}) == nullptr) least = labels.members.front().value;
    }
    if (f.least) least = std::max(least, f.least.constant().value_or(least));
    if (f.most) least = std::min(least, f.most.constant().value_or(least));
    return least;
  }

  NodeId open(NodeKind kind, SiteId site, NodeId parent) {
    const auto id = static_cast<NodeId>(out_.nodes.size());
    const auto at = static_cast<std::uint32_t>(out_.bytes.size());
    out_.nodes.push_back(
        {.parent = parent, .end = id + 1, .from = at, .to = at, .site = site, .kind = kind, .flags = node_flag::fresh});
    return id;
  }

  void close(NodeId id) {
    out_.nodes[id].end = static_cast<NodeId>(out_.nodes.size());
    out_.nodes[id].to = static_cast<std::uint32_t>(out_.bytes.size());
  }

  const Format& format_;
  const Ties& ties_;
  Fragment& out_;
  std::uint32_t depth_ = 0;
  unsigned bits_left_ = 0;  // of the last byte
};

}  // namespace

bool build_root(const Format& format, Fragment& out) { return Builder(format, out).root(); }

bool build_member(const Format& format, SiteId site, Fragment& out) {
  return Builder(format, out).member(site, kNoNode);
}

bool build_value(const Format& format, SiteId site, const DataType& data, Fragment& out) {
  const bool repeats = format.site(site).member->repeat != RepeatKind::none;
  return Builder(format, out).value(site, data, kNoNode, repeats ? node_flag::element : 0, 0);
}

std::vector<std::uint8_t> minimal(const Format& format) {
  Fragment fragment;
  if (!build_root(format, fragment)) return {};
  Tree tree(format);
  tree.assume(fragment.nodes, fragment.bytes);
  (void)repair_everything(tree, 0);
  return {tree.bytes().begin(), tree.bytes().end()};
}

}  // namespace sluice::mutate
