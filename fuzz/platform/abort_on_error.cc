// UndefinedBehaviorSanitizer ends a process with exit(1). libFuzzer is told of that; AFL++ takes nothing but a signal
// for a crash, and the platform's UBSAN_OPTIONS, which override this, do not ask for one.
extern "C" {
__attribute__((weak)) void __afl_manual_init();
const char* __ubsan_default_options();
const char* __ubsan_default_options() { return __afl_manual_init != nullptr ? "abort_on_error=1" : ""; }
}
