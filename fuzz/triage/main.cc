// sluice-triage: makes sentences of faults (docs/triage.md). `sluice triage` starts it.
#include <cstdio>

int main() {
  std::fputs("sluice-triage: not there yet\n", stderr);
  return 2;
}
