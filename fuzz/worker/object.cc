#include "fuzz/worker/object.h"

#include "fuzz/worker/readable.h"

namespace sluice::worker {

void describe(const Object& object, std::uintptr_t address, ObjectRecord& record) {
  copy_text(record.what, object.what);
  copy_text(record.name, object.name);
  record.bytes = object.bytes;
  record.elements = object.elements;
  if (address < object.begin) {
    record.side = Side::start;
    record.distance = object.begin - address;
  } else if (address - object.begin < object.bytes) {
    record.side = Side::inside;
    record.distance = address - object.begin;
  } else {
    record.side = Side::end;
    record.distance = address - object.begin - object.bytes;
  }
}

}  // namespace sluice::worker
