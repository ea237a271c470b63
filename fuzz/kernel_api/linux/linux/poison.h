/* What the pointers of an entry are after list_del: no address on x86-64, so that following one faults. */
#ifndef SLUICE_LINUX_POISON_H
#define SLUICE_LINUX_POISON_H

#define LIST_POISON1 ((void*)0xdead000000000100)
#define LIST_POISON2 ((void*)0xdead000000000122)

#endif
