/* What sluice offers the adapter of an image: a driver that is the shipped binary, a `.sys` or a `.ko`, in place of its
 * source. The adapter is compiled alone, by `sluice-cc --image`, and calls the driver by the names in its file:
 *
 *   static struct sluice_result load(const void* content, size_t size) {
 *     return result_of(sluice_image_call(sluice_image_symbol("SensorLoad"), 2, content, size));
 *   }
 *
 * The same adapter serves a driver's builds for x86-64, which run natively, and for AArch64, which are emulated. Memory
 * has the same addresses on both sides. Structures that are passed in are laid out as the driver's compiler does.
 *
 * An import is served by what the adapter defines under the name sluice_import_NAME, else by sluice's own stand-in for
 * the kernel's NAME, else by nothing: calling it ends the run with a report that names it. Functions of the adapter
 * have the C compiler's ordinary calling convention; sluice converts. They get at most 12 arguments, none of them a
 * float or a structure larger than 8 bytes. Of a variable the image gets a copy as it is when the image is loaded.
 */
#ifndef SLUICE_IMAGE_H
#define SLUICE_IMAGE_H

#include "fuzz/target/target.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The address of a function or a variable: an export, a symbol of the module's or the PDB's, "+0x1234", an offset from
 * the image's begin, or "@entry", the entry point of a `.sys`. Never null: a name that the image does not have ends the
 * run with a report that says so. Looking up takes time; an adapter does it once. */
void* sluice_image_symbol(const char* name);

/* The same; null where the image has no such name. */
void* sluice_image_find(const char* name);

/* Calls a function of the image, with the image's calling convention. `count`, at most 12, says how many arguments
 * follow: pointers and integers. Returns what is in the register for results: of a `bool` or an `int` only the low bits
 * mean something. */
uint64_t sluice_image_call(void* function, unsigned count, ...);

/* Has `callback` called each time that the image comes to this function's begin, with its first six arguments, which
 * the callback may change. Nothing that the callback does may fault, or call the image. To hand the interpreter an
 * array that ends at a guard page:
 *
 *   static void on_interpret(uint64_t* arguments) {
 *     arguments[2] = (uint64_t)sluice_guard_array("inputs", (uint32_t)arguments[1], (void*)arguments[2], 8);
 *   }
 *   ...
 *   sluice_image_on_call(sluice_image_symbol("sensor_interpret"), on_interpret);
 *
 * A function whose first instruction cannot be moved ends the run with a report that says so. */
void sluice_image_on_call(void* function, void (*callback)(uint64_t arguments[6]));

#ifdef __cplusplus
}
#endif

#endif
