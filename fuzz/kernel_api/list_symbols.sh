#!/usr/bin/env bash
# list_symbols.sh NM LIBRARY OUTPUT: what the worker offers to replicas, one name a line.
set -euo pipefail

{
  "$1" --defined-only --extern-only --format=posix "$2" | awk 'NF > 1 && $1 !~ /^(kapi|sluice)_/ { print $1 }'
  printf '%s\n' sluice_reached sluice_guard_array \
    sluice_image_symbol sluice_image_find sluice_image_call sluice_image_on_call
} | LC_ALL=C sort -u >"$3"
