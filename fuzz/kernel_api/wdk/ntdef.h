/* Basic types, as the WDK has them: sizes are those of 64-bit Windows on every target, so a replica and a `.sys` read
 * content alike. `unsigned long` would be 8 bytes on Linux; ULONG is an int therefore.
 *
 * Needs nothing but the compiler. Wide literals must be 16 bits wide: -fshort-wchar where the target is not Windows. */
#ifndef SLUICE_WDK_NTDEF_H
#define SLUICE_WDK_NTDEF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "sal.h"

_Static_assert(sizeof(L' ') == 2, "WDK-style source needs -fshort-wchar; sluice-cc --wdk passes it");

/* ---- Words ------------------------------------------------------------------------------------------------------- */

#ifdef _WIN32
#define NTSYSAPI __declspec(dllimport)
#define NTAPI __stdcall
#define FASTCALL __fastcall
#else
#define NTSYSAPI
#define NTAPI
#define FASTCALL
#define __cdecl
#define __stdcall
#define __fastcall
#endif
#define NTKERNELAPI NTSYSAPI
#define NTHALAPI NTSYSAPI
#define DECLSPEC_IMPORT NTSYSAPI
#define DECLSPEC_NORETURN __attribute__((noreturn))
#define DECLSPEC_NOINLINE __attribute__((noinline))
#define DECLSPEC_ALIGN(bytes) __attribute__((aligned(bytes)))
#define DECLSPEC_CACHEALIGN DECLSPEC_ALIGN(64)
#define FORCEINLINE static inline __attribute__((always_inline, unused))
#define CFORCEINLINE FORCEINLINE
#define UNALIGNED __attribute__((aligned(1)))
#define RESTRICTED_POINTER __restrict

#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define VOID void
#define TRUE 1
#define FALSE 0
#define EXTERN_C_START
#define EXTERN_C_END
#define EXTERN_C extern

#define ANYSIZE_ARRAY 1
#define MAXUSHORT 0xffff
#define MAXULONG 0xffffffffu
#define MAXULONGLONG (~0ull)
#define MAXLONG 0x7fffffff
#define MAXSIZE_T ((SIZE_T) ~(SIZE_T)0)
#define MAX_PATH 260

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

typedef char CHAR, CCHAR, *PCHAR, *PCH;
typedef const char* PCCH;
typedef signed char SCHAR;
typedef unsigned char UCHAR, *PUCHAR, BYTE, *PBYTE, BOOLEAN, *PBOOLEAN;
typedef const UCHAR* PCUCHAR;
typedef short SHORT, *PSHORT, CSHORT;
typedef unsigned short USHORT, *PUSHORT, WORD;
typedef const USHORT* PCUSHORT;
typedef int INT, *PINT, LONG, *PLONG, BOOL;
typedef unsigned int UINT, *PUINT, ULONG, *PULONG, DWORD;
typedef const ULONG* PCULONG;
typedef long long LONGLONG, *PLONGLONG, LONG64, *PLONG64;
typedef unsigned long long ULONGLONG, *PULONGLONG, ULONG64, *PULONG64, DWORD64, QWORD;
typedef int8_t INT8, *PINT8;
typedef int16_t INT16, *PINT16;
typedef int32_t INT32, *PINT32, LONG32;
typedef long long INT64, *PINT64;
typedef uint8_t UINT8, *PUINT8;
typedef uint16_t UINT16, *PUINT16;
typedef uint32_t UINT32, *PUINT32, ULONG32;
typedef unsigned long long UINT64, *PUINT64;
typedef intptr_t INT_PTR, LONG_PTR, *PLONG_PTR, SSIZE_T;
typedef uintptr_t UINT_PTR, ULONG_PTR, *PULONG_PTR;
typedef size_t SIZE_T, *PSIZE_T;
typedef uintptr_t KAFFINITY;
#ifndef _WIN32
typedef long long __int64;
#endif

typedef uint16_t WCHAR, *PWCHAR, *PWCH, *PWSTR, *LPWSTR;
typedef const WCHAR *PCWCH, *PCWSTR, *LPCWSTR;
typedef char *PSTR, *PSZ;
typedef const char *PCSTR, *PCSZ;

typedef void *PVOID, *HANDLE, **PHANDLE;
typedef const void* PCVOID;
typedef LONG NTSTATUS, *PNTSTATUS;
typedef UCHAR KIRQL, *PKIRQL;
typedef CCHAR KPROCESSOR_MODE;
typedef ULONG ACCESS_MASK;
typedef LONG KPRIORITY;

typedef union _LARGE_INTEGER {
  struct {
    ULONG LowPart;
    LONG HighPart;
  };
  struct {
    ULONG LowPart;
    LONG HighPart;
  } u;
  LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
  struct {
    ULONG LowPart;
    ULONG HighPart;
  };
  struct {
    ULONG LowPart;
    ULONG HighPart;
  } u;
  ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _GUID {
  ULONG Data1;
  USHORT Data2;
  USHORT Data3;
  UCHAR Data4[8];
} GUID, *PGUID;
typedef const GUID* LPCGUID;

typedef struct _LUID {
  ULONG LowPart;
  LONG HighPart;
} LUID, *PLUID;

#define NT_SUCCESS(status) (((NTSTATUS)(status)) >= 0)
#define NT_INFORMATION(status) ((((ULONG)(status)) >> 30) == 1)
#define NT_WARNING(status) ((((ULONG)(status)) >> 30) == 2)
#define NT_ERROR(status) ((((ULONG)(status)) >> 30) == 3)

/* ---- Strings: Length and MaximumLength count bytes --------------------------------------------------------------- */

typedef struct _UNICODE_STRING {
  USHORT Length;
  USHORT MaximumLength;
  PWCH Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING* PCUNICODE_STRING;

typedef struct _STRING {
  USHORT Length;
  USHORT MaximumLength;
  PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING, UTF8_STRING, *PUTF8_STRING;
typedef const STRING *PCSTRING, *PCANSI_STRING, *PCUTF8_STRING;

#define UNICODE_NULL ((WCHAR)0)
#define ANSI_NULL ((CHAR)0)
#define UNICODE_STRING_MAX_BYTES ((USHORT)65534)
#define UNICODE_STRING_MAX_CHARS 32767
#define RTL_CONSTANT_STRING(literal) {sizeof(literal) - sizeof((literal)[0]), sizeof(literal), (void*)(literal)}
#define DECLARE_CONST_UNICODE_STRING(name, literal) \
  static const WCHAR name##_buffer[] = literal;     \
  static const UNICODE_STRING name = {sizeof(literal) - sizeof(WCHAR), sizeof(literal), (PWCH)name##_buffer}
#define DECLARE_UNICODE_STRING_SIZE(name, characters) \
  WCHAR name##_buffer[characters];                    \
  UNICODE_STRING name = {0, (characters) * sizeof(WCHAR), name##_buffer}

/* ---- Lists and layout -------------------------------------------------------------------------------------------- */

typedef struct _LIST_ENTRY {
  struct _LIST_ENTRY* Flink;
  struct _LIST_ENTRY* Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
  struct _SINGLE_LIST_ENTRY* Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#define UFIELD_OFFSET(type, field) ((ULONG)offsetof(type, field))
#define RTL_FIELD_SIZE(type, field) (sizeof(((type*)0)->field))
#define RTL_SIZEOF_THROUGH_FIELD(type, field) (offsetof(type, field) + RTL_FIELD_SIZE(type, field))
#define CONTAINING_RECORD(address, type, field) ((type*)((PCHAR)(address) - offsetof(type, field)))
#define RTL_NUMBER_OF(array) (sizeof(array) / sizeof((array)[0]))
#define ARRAYSIZE(array) RTL_NUMBER_OF(array)
#define TYPE_ALIGNMENT(type) _Alignof(type)

#define UNREFERENCED_PARAMETER(name) ((void)(name))
#define DBG_UNREFERENCED_PARAMETER(name) ((void)(name))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(name) ((void)(name))

#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif

#include "ntstatus.h"

#endif
