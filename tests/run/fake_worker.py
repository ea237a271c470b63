#!/usr/bin/env python3
"""Stands in for sluice-run and says what a worker that hostile code took over might say.

    SLUICE_RUN=fake_worker.py sluice run ...

The name of the target says what to do: `garbage.so` answers what is no JSON. HONEST is what all others vary.
"""
import json
import os
import pathlib
import struct
import sys
import time

HELLO = {"hello": 1, "version": "0", "sanitizers": True, "target": "fake 1",
         "types": [{"type": 3, "name": "ipc", "inputs": ["utf16", "u32", "bytes"]}]}
BEHAVIOURS = {}
PAIRS = set()  # behaviours that are asked about content with two instances of two criteria
WALL_MS = {"slow-but-in-time": 100}  # what one call may take; 1 otherwise

MORE_WORDS = {"reaches-many": ["many.bin"],  # of a thousand instances
              "measured-in-the-second-file": ["second.bin"],
              "unusable-for-all-files": ["second.bin", "--jobs", "1"]}
STARTED_ONCE = {"unusable-for-all-files"}


def behaviour(function):
    BEHAVIOURS[function.__name__.replace("_", "-")] = function
    return function


def of_pairs(function):
    PAIRS.add(function.__name__.replace("_", "-"))
    return behaviour(function)


def write(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def frame(message, blob=b""):
    text = message if isinstance(message, bytes) else json.dumps(message).encode()
    return struct.pack("<II", len(text), len(blob)) + text + blob


def read_request():
    header = sys.stdin.buffer.read(8)
    if len(header) < 8:
        sys.exit(0)
    json_size, blob_size = struct.unpack("<II", header)
    request = json.loads(sys.stdin.buffer.read(json_size))
    blob = sys.stdin.buffer.read(blob_size)
    events = struct.unpack_from("<I", blob, request["content"] + 12)[0]
    return request, events


def answer_to(request, events):
    """What an honest worker says of a driver without a fault."""
    if request["do"] == "measure":
        return {"id": request["id"], "type": request["type"], "count": None, "certain": False, "how": "no array"}, b""
    return {"id": request["id"], "load": {"status": 0, "code": 0}, "evaluated": events, "results": "blob", "reached": [],
            "leaks": [], "disagreement": None, "stack": 0, "log": [], "fault": None}, bytes(8 * events)


def fault(kind, **keys):
    return {"kind": kind, "access": "read", "size": 8, "text": f"the text of {kind}", "phase": "load", "event": None,
            "instance": None, "criterion": None, "frames": [], "allocated": [], "freed": [], **keys}


def serve(change=lambda request, events, answer, blob: (answer, blob), hello=HELLO):
    write(frame(hello))
    while True:
        request, events = read_request()
        answer, blob = change(request, events, *answer_to(request, events))
        write(answer if isinstance(answer, bytes) else frame(answer, blob))


def faults(found):
    """`found` at load."""
    serve(lambda request, events, answer, blob: (answer | {"load": None, "evaluated": 0, "fault": found}, b""))


@behaviour
def honest():
    serve()


@behaviour
def does_not_describe_itself():
    serve(hello={"hello": 1, "version": "0", "sanitizers": True, "target": "fake 2"})


# --- No answer -----------------------------------------------------------------------------------------------------


@behaviour
def ends_at_once():
    sys.stderr.write("first line\nlast words \x1b[31m\n")
    sys.exit(3)


@behaviour
def ends_when_asked():
    write(frame(HELLO))
    read_request()
    sys.exit(0)


@behaviour
def killed_when_asked():
    write(frame(HELLO))
    read_request()
    os.kill(os.getpid(), 9)


@behaviour
def never_says_hello():
    time.sleep(1000)


@behaviour
def silent():
    write(frame(HELLO))
    time.sleep(1000)


@behaviour
def closes_its_output():
    write(frame(HELLO))
    os.close(1)
    time.sleep(1000)


@behaviour
def half_an_answer():
    write(frame(HELLO))
    read_request()
    write(frame({"id": 1})[:12])
    sys.exit(0)


# --- Another answer than the protocol allows -----------------------------------------------------------------------


@behaviour
def garbage():
    serve(lambda *_: (frame(b"{nonsense"), b""))


@behaviour
def not_an_object():
    serve(lambda *_: ([1, 2, 3], b""))


@behaviour
def nested_without_end():
    serve(lambda *_: (frame(b"[" * 1_000_000), b""))


@behaviour
def oversize():
    serve(lambda *_: (struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF), b""))


@behaviour
def two_answers():
    serve(lambda request, events, answer, blob: (frame(answer, blob) * 2, b""))


@behaviour
def of_another_request():
    serve(lambda request, events, answer, blob: (answer | {"id": request["id"] + 1}, blob))


@behaviour
def more_results_than_events():
    serve(lambda request, events, answer, blob: (answer | {"evaluated": events + 1}, blob + bytes(8)))


@behaviour
def fewer_results_than_events():
    serve(lambda request, events, answer, blob: (answer | {"evaluated": 0}, b""))


@behaviour
def reached_by_no_event():
    serve(lambda request, events, answer, blob: (answer | {"reached": [[events, 0, 0]]}, blob))


@behaviour
def numbers_as_text():
    serve(lambda request, events, answer, blob: (answer | {"load": {"status": "0", "code": 0}}, blob))


@behaviour
def another_version():
    serve(hello=HELLO | {"hello": 2})


@behaviour
def unknown_kind_of_input():
    serve(hello=HELLO | {"types": [{"type": 1, "name": "a", "inputs": ["float"]}]})


@behaviour
def unknown_fault():
    faults(fault("demons"))


# --- What an honest worker says of drivers that the reference sensor is not ----------------------------------------


@behaviour
def unusable():
    serve(hello=HELLO | {"fault": fault("adapter", text="no sluice_target", phase="start")})


@of_pairs
def unusable_for_all_files():
    unusable()


@behaviour
def refuses():
    serve(lambda request, events, answer, blob: (
        answer | {"load": {"status": 1, "code": 0xC000000D}, "evaluated": 0}, b""))


@behaviour
def fails_to_evaluate():
    serve(lambda request, events, answer, blob: (answer, struct.pack("<II", 1, 7) * events))


@behaviour
def leaks():
    serve(lambda request, events, answer, blob: (
        answer | {"leaks": [{"bytes": 64, "tag": "Snsr", "frames": []}] * 2}, blob))


@behaviour
def disagrees():
    told = {"what": "code", "first": "0x00000001", "second": "0x00000002"}
    serve(lambda request, events, answer, blob: (
        answer | {"disagreement": told | {"event": 0 if events else None}}, blob))


@behaviour
def terminal():
    faults(fault("wild", text="\x1b[31mred\nSL0000 error  forged",
                 frames=[{"module": "terminal.so", "offset": 1, "symbol": "a\x1b]0;b\x07"}]))


@behaviour
def floods_standard_error():
    def flood(request, events, answer, blob):
        sys.stderr.write("x" * 1_000_000)
        sys.stderr.flush()
        return answer, blob
    serve(flood)


# --- What is seen of content with criteria ---------------------------------------------------------------------------


def all_reached(events, instances=2):
    return [[event, instance, criterion] for event in range(events) for instance in range(instances)
            for criterion in (0, 1)]


@of_pairs
def reaches_all():
    serve(lambda request, events, answer, blob: (answer | {"reached": all_reached(events)}, blob))


@of_pairs
def reaches_many():
    serve(lambda request, events, answer, blob: (answer | {"reached": all_reached(events, 1000)}, blob))


@of_pairs
def tells_not_all_of_many_events():
    def change(request, events, answer, blob):
        if events > 3:
            return answer | {"reached": [[0, 0, 0]], "reached_complete": False}, blob
        return answer | {"reached": all_reached(events)}, blob
    serve(change)


@of_pairs
def tells_not_all_of_one_event():
    serve(lambda request, events, answer, blob: (
        answer | {"reached": [[0, 0, 0]] if events else [], "reached_complete": False}, blob))


@of_pairs
def refuses_at_the_lower_criterion():
    """What an event came to last need not be the last in the file."""
    serve(lambda request, events, answer, blob: (
        answer | {"reached": all_reached(events), "refused": [[event, 0, 1] for event in range(events)]},
        struct.pack("<II", 1, 7) * events))


@of_pairs
def slow_but_in_time():
    """Four seconds are what is waited for in any case; each of the calls may take its time."""
    def change(request, events, answer, blob):
        if 2 * events * WALL_MS["slow-but-in-time"] > 2000:
            time.sleep(5)
        return answer | {"reached": all_reached(events)}, blob
    serve(change)


@of_pairs
def dies_when_it_measures():
    def change(request, events, answer, blob):
        if request["do"] == "measure":
            sys.stderr.write("cannot measure\n")
            sys.exit(4)
        return answer | {"reached": all_reached(events)}, blob
    serve(change)


@of_pairs
def measured_in_the_second_file():
    """A leak for each array that is not of the length that was measured."""
    def change(request, events, answer, blob):
        if request["do"] == "measure":
            time.sleep(0 if request["name"] == "pairs.bin" else 1)  # the first file would be done by then
            return answer | {"count": 5 if request["name"] == "second.bin" else None}, blob
        wrong = events > 0 and request.get("supplies") != {"3": 5}
        leaks = [{"bytes": 1, "tag": "long", "frames": []}] if wrong else []
        return answer | {"reached": all_reached(events), "leaks": leaks}, blob
    serve(change)


@of_pairs
def reaches_nothing():
    serve()


@of_pairs
def reaches_nothing_and_faults():
    """Of a target that never calls sluice_reached, and faults in its third event."""
    def change(request, events, answer, blob):
        if events < 3 or request["do"] != "run":
            return answer, blob
        return answer | {"evaluated": 2, "fault": fault("null", phase="evaluate", event=2)}, blob[:16]
    serve(change)


for kind in ("out-of-bounds", "null", "use-after-free", "double-free", "bad-free", "uninitialised", "wild",
             "stack-exhausted", "undefined", "bugcheck", "timeout", "memory", "ended", "silent", "forbidden", "adapter"):
    BEHAVIOURS[f"fault-{kind}"] = lambda kind=kind: faults(fault(kind))
BEHAVIOURS["fault-write"] = lambda: faults(fault("out-of-bounds", access="write"))


def main():
    with open(os.environ["FAKE_WORKER_PIDS"], "a", encoding="ascii") as pids:
        print(os.getpid(), file=pids)
    BEHAVIOURS[pathlib.Path(sys.argv[-1]).stem]()


if __name__ == "__main__":
    main()
