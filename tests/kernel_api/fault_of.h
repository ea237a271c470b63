/* Runs what a driver does, up to its first fault. */
#ifndef SLUICE_TESTS_KERNEL_API_FAULT_OF_H
#define SLUICE_TESTS_KERNEL_API_FAULT_OF_H

#include <csetjmp>
#include <string>

#include "fuzz/kernel_api/control.h"

/* "kind: text", or "" where nothing was wrong. What a driver left locked or raised is forgotten. */
inline std::string fault_of(void (*act)()) {
  static std::jmp_buf leave;
  static char fault[600];
  fault[0] = '\0';
  sluice_kernel_on_fault([](const char* kind, const char* text) {
    snprintf(fault, sizeof fault, "%s: %s", kind, text);
    std::longjmp(leave, 1);
  });
  if (setjmp(leave) == 0) act();
  sluice_kernel_on_fault(nullptr);
  sluice_kernel_begin();
  return fault;
}

#endif
