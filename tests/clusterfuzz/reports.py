"""What ClusterFuzz makes of what a target says: whether it is a crash, of which type, and the functions that it tells
crashes apart by. Written after what its parser looks for; the same lines in other words would be another crash there."""
import re

TOOLS = ("AddressSanitizer", "UndefinedBehaviorSanitizer", "ERROR: libFuzzer", " runtime error: ")
ENDS = ("SUMMARY:", "ABORTING", "[end of stack trace]")
FRAME = re.compile(r"\s*#(\d+)\s+(0x[0-9a-f]+)\s+in\s+(.+?)\s+(?:\((.+?)\+0x[0-9a-f]+\)|(\S+):\d+(?::\d+)?)")
SAID = re.compile(r"ERROR: (\w+Sanitizer):? (?:attempting )?([\w-]+) on (?:unknown |)address (0x[0-9a-f]+)")
SIGNAL = re.compile(r"ERROR:\s*libFuzzer:\s*deadly signal")
UNDEFINED = re.compile(r"runtime error: (.*)")
# Functions of the runtime, the C library and the engine, which the parser passes over.
IGNORED = re.compile(r"^(__asan|__sanitizer|__interceptor|___interceptor|__ubsan|fuzzer::|abort$|raise$|gsignal|__GI|"
                     r"pthread_kill|__pthread|_start$|main$|__libc_|LLVMFuzzer|kapi_|sluice)")


class Report:
    """Of the first crash in a text; `type` is None where there is none."""

    def __init__(self, text):
        self.type = self.address = None
        self.stack = []
        self.is_recognised = any(tool in text for tool in TOOLS) and any(end in text for end in ENDS)
        previous = -1
        for line in text.splitlines():
            if self.type is None:
                self.begin(line)
                continue
            frame = FRAME.match(line)
            if frame is None:
                continue
            if int(frame[1]) <= previous:
                break  # the next stack: where memory was allocated
            previous = int(frame[1])
            if not IGNORED.match(frame[3]):
                self.stack.append(frame[3])

    def begin(self, line):
        said, undefined = SAID.search(line), UNDEFINED.search(line)
        if said:
            self.type, self.address = said[2], said[3]
        elif SIGNAL.search(line):
            self.type = "deadly signal"
        elif undefined:
            self.type = undefined[1]
