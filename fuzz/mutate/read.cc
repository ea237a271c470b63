// A session's objects -> a tree.
#include <algorithm>
#include <optional>
#include <unordered_set>

#include "fuzz/mutate/tree.h"
#include "validator/program/session.h"

namespace sluice::mutate {

using program::MemberRole;
using program::Object;
using program::Session;
using program::Tag;
using program::Value;
using schema::DataKind;
using schema::DataType;

namespace {

constexpr program::Limits kReading{.depth = 64,
                                   .elements = 2 * kMostNodes,
                                   .steps = 8'000'000,
                                   .empty_elements = 1024,
                                   .process_bytes = 1u << 20,
                                   .memory = 64u << 20,
                                   .findings = 4};
constexpr NodeId kManyNodes = 2048;     // behind them nothing is told a second time
constexpr std::uint32_t kDeepest = 48;  // structures in structures; below them nothing is read

std::uint64_t bytes_taken(const DataType& data) { return data.kind == DataKind::bits ? 0 : data.width; }

// Which of a switch's cases made this value, as well as can be told from it. Null: none fits.
const DataType* case_of(const DataType& data, const Value& value, std::uint64_t size) {
  if (data.kind != DataKind::switched) return &data;
  for (const schema::Case& c : data.cases) {
    const DataKind kind = c.type.kind;
    bool fits = false;
    switch (value.tag) {
      case Tag::integer:
      case Tag::enumeration: fits = kind == DataKind::integer && bytes_taken(c.type) == size; break;
      case Tag::floating: fits = kind == DataKind::floating && bytes_taken(c.type) == size; break;
      case Tag::string: fits = kind == DataKind::string; break;
      case Tag::bytes: fits = kind == DataKind::bytes; break;
      default: break;
    }
    if (fits) return &c.type;
  }
  return nullptr;
}

// Where a structure is that something points to.
struct Place {
  schema::TypeId type;
  std::uint64_t from;
  std::uint64_t to;
  bool operator==(const Place&) const = default;
};
struct HashOfPlace {
  std::size_t operator()(const Place& place) const {
    constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
    return ((place.from * kMix ^ place.to) * kMix ^ place.type) * kMix >> 16;
  }
};

}  // namespace

class TreeReader {
 public:
  TreeReader(Tree& tree, Session& session) : tree_(tree), format_(*tree.format_), session_(session) {}

  void read(Object* root) {
    Node node{.kind = NodeKind::structure};
    node.type = root->type->id;
    node.to = static_cast<std::uint32_t>(tree_.bytes_.size());
    tree_.nodes_.push_back(node);
    add_members(root, 0, 0);
    tree_.nodes_[0].end = static_cast<NodeId>(tree_.nodes_.size());
  }
  [[nodiscard]] bool is_whole() const { return is_whole_; }

 private:
  bool is_full() {
    if (tree_.nodes_.size() < kMostNodes) return false;
    is_whole_ = false;
    return true;
  }

  void add_members(Object* object, NodeId at, std::uint32_t depth) {
    const auto& members = object->type->members;
    if (object->state != Object::State::read) is_whole_ = false;
    for (std::uint32_t m = 0; m < members.size() && !is_full(); ++m) {
      const MemberRole role = members[m].role;
      if (role == MemberRole::sequence) {
        add(object, m, object->slots()[members[m].slot], at, depth);
      } else if (role == MemberRole::parse_instance && object->state == Object::State::read) {
        const auto value = session_.member(object, m);
        if (!value) is_whole_ = false;
        add(object, m, value ? *value : object->slots()[members[m].slot], at, depth);
      }
    }
  }

  // The range of a member or element; where the session knows none (it was not read to its end), empty.
  std::optional<ByteRange> range_of(const Object* object, std::uint32_t member, std::optional<std::uint64_t> element) {
    auto range = element ? session_.bytes_of(object, member, *element) : session_.bytes_of(object, member);
    if (!range || range->begin > range->end || range->end > tree_.bytes_.size()) return std::nullopt;
    return range;
  }

  void add(Object* object, std::uint32_t member, const Value& value, NodeId parent, std::uint32_t depth) {
    if (!value.is_there()) return;
    const auto range = range_of(object, member, std::nullopt);
    const SiteId site = format_.site_of(object->type->id, member);
    const bool is_placed = object->type->members[member].role == MemberRole::parse_instance;
    // An array of its own, not one that the value happens to be.
    if (!(value.tag == Tag::array && object->type->members[member].repeats)) {
      add_value(object, member, value, range, site, parent, depth, is_placed ? node_flag::placed : 0, 0);
      return;
    }
    const auto id = open(NodeKind::array, site, parent, range);
    if (is_placed) tree_.nodes_[id].flags |= node_flag::placed;
    bool is_cut = value.array->cut_short;
    for (std::uint64_t i = 0; i < value.array->count && !is_full(); ++i) {
      const std::size_t before = tree_.nodes_.size();
      add_value(object, member, value.array->at(i), range_of(object, member, i), site, id, depth, node_flag::element,
                static_cast<std::uint32_t>(i));
      is_cut |= tree_.nodes_.size() == before;
    }
    if (is_cut) tree_.nodes_[id].flags |= node_flag::cut;
    close(id, range.has_value());
  }

  void add_value(Object* object, std::uint32_t member, const Value& value, std::optional<ByteRange> range, SiteId site,
                 NodeId parent, std::uint32_t depth, std::uint16_t flags, std::uint32_t index) {
    const schema::Member& spec = *format_.site(site).member;
    const bool is_decoded = spec.sizing.process.kind != schema::ProcessKind::none;
    if (value.tag == Tag::object && !is_decoded) {
      add_structure(object, member, value.object, range, site, parent, depth, flags, index);
      return;
    }
    if (!range) return;  // in decoded data, or not read
    const DataType* data = is_decoded ? nullptr : case_of(spec.data, value, range->end - range->begin);
    const NodeId id = open(NodeKind::bytes, site, parent, range);
    Node& node = tree_.nodes_[id];
    node.flags = flags;
    node.index = index;
    if (data != nullptr) describe(node, *data, object);
    close(id, true);
  }

  void add_structure(Object* object, std::uint32_t member, Object* child, std::optional<ByteRange> range, SiteId site,
                     NodeId parent, std::uint32_t depth, std::uint16_t flags, std::uint32_t index) {
    // What is only referred to is somebody else's.
    if (child->container != object || child->member != member) return;
    const NodeId id = open(NodeKind::structure, site, parent, range);
    tree_.nodes_[id].type = child->type->id;
    tree_.nodes_[id].flags = flags;
    tree_.nodes_[id].index = index;
    if (child->state != Object::State::read) tree_.nodes_[id].flags |= node_flag::cut;
    const bool is_shared = (flags & node_flag::placed) != 0 && range &&
                           !placed_.insert({child->type->id, range->begin, range->end}).second;
    if (is_shared && id >= kManyNodes) {
      // Where many point to the same, the tree would be many times the file.
      tree_.nodes_[id].flags |= node_flag::cut;
    } else if (depth < kDeepest) {
      add_members(child, id, depth + 1);
    } else {
      is_whole_ = false;
    }
    close(id, range.has_value() && child->state == Object::State::read);
  }

  void describe(Node& node, const DataType& data, const Object* object) {
    const std::uint32_t size = node.size();
    node.enum_id = data.enum_id;
    switch (data.kind) {
      case DataKind::integer: {
        if (size != data.width) break;
        node.kind = NodeKind::integer;
        node.width = data.width;
        if (data.is_signed) node.flags |= node_flag::is_signed;
        const bool is_big =
            data.endian == schema::Endian::big || (data.endian == schema::Endian::calculated && object->big_endian);
        if (is_big) node.flags |= node_flag::big_endian;
        break;
      }
      case DataKind::bits: describe_bits(node, data); break;
      case DataKind::string: node.kind = NodeKind::text; break;
      default: break;
    }
  }

  // Bits go on where the bits before them ended, whatever bytes the session gives them.
  void describe_bits(Node& node, const DataType& data) {
    const NodeId id = static_cast<NodeId>(&node - tree_.nodes_.data());
    std::uint64_t bit = std::uint64_t{node.from} * 8;
    if (bits_end_ == id) bit = next_bit_;
    const std::uint64_t end = bit + data.width;
    if (end > std::uint64_t{tree_.bytes_.size()} * 8) return;
    node.kind = NodeKind::bits;
    node.width = data.width;
    node.from = static_cast<std::uint32_t>(bit / 8);
    node.to = static_cast<std::uint32_t>((end + 7) / 8);
    node.shift = static_cast<std::uint8_t>(bit % 8);
    if (data.bit_endian == schema::BitEndian::big) node.flags |= node_flag::big_endian;
    bits_end_ = id + 1;
    next_bit_ = end;
  }

  NodeId open(NodeKind kind, SiteId site, NodeId parent, std::optional<ByteRange> range) {
    const auto id = static_cast<NodeId>(tree_.nodes_.size());
    Node node{.parent = parent, .end = id + 1, .site = site, .kind = kind};
    if (range) {
      node.from = static_cast<std::uint32_t>(range->begin);
      node.to = static_cast<std::uint32_t>(range->end);
    }
    tree_.nodes_.push_back(node);
    return id;
  }

  // A node without a range of its own reaches over its children; without either it goes.
  void close(NodeId id, bool has_range) {
    Node& node = tree_.nodes_[id];
    node.end = static_cast<NodeId>(tree_.nodes_.size());
    if (has_range) return;
    std::optional<ByteRange> over;
    for (NodeId c = id + 1; c < node.end; c = tree_.nodes_[c].end) {
      const Node& child = tree_.nodes_[c];
      if (child.is(node_flag::placed)) continue;
      if (!over) over = {child.from, child.to};
      over->begin = std::min<std::uint64_t>(over->begin, child.from);
      over->end = std::max<std::uint64_t>(over->end, child.to);
    }
    if (!over) {
      tree_.nodes_.resize(id);
      return;
    }
    node.from = static_cast<std::uint32_t>(over->begin);
    node.to = static_cast<std::uint32_t>(over->end);
    node.flags |= node_flag::cut;
  }

  Tree& tree_;
  const Format& format_;
  Session& session_;
  bool is_whole_ = true;
  std::unordered_set<Place, HashOfPlace> placed_;
  NodeId bits_end_ = kNoNode;
  std::uint64_t next_bit_ = 0;
};

bool Tree::parse(std::span<const std::uint8_t> bytes) {
  nodes_.clear();
  placed_.clear();
  bytes_.clear();
  has_flags_ = has_pins_ = false;
  is_whole_ = false;
  stopped_at_ = 0;
  if (bytes.size() > kLongestFile) return false;
  bytes_.assign(bytes.begin(), bytes.end());
  Session session(format_->reading(), bytes_, kReading);
  const bool is_read = session.read();
  if (session.root() == nullptr) return false;
  TreeReader reader(*this, session);
  reader.read(session.root());
  is_whole_ = is_read && reader.is_whole();
  find_placed();
  for (NodeId c = 1; c < nodes_.size(); c = nodes_[c].end) {
    if (!nodes_[c].is(node_flag::placed)) stopped_at_ = std::max(stopped_at_, nodes_[c].to);
  }
  return is_whole_;
}

}  // namespace sluice::mutate
