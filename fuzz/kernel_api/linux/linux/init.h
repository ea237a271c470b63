/* module_init names what the kernel would call; an adapter calls init_module() and cleanup_module(). */
#ifndef SLUICE_LINUX_INIT_H
#define SLUICE_LINUX_INIT_H

#include <linux/compiler.h>

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);
#define module_init(function) int init_module(void) __attribute__((__alias__(#function)))
#define module_exit(function) void cleanup_module(void) __attribute__((__alias__(#function)))
int init_module(void);
void cleanup_module(void);

#endif
