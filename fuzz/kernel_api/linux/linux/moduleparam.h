#ifndef SLUICE_LINUX_MODULEPARAM_H
#define SLUICE_LINUX_MODULEPARAM_H

#define module_param(name, type, permissions) _Static_assert(sizeof(name) != 0, #name)
#define module_param_named(name, variable, type, permissions) _Static_assert(sizeof(variable) != 0, #name)
#define MODULE_PARM_DESC(name, text) _Static_assert(1, text)

#endif
