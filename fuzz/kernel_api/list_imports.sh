#!/usr/bin/env bash
# list_imports.sh SYMBOLS LIBRARY OUTPUT: C source of the table behind imports.h: what replicas may call, and what code
# that was compiled for a kernel finds in it under the names of the C library.
set -euo pipefail

names=$(cat "$1" "$2" | grep -v -e '^#' -e '^sluice_' -e '^$' | LC_ALL=C sort -u)
{
  echo '#include "fuzz/kernel_api/imports.h"'
  while read -r name; do printf 'extern char %s[];\n' "$name"; done <<<"$names"
  echo 'const struct sluice_kernel_import sluice_kernel_imports[] = {'
  while read -r name; do printf '  {"%s", %s},\n' "$name" "$name"; done <<<"$names"
  echo '};'
  printf 'const size_t sluice_num_kernel_imports = %s;\n' "$(wc -l <<<"$names")"
} >"$3"
