#ifndef SLUICE_WDK_NTIFS_H
#define SLUICE_WDK_NTIFS_H

#include "ntddk.h"

/* `*` and `?`, and the DOS wildcards `<`, `>` and `"`. With IgnoreCase the expression is in capitals already. */
NTKERNELAPI BOOLEAN NTAPI FsRtlIsNameInExpression(PUNICODE_STRING Expression, PUNICODE_STRING Name, BOOLEAN IgnoreCase,
                                                  PWCH UpcaseTable);
NTKERNELAPI BOOLEAN NTAPI FsRtlDoesNameContainWildCards(PUNICODE_STRING Name);

#endif
