#!/usr/bin/env python3
"""What sluice-cc makes, what it refuses, and that a refusal leaves nothing behind.

    sluice_cc_test.py SLUICE_CC CLANG
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SLUICE_CC, CLANG = (str(pathlib.Path(path).absolute()) for path in sys.argv[1:3])
SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "fuzz/target/sluice-cc"

ADAPTER = """
#include "fuzz/target/target.h"
int interpret(int value);
static struct sluice_result load(const void* content, size_t size) {
  (void)content;
  return (struct sluice_result){interpret((int)size) != 0 ? SLUICE_REFUSED : SLUICE_ACCEPTED, 0};
}
const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {SLUICE_TARGET_VERSION, "test", load, 0, 0, 0};
  return &target;
}
"""
WDK = """
#include <ntddk.h>
int interpret(int value) {
  PVOID memory = ExAllocatePool2(POOL_FLAG_PAGED, 8, 'tseT');
  if (memory != NULL) ExFreePoolWithTag(memory, 'tseT');
  UNICODE_STRING text = RTL_CONSTANT_STRING(L"abc");
  return value + text.Length;
}
"""
LINUX = """
#include <linux/firmware.h>
#include <linux/slab.h>
int interpret(int value) {
  void* memory = kzalloc(8, GFP_KERNEL);
  kfree(memory);
  return value;
}
"""
WRAP = "int __real_interpret(int);\nint __wrap_interpret(int value) { return __real_interpret(value); }\n"


class SluiceCc(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def cc(self, *options, script=SLUICE_CC, compiler=CLANG, **files):
        """Exit code, standard error, and what lies in the folder that was not put there."""
        names = []
        for name, text in files.items():
            (self.folder / f"{name}.c").write_text(text)
            names.append(f"{name}.c")
        done = subprocess.run([script, "-o", "out.so", *options, *names], cwd=self.folder, text=True,
                              capture_output=True, env=os.environ | {"SLUICE_CLANG": compiler})
        made = sorted(path.name for path in self.folder.iterdir() if path.name not in names)
        return done.returncode, done.stderr, made

    def refuses(self, expected, *options, **files):
        (self.folder / "out.so").write_text("of an earlier run")
        code, messages, made = self.cc(*options, **files)
        self.assertEqual((2, []), (code, made), messages)
        self.assertIn(expected, messages)
        self.assertNotIn(str(SCRIPT.parents[2]), "".join(line for line in messages.splitlines() if "sluice-cc" in line))

    def test_makes_replicas(self):
        self.assertEqual((0, "", ["out.so"]), self.cc(driver=WDK, adapter=ADAPTER))
        self.assertEqual((0, "", ["out.so"]), self.cc("--linux", driver=LINUX, adapter=ADAPTER))
        self.assertEqual((0, "", ["out.so"]), self.cc("--plain", driver=WDK, adapter=ADAPTER))
        self.assertNotIn(b"__asan_init", (self.folder / "out.so").read_bytes())
        self.assertEqual((0, "", ["out.so"]), self.cc("--wrap", "interpret", driver=WDK, adapter=ADAPTER + WRAP))

    def test_works_from_the_source_tree(self):
        copy = self.folder / "build"
        copy.mkdir()
        (copy / "kernel_api.symbols").symlink_to(pathlib.Path(SLUICE_CC).parent / "kernel_api.symbols")
        (copy / "sluice-cc").symlink_to(SCRIPT)
        self.assertEqual(0, self.cc(script=str(copy / "sluice-cc"), driver=WDK, adapter=ADAPTER)[0])

    def test_a_call_that_is_declared_and_not_defined(self):
        create = "NTSTATUS IoCreateDevice(int);\n"
        self.refuses("sluice-cc: IoCreateDevice: there is no stand-in; declare it in a header of fuzz/kernel_api/wdk and "
                     "define it in fuzz/kernel_api, or define it in the adapter\n",
                     driver=WDK.replace("int interpret", create + "int interpret").replace("+ text.Length",
                                                                                           "+ IoCreateDevice(1)"),
                     adapter=ADAPTER)

    def test_a_call_that_is_not_declared(self):
        self.refuses("sluice-cc: IoCreateThing: there is no stand-in; declare it in a header of fuzz/kernel_api/wdk and",
                     driver=WDK.replace("+ text.Length", "+ IoCreateThing(1)"), adapter=ADAPTER)

    def test_a_call_that_a_header_leaves_to_the_adapter(self):
        ask = LINUX.replace("return value", "const struct firmware* blob;\n  return request_firmware(&blob, \"x\", 0)")
        self.refuses("request_firmware: there is no stand-in; fuzz/kernel_api/linux/linux/firmware.h declares it: define "
                     "it in the adapter\n", "--linux", driver=ask, adapter=ADAPTER)
        self.assertEqual(0, self.cc("--linux", "--allow", "request_firmware", driver=ask, adapter=ADAPTER)[0])

    def test_the_worker_is_out_of_reach(self):
        self.refuses("sluice_kernel_poison: there is no stand-in", adapter=ADAPTER,
                     driver="void sluice_kernel_poison(int, int);\n"
                            "int interpret(int value) { sluice_kernel_poison(0, 0); return value; }\n")
        self.refuses("system: there is no stand-in", adapter=ADAPTER,
                     driver="int system(const char*);\nint interpret(int value) { return system(\"\") + value; }\n")

    def test_what_is_wrapped(self):
        self.refuses("__real_interpret: it takes --wrap interpret\n", driver=WDK, adapter=ADAPTER + WRAP)
        self.refuses("--wrap other: no file calls it from outside; put the function in a file of its own",
                     "--wrap", "other", driver=WDK + "int other(void) { return interpret(1); }\n", adapter=ADAPTER)

    def test_what_is_missing(self):
        self.refuses("none of the files defines sluice_target(): is the adapter among them?", driver=WDK)
        self.refuses("error: expected", driver="int interpret(int value { return 0; }\n", adapter=ADAPTER)
        self.assertEqual((2, "sluice-cc: no source files\n"), self.cc()[:2])
        self.assertEqual((2, "sluice-cc: unknown option --fast; see --help\n"), self.cc("--fast", driver=WDK)[:2])
        self.assertEqual(2, self.cc(compiler="clang-none", driver=WDK, adapter=ADAPTER)[0])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
