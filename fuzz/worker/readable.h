// Reading memory that may not be there, in the child.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <cstdint>

namespace sluice::worker {

// Copies until the first byte that cannot be read; returns how many were copied. Looks at no shadow.
std::size_t copy_readable(void* to, const void* from, std::size_t size);

// Copies a text that ends at a NUL or at what cannot be read, and ends it at `size` - 1 at the latest.
void copy_text(char* to, std::size_t size, const char* from);

template <std::size_t N>
void copy_text(char (&to)[N], const char* from) {
  copy_text(to, N, from);
}

// For the signal handler: if the fault is copy_readable's, lets it return. False if it is somebody else's.
bool resume_copy(ucontext_t& context);

}  // namespace sluice::worker
