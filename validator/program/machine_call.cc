// Structures and instances: how one begins, ends, and where what it keeps lives.
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "validator/program/machine.h"

namespace sluice::program {

Object* Machine::new_object(const TypeInfo& type, Region& region) {
  const std::size_t slots = type.slots * sizeof(Value);
  void* memory = region.allocate(sizeof(Object) + slots);
  if (memory == nullptr) return nullptr;
  auto* object = new (memory) Object{.type = &type};
  for (std::uint32_t k = 0; k < type.slots; ++k) new (object->slots() + k) Value;
  if (code_.keeps_everything && !type.members.empty()) {
    object->spans = region.array<Span>(type.members.size());
    object->member_streams = region.array<Stream*>(type.members.size());
    if (object->spans == nullptr || object->member_streams == nullptr) return nullptr;
    std::fill_n(object->spans, type.members.size(), Span{});
    std::fill_n(object->member_streams, type.members.size(), nullptr);
  }
  return object;
}

Region* Machine::take_region() {
  if (free_regions_.empty()) {
    regions_.push_back(std::make_unique<Region>(pool_));
    return regions_.back().get();
  }
  Region* region = free_regions_.back();
  free_regions_.pop_back();
  return region;
}

Region& Machine::region_of(Object* object) {
  if (object->region == nullptr) {
    object->region = take_region();
    object->owns_region = true;
  }
  return *object->region;
}

// What an object kept goes with it. Whatever could still refer to it lives in it.
void Machine::drop_object(Object* object) {
  if (!object->owns_region) return;
  object->region->release();
  free_regions_.push_back(object->region);
  object->region = nullptr;
  object->owns_region = false;
}

// An element that owns the region it lies in.
void Machine::drop_held(Loop& loop) {
  if (loop.held == nullptr) return;
  judge_watched(loop.watched, loop.placed);
  Region* region = loop.held->region;
  loop.held = nullptr;
  region->release();
  free_regions_.push_back(region);
}

// For the next element: where the last one lay, as nobody asks for that any more.
Region& Machine::region_of_next(Loop& loop) {
  if (loop.held == nullptr) return *take_region();
  judge_watched(loop.watched, loop.placed);
  Region& region = *std::exchange(loop.held, nullptr)->region;
  region.recycle();
  return region;
}

bool Machine::call_type(const Instruction& i, std::uint32_t& pc, bool in_own_stream) {
  if (activations_.size() >= limits_.depth)
    return budget(FindingId::limit_depth, {{"limit", std::to_string(limits_.depth)}});
  if (!charge(1)) return false;
  Activation& caller = top();
  const TypeInfo& type = code_.types[i.b];
  const bool held = (i.a & kCallElement) != 0 && caller.loop.active;
  const bool kept = held || (i.a & (kCallKept | kCallElement)) != 0;
  Region& region = held ? region_of_next(caller.loop) : kept ? region_of(caller.self) : frames_;
  const Region::Mark mark = frames_.mark();
  Object* object = new_object(type, region);
  if (object == nullptr) {
    if (held) {
      region.release();
      free_regions_.push_back(&region);
    }
    return out_of_memory();
  }
  if (held) {
    caller.loop.held = object;
    caller.loop.watched = watched_.size();
    caller.loop.placed = placed_.size();
  }

  const auto arguments = static_cast<std::size_t>(i.c);
  for (std::size_t k = arguments; k-- > 0;) object->slots()[k] = pop();
  object->parent = caller.self;
  if ((i.a & kCallWithParent) != 0) {
    const Value parent = pop();
    if (parent.tag != Tag::object) return fail(FindingId::null_access, {{"what", "the parent"}});
    object->parent = parent.object;
  }
  if ((i.a & kCallNoParent) != 0) object->parent = nullptr;
  object->root = (i.a & kCallOwnRoot) != 0 ? object : caller.self->root;
  object->container = caller.self;
  object->member = caller.member;
  object->is_element = caller.loop.active;
  object->element = caller.loop.index;
  if (kept) object->region = &region;
  if (type.inherits_endian) {
    object->big_endian = caller.self->big_endian;
    object->endian_known = caller.self->endian_known;
  }

  Stream* stream = stream_;
  if (in_own_stream) {
    const Value bytes = pop();
    if (bytes.tag != Tag::bytes) return fail(FindingId::null_access, {{"what", "the bytes of the region"}});
    auto* memory = region.array<Stream>(1);
    if (memory == nullptr) return out_of_memory();
    stream = new (memory) Stream{.reader = bytes::Reader(bytes.view()), .owner = object, .owner_type = &type};
    stream->allow_trailing = (i.a & kCallAllowTrailing) != 0;
    stream->watched = (i.a & kCallWatched) != 0;
  }
  object->stream = stream;
  object->span = {stream->reader.position(), stream->reader.position()};

  const bool catches = in_own_stream && mode_ == Mode::judge;
  const auto operands = static_cast<std::uint32_t>(operands_.size());
  const auto catch_base = static_cast<std::uint32_t>(catches_.size());
  if (catches) {
    catches_.push_back({.kind = Catch::Kind::substream,
                        .pc = pc,
                        .activations = static_cast<std::uint32_t>(activations_.size()),
                        .operands = operands,
                        .stream = stream_,
                        .object = object,
                        .kept = kept});
  }
  activations_.push_back({.frame = Frame::type,
                          .kept = kept,
                          .has_catch = catches,
                          .own_stream = in_own_stream,
                          .return_pc = pc,
                          .operands = operands,
                          .catches = catch_base,
                          .self = object,
                          .caller_stream = stream_,
                          .frames = mark,
                          .placed = placed_.size(),
                          .watched = watched_.size()});
  stream_ = stream;
  pc = type.entry;
  return code_.keeps_everything && mode_ == Mode::look ? place(object) : true;
}

// A structure that turns out to be cut short can still be looked at: `object`, of the activation on top, goes to its
// place in whose field it is. Looking does so before it is read, judging when it was given up.
bool Machine::place(Object* object) {
  Activation& caller = activations_[activations_.size() - 2];
  if (caller.frame != Frame::type) return true;
  if (!caller.loop.active) {
    const std::uint32_t slot = caller.self->type->members[caller.member].slot;
    if (slot != kNoSlot) caller.self->slots()[slot] = Value::of(object);
    return true;
  }
  if (caller.loop.array == nullptr) return true;
  Array& array = *caller.loop.array;
  if (array.count == array.capacity && !grow(array, caller.self)) return false;
  if (array.spans != nullptr) {
    const std::uint64_t begin = caller.loop.element == nullptr
                                    ? 0
                                    : static_cast<std::uint64_t>(caller.loop.element - array.stream->reader.begin());
    array.spans[array.count] = {begin, begin};
  }
  array.items[array.count++] = Value::of(object);
  return true;
}

void Machine::end_type(std::uint32_t& pc) {
  Activation& a = top();
  Object* self = a.self;
  if (a.own_stream && mode_ == Mode::judge) {
    if (stream_->watched || code_.keeps_everything) {
      watched_.push_back(stream_);
    } else {
      judge_stream(*stream_, a.placed);
    }
  }
  if (a.has_catch) catches_.pop_back();
  stream_ = a.caller_stream;
  pc = a.return_pc;
  if (a.kept) {
    push(Value::of(self));
  } else {
    // Streams kept by this object end with it.
    judge_watched(a.watched, a.placed);
    drop_object(self);
    frames_.reset(a.frames);
    push(Value::of(Tag::failed));  // nobody asks for it
  }
  activations_.pop_back();
}

bool Machine::enter_instance(Object* object, std::uint32_t member, std::uint32_t& pc, bool discards) {
  if (activations_.size() >= limits_.depth)
    return budget(FindingId::limit_depth, {{"limit", std::to_string(limits_.depth)}});
  if (!charge(1)) return false;
  const MemberInfo& info = object->type->members[member];
  if (info.slot != kNoSlot) object->slots()[info.slot] = Value::of(Tag::pending);
  activations_.push_back({.frame = Frame::instance,
                          .discards = discards,
                          .return_pc = pc,
                          .member = member,
                          .operands = static_cast<std::uint32_t>(operands_.size()),
                          .catches = static_cast<std::uint32_t>(catches_.size()),
                          .instance = member,
                          .self = object,
                          .caller_stream = stream_,
                          .frames = frames_.mark(),
                          .placed = placed_.size(),
                          .watched = watched_.size()});
  stream_ = object->stream;
  pc = info.entry;
  return true;
}

void Machine::end_instance(const Instruction& i, std::uint32_t& pc) {
  const Activation& a = top();
  Value value = pop();
  const std::uint32_t slot = a.self->type->members[i.b].slot;
  if (slot != kNoSlot) a.self->slots()[slot] = value;
  stream_ = a.caller_stream;
  pc = a.return_pc;
  const bool discards = a.discards;
  activations_.pop_back();
  if (discards) {
    catches_.pop_back();
  } else {
    push(value);
  }
}

bool Machine::force(const Instruction& i, std::uint32_t& pc) {
  if (mode_ != Mode::judge) return true;
  Object* self = top().self;
  const std::uint32_t slot = self->type->members[i.b].slot;
  if (slot != kNoSlot && self->slots()[slot].tag != Tag::absent) return true;
  catches_.push_back({.kind = Catch::Kind::force,
                      .pc = pc,
                      .activations = static_cast<std::uint32_t>(activations_.size()),
                      .operands = static_cast<std::uint32_t>(operands_.size()),
                      .stream = stream_});
  return enter_instance(self, i.b, pc, true);
}

void Machine::leave_stream(Activation& activation) {
  if (activation.moved) reader() = activation.saved_reader;
  if (activation.changed_stream) stream_ = activation.saved_stream;
  activation.moved = false;
  activation.changed_stream = false;
}

bool Machine::grow(Array& array, Object* self) {
  const std::uint64_t capacity = array.capacity == 0 ? 8 : array.capacity * 2;
  Region& region = region_of(self);
  auto* items = region.array<Value>(capacity);
  Span* spans = code_.keeps_everything ? region.array<Span>(capacity) : nullptr;
  if (items == nullptr || (code_.keeps_everything && spans == nullptr)) return out_of_memory();
  if (array.count != 0) std::memcpy(static_cast<void*>(items), array.items, array.count * sizeof(Value));
  if (spans != nullptr && array.count != 0) std::memcpy(spans, array.spans, array.count * sizeof(Span));
  array.items = items;
  array.spans = spans;
  array.capacity = capacity;
  return true;
}

}  // namespace sluice::program
