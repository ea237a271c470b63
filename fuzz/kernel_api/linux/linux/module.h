#ifndef SLUICE_LINUX_MODULE_H
#define SLUICE_LINUX_MODULE_H

#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>

struct module;
#define THIS_MODULE ((struct module*)0)
#define KBUILD_MODNAME "replica"
#define MODULE_LICENSE(text) _Static_assert(1, text)
#define MODULE_AUTHOR(text) _Static_assert(1, text)
#define MODULE_DESCRIPTION(text) _Static_assert(1, text)
#define MODULE_VERSION(text) _Static_assert(1, text)
#define MODULE_ALIAS(text) _Static_assert(1, text)
#define MODULE_FIRMWARE(text) _Static_assert(1, text)
#define try_module_get(module) ((void)(module), true)
#define module_put(module) ((void)(module))

#endif
