#ifndef SLUICE_LINUX_SLAB_H
#define SLUICE_LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/overflow.h>

#define KMALLOC_MAX_SIZE (1UL << 22)
#define ZERO_SIZE_PTR ((void*)16)
#define ZERO_OR_NULL_PTR(pointer) ((unsigned long)(pointer) <= (unsigned long)ZERO_SIZE_PTR)

void* kmalloc(size_t size, gfp_t flags);
void* kzalloc(size_t size, gfp_t flags);
void* kcalloc(size_t count, size_t size, gfp_t flags);
void* kmalloc_array(size_t count, size_t size, gfp_t flags);
void* krealloc(const void* memory, size_t size, gfp_t flags);
void* krealloc_array(void* memory, size_t count, size_t size, gfp_t flags);
void kfree(const void* memory);
void kfree_sensitive(const void* memory);
size_t ksize(const void* memory);
#define kzfree kfree_sensitive

void* kvmalloc(size_t size, gfp_t flags);
void* kvzalloc(size_t size, gfp_t flags);
void* kvcalloc(size_t count, size_t size, gfp_t flags);
void* kvmalloc_array(size_t count, size_t size, gfp_t flags);
void kvfree(const void* memory);
#define kmalloc_node(size, flags, node) kmalloc(size, flags)
#define kzalloc_node(size, flags, node) kzalloc(size, flags)

struct kmem_cache;
#define SLAB_HWCACHE_ALIGN 0x2000u
#define SLAB_PANIC 0x40000u
#define SLAB_ACCOUNT 0x4000000u
struct kmem_cache* kmem_cache_create(const char* name, unsigned int size, unsigned int align, unsigned int flags,
                                     void (*constructor)(void*));
void kmem_cache_destroy(struct kmem_cache* cache);
void* kmem_cache_alloc(struct kmem_cache* cache, gfp_t flags);
void* kmem_cache_zalloc(struct kmem_cache* cache, gfp_t flags);
void kmem_cache_free(struct kmem_cache* cache, void* memory);
#define KMEM_CACHE(type, flags) kmem_cache_create(#type, sizeof(struct type), _Alignof(struct type), (flags), NULL)

#endif
