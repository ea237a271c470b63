#include "fuzz/kernel_api/internal.h"
#include "fuzz/kernel_api/linux_visible.h"

enum { KERNEL_MEMORY = KAPI_SLAB | KAPI_VMALLOC };
#define VMALLOC_MAX_SIZE ((size_t)INT_MAX)

/* Null for no memory; ZERO_SIZE_PTR for none of it. */
static void* allocate(const char* call, enum kapi_family family, size_t size, gfp_t flags, const void* frame) {
  if ((flags & __GFP_DIRECT_RECLAIM) != 0) kapi_might_sleep(call);
  if (size == 0) return family == KAPI_SLAB ? ZERO_SIZE_PTR : NULL;
  if (size > (family == KAPI_SLAB ? KMALLOC_MAX_SIZE : VMALLOC_MAX_SIZE)) return NULL;
  return kapi_allocate(&(struct kapi_request){.call = call,
                                              .size = size,
                                              .family = family,
                                              .zero = (flags & __GFP_ZERO) != 0,
                                              .never_fails = (flags & __GFP_NOFAIL) != 0,
                                              .frame = frame});
}

static void release(const char* call, unsigned families, const void* memory, const void* frame) {
  if (ZERO_OR_NULL_PTR(memory)) return;
  kapi_free(memory, &(struct kapi_release){.call = call, .families = families, .frame = frame});
}

/* kvmalloc falls back to vmalloc for what kmalloc does not give. */
static enum kapi_family kv_family(size_t size) { return size <= KMALLOC_MAX_SIZE ? KAPI_SLAB : KAPI_VMALLOC; }

void* kapi_kmalloc(const char* call, size_t size, unsigned flags, const void* frame) {
  return allocate(call, KAPI_SLAB, size, flags, frame);
}

#define HERE __builtin_frame_address(0)

void* kmalloc(size_t size, gfp_t flags) { return allocate("kmalloc", KAPI_SLAB, size, flags, HERE); }
void* kzalloc(size_t size, gfp_t flags) { return allocate("kzalloc", KAPI_SLAB, size, flags | __GFP_ZERO, HERE); }
void* kcalloc(size_t count, size_t size, gfp_t flags) {
  return allocate("kcalloc", KAPI_SLAB, size_mul(count, size), flags | __GFP_ZERO, HERE);
}
void* kmalloc_array(size_t count, size_t size, gfp_t flags) {
  return allocate("kmalloc_array", KAPI_SLAB, size_mul(count, size), flags, HERE);
}
void kfree(const void* memory) { release("kfree", KAPI_SLAB, memory, HERE); }

void kfree_sensitive(const void* memory) {
  if (ZERO_OR_NULL_PTR(memory)) return;
  memset((void*)memory, 0, kapi_size(memory, "kfree_sensitive"));
  release("kfree_sensitive", KAPI_SLAB, memory, HERE);
}

size_t ksize(const void* memory) { return ZERO_OR_NULL_PTR(memory) ? 0 : kapi_size(memory, "ksize"); }

/* It always moves, so that whoever kept the old pointer is found. */
static void* reallocate(const char* call, const void* memory, size_t size, gfp_t flags, const void* frame) {
  if (size == 0) {
    release(call, KAPI_SLAB, memory, frame);
    return ZERO_SIZE_PTR;
  }
  void* moved = allocate(call, KAPI_SLAB, size, flags, frame);
  if (moved == NULL || ZERO_OR_NULL_PTR(memory)) return moved;
  const size_t old_size = kapi_size(memory, call);
  memcpy(moved, memory, old_size < size ? old_size : size);
  release(call, KAPI_SLAB, memory, frame);
  return moved;
}

void* krealloc(const void* memory, size_t size, gfp_t flags) {
  return reallocate("krealloc", memory, size, flags, HERE);
}
void* krealloc_array(void* memory, size_t count, size_t size, gfp_t flags) {
  return reallocate("krealloc_array", memory, size_mul(count, size), flags, HERE);
}

void* kvmalloc(size_t size, gfp_t flags) { return allocate("kvmalloc", kv_family(size), size, flags, HERE); }
void* kvzalloc(size_t size, gfp_t flags) {
  return allocate("kvzalloc", kv_family(size), size, flags | __GFP_ZERO, HERE);
}
void* kvcalloc(size_t count, size_t size, gfp_t flags) {
  const size_t bytes = size_mul(count, size);
  return allocate("kvcalloc", kv_family(bytes), bytes, flags | __GFP_ZERO, HERE);
}
void* kvmalloc_array(size_t count, size_t size, gfp_t flags) {
  const size_t bytes = size_mul(count, size);
  return allocate("kvmalloc_array", kv_family(bytes), bytes, flags, HERE);
}
void kvfree(const void* memory) { release("kvfree", KERNEL_MEMORY, memory, HERE); }

void* vmalloc(unsigned long size) { return allocate("vmalloc", KAPI_VMALLOC, size, GFP_KERNEL, HERE); }
void* vzalloc(unsigned long size) { return allocate("vzalloc", KAPI_VMALLOC, size, GFP_KERNEL | __GFP_ZERO, HERE); }
void vfree(const void* memory) { release("vfree", KAPI_VMALLOC, memory, HERE); }

/* ---- Copies ------------------------------------------------------------------------------------------------------ */

static void* copy(void* to, const void* from, size_t size) { return to != NULL ? memcpy(to, from, size) : NULL; }

static char* copy_text(char* to, const char* from, size_t size) {
  if (to == NULL) return NULL;
  memcpy(to, from, size);
  to[size] = '\0';
  return to;
}

char* kstrdup(const char* text, gfp_t flags) {
  if (text == NULL) return NULL;
  const size_t size = strlen(text);
  return copy_text(allocate("kstrdup", KAPI_SLAB, size + 1, flags, HERE), text, size);
}

char* kstrndup(const char* text, size_t limit, gfp_t flags) {
  if (text == NULL) return NULL;
  const size_t size = strnlen(text, limit);
  return copy_text(allocate("kstrndup", KAPI_SLAB, size + 1, flags, HERE), text, size);
}

char* kmemdup_nul(const char* text, size_t size, gfp_t flags) {
  if (text == NULL) return NULL;
  return copy_text(allocate("kmemdup_nul", KAPI_SLAB, size_add(size, 1), flags, HERE), text, size);
}

void* kmemdup(const void* from, size_t size, gfp_t flags) {
  return copy(allocate("kmemdup", KAPI_SLAB, size, flags, HERE), from, size);
}

void* kvmemdup(const void* from, size_t size, gfp_t flags) {
  return copy(allocate("kvmemdup", kv_family(size), size, flags, HERE), from, size);
}

/* ---- Caches: each object is fresh, so that none hides a use of what was freed ---------------------------------------
 */

struct kmem_cache {
  unsigned int size;
  void (*constructor)(void*);
};

struct kmem_cache* kmem_cache_create(const char* name, unsigned int size, unsigned int align, unsigned int flags,
                                     void (*constructor)(void*)) {
  (void)name;
  (void)align;
  (void)flags;
  struct kmem_cache* cache = allocate("kmem_cache_create", KAPI_SLAB, sizeof *cache, GFP_KERNEL, HERE);
  if (cache != NULL) *cache = (struct kmem_cache){.size = size, .constructor = constructor};
  return cache;
}

void kmem_cache_destroy(struct kmem_cache* cache) { release("kmem_cache_destroy", KAPI_SLAB, cache, HERE); }

static void* construct(const struct kmem_cache* cache, void* object) {
  if (object != NULL && cache->constructor != NULL) cache->constructor(object);
  return object;
}

void* kmem_cache_alloc(struct kmem_cache* cache, gfp_t flags) {
  return construct(cache, allocate("kmem_cache_alloc", KAPI_SLAB, cache->size, flags, HERE));
}
void* kmem_cache_zalloc(struct kmem_cache* cache, gfp_t flags) {
  return construct(cache, allocate("kmem_cache_zalloc", KAPI_SLAB, cache->size, flags | __GFP_ZERO, HERE));
}
void kmem_cache_free(struct kmem_cache* cache, void* memory) {
  (void)cache;
  release("kmem_cache_free", KAPI_SLAB, memory, HERE);
}
