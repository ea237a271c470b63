/* Levels, and which locks are held. What a lock's own memory holds does not matter: the driver may damage it. */
#include "fuzz/kernel_api/internal.h"

enum { MAX_HELD = 64 };

struct held {
  const void* lock;
  const char* call; /* that took it */
  unsigned exclusive;
  unsigned shared;
};

static struct held held[MAX_HELD];
static size_t num_held;
static uint8_t level;
static unsigned atomic_depth;

/* ---- Levels ------------------------------------------------------------------------------------------------------ */

uint8_t kapi_level(void) { return level; }
void kapi_set_level(uint8_t new_level) { level = new_level; }
void kapi_atomic_enter(void) { ++atomic_depth; }

void kapi_atomic_leave(const char* call) {
  if (atomic_depth == 0) {
    kapi_fault(NULL, "bugcheck", "%s without the call that it ends", call);
    return;
  }
  --atomic_depth;
}

void kapi_might_sleep(const char* call) {
  if (atomic_depth != 0) {
    kapi_fault(NULL, "bugcheck", "sleeping function called from invalid context: %s under a spin lock", call);
  }
}

/* ---- Locks ------------------------------------------------------------------------------------------------------- */

static struct held* find(const void* lock) {
  for (size_t i = 0; i < num_held; ++i) {
    if (held[i].lock == lock) return &held[i];
  }
  return NULL;
}

static bool would_wait(const struct held* holder, enum kapi_lock_mode mode) {
  if (holder == NULL) return false;
  switch (mode) {
    case KAPI_EXCLUSIVE: return true;
    case KAPI_SHARED: return holder->exclusive != 0;
    case KAPI_RECURSIVE: return holder->exclusive == 0; /* a reader that wants to write */
  }
  return true;
}

static void hold(const void* lock, enum kapi_lock_mode mode, const char* call) {
  struct held* holder = find(lock);
  if (holder == NULL) {
    if (num_held == MAX_HELD) kapi_bugcheck("%s: %d locks are held at once", call, MAX_HELD);
    holder = &held[num_held++];
    *holder = (struct held){.lock = lock, .call = call};
  }
  if (mode == KAPI_SHARED) {
    ++holder->shared;
  } else {
    ++holder->exclusive;
  }
}

void kapi_lock(const void* lock, enum kapi_lock_mode mode, const char* call) {
  const struct held* holder = find(lock);
  if (would_wait(holder, mode)) {
    kapi_fault(NULL, "bugcheck", "deadlock: %s of a lock that this thread holds, taken by %s", call, holder->call);
    return;
  }
  hold(lock, mode, call);
}

bool kapi_try_lock(const void* lock, enum kapi_lock_mode mode, const char* call) {
  if (would_wait(find(lock), mode)) return false;
  hold(lock, mode, call);
  return true;
}

void kapi_unlock(const void* lock, enum kapi_lock_mode mode, const char* call) {
  struct held* holder = find(lock);
  if (holder == NULL) {
    kapi_fault(NULL, "bugcheck", "%s of a lock that is not held", call);
    return;
  }
  const bool shared = mode == KAPI_SHARED || (mode == KAPI_RECURSIVE && holder->exclusive == 0);
  if ((shared ? holder->shared : holder->exclusive) == 0) {
    kapi_fault(NULL, "bugcheck", "%s of a lock that is held otherwise, taken by %s", call, holder->call);
    return;
  }
  if (shared) {
    --holder->shared;
  } else {
    --holder->exclusive;
  }
  if (holder->shared == 0 && holder->exclusive == 0) *holder = held[--num_held];
}

bool kapi_is_locked(const void* lock) { return find(lock) != NULL; }

bool kapi_is_locked_exclusively(const void* lock) {
  const struct held* holder = find(lock);
  return holder != NULL && holder->exclusive != 0;
}

const char* kapi_lock_within(const void* memory, size_t size) {
  for (size_t i = 0; i < num_held; ++i) {
    if ((uintptr_t)held[i].lock - (uintptr_t)memory < size) return held[i].call;
  }
  return NULL;
}

void kapi_forget_locks(void) {
  num_held = 0;
  level = KAPI_PASSIVE;
  atomic_depth = 0;
  kapi_forget_readers();
  kapi_forget_work();
}

void sluice_kernel_check_return(void) {
  if (num_held != 0) {
    kapi_fault(NULL, "bugcheck", "the driver returned with a lock held, taken by %s", held[num_held - 1].call);
  } else if (level != KAPI_PASSIVE) {
    kapi_fault(NULL, "bugcheck", "the driver returned at IRQL %u", level);
  } else if (atomic_depth != 0) {
    kapi_fault(NULL, "bugcheck", "the driver returned in a section in which it must not sleep");
  }
  kapi_forget_locks();
}
