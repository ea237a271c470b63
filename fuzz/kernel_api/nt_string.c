#include "fuzz/kernel_api/internal.h"
#include "fuzz/kernel_api/wdk_visible.h"

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

SIZE_T NTAPI RtlCompareMemory(const VOID* Source1, const VOID* Source2, SIZE_T Length) {
  const UCHAR* a = Source1;
  const UCHAR* b = Source2;
  SIZE_T equal = 0;
  while (equal < Length && a[equal] == b[equal]) ++equal;
  return equal;
}

/* ---- Case: the alphabets of Europe; all other characters stand for themselves ---------------------------------------
 */

static bool in(WCHAR character, WCHAR first, WCHAR last) { return character >= first && character <= last; }

WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR SourceCharacter) {
  const WCHAR c = SourceCharacter;
  if (c < 0x80) return (WCHAR)(in(c, 'a', 'z') ? c - 0x20 : c);
  if (c < 0x100) return (WCHAR)(c == 0xFF ? 0x178 : in(c, 0xE0, 0xFE) && c != 0xF7 ? c - 0x20 : c);
  if (in(c, 0x130, 0x131)) return c;
  if (in(c, 0x100, 0x137) || in(c, 0x14A, 0x177) || in(c, 0x460, 0x481)) return (WCHAR)(c & ~1);
  if (in(c, 0x139, 0x148) || in(c, 0x179, 0x17E)) return (WCHAR)((c & 1) == 0 ? c - 1 : c);
  if (c == 0x3AC) return 0x386;
  if (in(c, 0x3AD, 0x3AF)) return (WCHAR)(c - 0x25);
  if (c == 0x3C2) return 0x3A3;
  if (in(c, 0x3B1, 0x3CB) || in(c, 0x430, 0x44F) || in(c, 0xFF41, 0xFF5A)) return (WCHAR)(c - 0x20);
  if (c == 0x3CC) return 0x38C;
  if (in(c, 0x3CD, 0x3CE)) return (WCHAR)(c - 0x3F);
  if (in(c, 0x450, 0x45F)) return (WCHAR)(c - 0x50);
  if (in(c, 0x561, 0x586)) return (WCHAR)(c - 0x30);
  return c;
}

WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR SourceCharacter) {
  static const int distances[] = {0x20, 0x01, 0x50, 0x30, 0x25, 0x26, 0x3F, 0x40, -0x79};
  for (size_t i = 0; i < RTL_NUMBER_OF(distances); ++i) {
    const WCHAR lower = (WCHAR)(SourceCharacter + distances[i]);
    if (RtlUpcaseUnicodeChar(lower) == SourceCharacter) return lower;
  }
  return SourceCharacter;
}

CHAR NTAPI RtlUpperChar(CHAR Character) {
  return (CHAR)(Character >= 'a' && Character <= 'z' ? Character - 0x20 : Character);
}

/* ---- UNICODE_STRING ---------------------------------------------------------------------------------------------- */

static size_t units(PCUNICODE_STRING string) { return string->Length / sizeof(WCHAR); }

static size_t wide_length(PCWSTR text) {
  size_t length = 0;
  while (text[length] != UNICODE_NULL) ++length;
  return length;
}

static LONG compare_units(PCWCH a, PCWCH b, size_t count, BOOLEAN insensitive) {
  for (size_t i = 0; i < count; ++i) {
    const LONG difference = insensitive ? RtlUpcaseUnicodeChar(a[i]) - RtlUpcaseUnicodeChar(b[i]) : a[i] - b[i];
    if (difference != 0) return difference;
  }
  return 0;
}

VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString) {
  size_t size = SourceString != NULL ? wide_length(SourceString) * sizeof(WCHAR) : 0;
  if (size > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR)) size = UNICODE_STRING_MAX_BYTES - sizeof(WCHAR);
  DestinationString->Length = (USHORT)size;
  DestinationString->MaximumLength = SourceString != NULL ? (USHORT)(size + sizeof(WCHAR)) : 0;
  DestinationString->Buffer = (PWCH)SourceString;
}

NTSTATUS NTAPI RtlInitUnicodeStringEx(PUNICODE_STRING DestinationString, PCWSTR SourceString) {
  *DestinationString = (UNICODE_STRING){0};
  if (SourceString != NULL && wide_length(SourceString) >= UNICODE_STRING_MAX_CHARS) return STATUS_NAME_TOO_LONG;
  RtlInitUnicodeString(DestinationString, SourceString);
  return STATUS_SUCCESS;
}

LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive) {
  const size_t common = min(units(String1), units(String2));
  const LONG difference = compare_units(String1->Buffer, String2->Buffer, common, CaseInSensitive);
  return difference != 0 ? difference : String1->Length - String2->Length;
}

BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive) {
  return String1->Length == String2->Length &&
         compare_units(String1->Buffer, String2->Buffer, units(String1), CaseInSensitive) == 0;
}

BOOLEAN NTAPI RtlPrefixUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive) {
  return String1->Length <= String2->Length &&
         compare_units(String1->Buffer, String2->Buffer, units(String1), CaseInSensitive) == 0;
}

BOOLEAN NTAPI RtlSuffixUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive) {
  return String1->Length <= String2->Length &&
         compare_units(String1->Buffer, String2->Buffer + (units(String2) - units(String1)), units(String1),
                       CaseInSensitive) == 0;
}

VOID NTAPI RtlCopyUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString) {
  USHORT size = SourceString != NULL ? SourceString->Length : 0;
  if (size > DestinationString->MaximumLength) size = DestinationString->MaximumLength;
  DestinationString->Length = size;
  if (size != 0) RtlMoveMemory(DestinationString->Buffer, SourceString->Buffer, size);
  if ((unsigned)size + sizeof(WCHAR) <= DestinationString->MaximumLength) {
    DestinationString->Buffer[size / sizeof(WCHAR)] = UNICODE_NULL;
  }
}

NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source) {
  if (Source->Length > Destination->MaximumLength - Destination->Length) return STATUS_BUFFER_TOO_SMALL;
  if (Source->Length == 0) return STATUS_SUCCESS;
  RtlMoveMemory(Destination->Buffer + units(Destination), Source->Buffer, Source->Length);
  Destination->Length = (USHORT)(Destination->Length + Source->Length);
  if (Destination->MaximumLength - Destination->Length >= (int)sizeof(WCHAR)) {
    Destination->Buffer[units(Destination)] = UNICODE_NULL;
  }
  return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source) {
  if (Source == NULL) return STATUS_SUCCESS;
  UNICODE_STRING source;
  const NTSTATUS status = RtlInitUnicodeStringEx(&source, Source);
  return NT_SUCCESS(status) ? RtlAppendUnicodeStringToString(Destination, &source) : STATUS_BUFFER_TOO_SMALL;
}

NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                      BOOLEAN AllocateDestinationString) {
  if (AllocateDestinationString) {
    DestinationString->Buffer = kapi_allocate(&(struct kapi_request){.call = "RtlUpcaseUnicodeString",
                                                                     .size = SourceString->Length,
                                                                     .tag = 'grtS',
                                                                     .family = KAPI_POOL,
                                                                     .paged = true,
                                                                     .frame = __builtin_frame_address(0)});
    if (DestinationString->Buffer == NULL) return STATUS_NO_MEMORY;
    DestinationString->MaximumLength = SourceString->Length;
  } else if (SourceString->Length > DestinationString->MaximumLength) {
    return STATUS_BUFFER_OVERFLOW;
  }
  for (size_t i = 0; i < units(SourceString); ++i) {
    DestinationString->Buffer[i] = RtlUpcaseUnicodeChar(SourceString->Buffer[i]);
  }
  DestinationString->Length = SourceString->Length;
  return STATUS_SUCCESS;
}

VOID NTAPI RtlFreeUnicodeString(PUNICODE_STRING UnicodeString) {
  if (UnicodeString->Buffer == NULL) return;
  kapi_free(UnicodeString->Buffer,
            &(struct kapi_release){"RtlFreeUnicodeString", 0, KAPI_POOL, __builtin_frame_address(0)});
  *UnicodeString = (UNICODE_STRING){0};
}

NTSTATUS NTAPI RtlHashUnicodeString(PCUNICODE_STRING String, BOOLEAN CaseInSensitive, ULONG HashAlgorithm,
                                    PULONG HashValue) {
  if (String == NULL || HashValue == NULL || HashAlgorithm > HASH_STRING_ALGORITHM_X65599) {
    return STATUS_INVALID_PARAMETER;
  }
  ULONG hash = 0;
  for (size_t i = 0; i < units(String); ++i) {
    hash = hash * 65599u + (CaseInSensitive ? RtlUpcaseUnicodeChar(String->Buffer[i]) : String->Buffer[i]);
  }
  *HashValue = hash;
  return STATUS_SUCCESS;
}

/* ---- STRING ------------------------------------------------------------------------------------------------------ */

VOID NTAPI RtlInitString(PSTRING DestinationString, PCSZ SourceString) {
  size_t size = SourceString != NULL ? strlen(SourceString) : 0;
  if (size > MAXUSHORT - 1) size = MAXUSHORT - 1;
  DestinationString->Length = (USHORT)size;
  DestinationString->MaximumLength = SourceString != NULL ? (USHORT)(size + 1) : 0;
  DestinationString->Buffer = (PCHAR)SourceString;
}

VOID NTAPI RtlInitAnsiString(PANSI_STRING DestinationString, PCSZ SourceString) {
  RtlInitString(DestinationString, SourceString);
}

LONG NTAPI RtlCompareString(const STRING* String1, const STRING* String2, BOOLEAN CaseInSensitive) {
  for (size_t i = 0; i < min(String1->Length, String2->Length); ++i) {
    const UCHAR a = (UCHAR)(CaseInSensitive ? RtlUpperChar(String1->Buffer[i]) : String1->Buffer[i]);
    const UCHAR b = (UCHAR)(CaseInSensitive ? RtlUpperChar(String2->Buffer[i]) : String2->Buffer[i]);
    if (a != b) return a - b;
  }
  return String1->Length - String2->Length;
}

BOOLEAN NTAPI RtlEqualString(const STRING* String1, const STRING* String2, BOOLEAN CaseInSensitive) {
  return String1->Length == String2->Length && RtlCompareString(String1, String2, CaseInSensitive) == 0;
}
