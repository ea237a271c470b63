// What every harness asks of its sanitizers; ASAN_OPTIONS overrides it. Reports do without the stacks of allocations,
// which would cost half of the executions: run a failing input again with malloc_context_size=30 to see them.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "malloc_context_size=0:quarantine_size_mb=16"; }
