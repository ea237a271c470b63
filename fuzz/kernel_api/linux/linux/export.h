#ifndef SLUICE_LINUX_EXPORT_H
#define SLUICE_LINUX_EXPORT_H

#define EXPORT_SYMBOL(name) _Static_assert(1, #name)
#define EXPORT_SYMBOL_GPL(name) _Static_assert(1, #name)

#endif
