/* Of a minifilter only what a content interpreter inside it uses: push locks and pool. */
#ifndef SLUICE_WDK_FLTKERNEL_H
#define SLUICE_WDK_FLTKERNEL_H

#include "ntifs.h"

#ifdef _WIN32
#define FLTAPI __stdcall
VOID FLTAPI FltInitializePushLock(PEX_PUSH_LOCK PushLock);
VOID FLTAPI FltDeletePushLock(PEX_PUSH_LOCK PushLock);
VOID FLTAPI FltAcquirePushLockExclusive(PEX_PUSH_LOCK PushLock);
VOID FLTAPI FltAcquirePushLockShared(PEX_PUSH_LOCK PushLock);
VOID FLTAPI FltReleasePushLock(PEX_PUSH_LOCK PushLock);
#else
#define FLTAPI
VOID FltReleasePushLock(PEX_PUSH_LOCK PushLock);
#define FltInitializePushLock ExInitializePushLock
#define FltDeletePushLock(lock) ((void)(lock))
#define FltAcquirePushLockExclusive ExAcquirePushLockExclusive
#define FltAcquirePushLockShared ExAcquirePushLockShared
#endif

#endif
