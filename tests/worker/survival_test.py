#!/usr/bin/env python3
"""Whatever a target does, the worker goes on, and leaves nothing behind.

    survival_test.py SLUICE_RUN TARGETS [TEST...]
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from worker import BYTES, Worker, events, frame

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
TARGETS = pathlib.Path(sys.argv.pop(1)).resolve()
EVENT = events([(BYTES, b"hello")], [(3, [0])])


def target(name, sanitized=False):
    return str((TARGETS.with_suffix(".asan") if sanitized else TARGETS) / (name + ".so"))


def children_of(pid):
    return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_there(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def wait_until(condition):
    for _ in range(300):
        if condition():
            return True
        time.sleep(0.1)
    return False


class Survival(unittest.TestCase):
    def test_a_fault_and_the_next_request(self):
        for sanitized in (False, True):
            for name in ("null", "exits", "aborts", "recurses", "closes-its-pipes", "scribbles-on-shared-memory"):
                with self.subTest(name, sanitized=sanitized), Worker(PROGRAM, target(name, sanitized)) as worker:
                    for _ in range(3):
                        answer, _ = worker.run(b"x", EVENT)
                        self.assertIsNotNone(answer["fault"])
                        answer, _ = worker.run(b"x")  # no event: nothing wrong
                        self.assertIsNone(answer["fault"])
                    self.assertEqual(worker.close(), (0, ""))

    def test_whatever_a_child_writes_to_shared_memory(self):
        for sanitized in (False, True):
            with Worker(PROGRAM, target("scribbles-on-shared-memory", sanitized)) as worker:
                for seed in range(1, 32, 3):
                    for trace in (False, True):
                        answer, blob = worker.run(bytes([seed]), EVENT, trace=trace)
                        self.assertIsNotNone(answer["fault"])
                        self.assertLessEqual(len(blob), 8)
                    told = worker.measure(3, bytes([seed]), EVENT)
                    self.assertIsNotNone(told["fault"])
                self.assertEqual(worker.close(), (0, ""))

    def test_content_that_only_load_sees(self):
        with Worker(PROGRAM, target("opens")) as worker:
            for _ in range(20):
                answer, _ = worker.run(b"x")
                self.assertEqual(answer["fault"]["text"], "openat of /etc/passwd")

    def test_no_zombie_and_no_descriptor_is_left(self):
        with Worker(PROGRAM, target("null")) as worker:
            def descriptors():
                return len(os.listdir(f"/proc/{worker.process.pid}/fd"))

            worker.run(b"x", EVENT)
            self.assertEqual(children_of(worker.process.pid), [])
            before = descriptors()
            for _ in range(20):
                worker.run(b"x", EVENT)
                self.assertEqual(children_of(worker.process.pid), [])
            self.assertEqual(descriptors(), before)

    def test_no_child_outlives_the_worker(self):
        for end in (signal.SIGKILL, signal.SIGTERM):
            with Worker(PROGRAM, target("spins"), "--cpu-ms", "600000", "--wall-ms", "600000") as worker:
                child, = children_of(worker.process.pid)
                worker.process.stdin.write(frame({"id": 1, "do": "run", "content": 1}, b"x" + EVENT))
                worker.process.stdin.flush()
                self.assertTrue(is_there(child))
                os.kill(worker.process.pid, end)
                worker.process.wait(timeout=20)
                self.assertTrue(wait_until(lambda: not is_there(child)))

    def test_a_child_that_somebody_kills(self):
        with Worker(PROGRAM, target("good")) as worker:
            child, = children_of(worker.process.pid)
            os.kill(child, signal.SIGKILL)
            answer, _ = worker.run(b"x", EVENT)
            self.assertEqual((answer["fault"]["kind"], answer["fault"]["text"]), ("ended", "signal 9 (SIGKILL)"))
            answer, _ = worker.run(b"x", EVENT)
            self.assertIsNone(answer["fault"])

    def test_a_child_that_is_stopped(self):
        with Worker(PROGRAM, target("good"), "--wall-ms", "300") as worker:
            child, = children_of(worker.process.pid)
            os.kill(child, signal.SIGSTOP)
            answer, _ = worker.run(b"x", EVENT)
            self.assertEqual(answer["fault"]["kind"], "timeout")
            self.assertFalse(is_there(child))

    def test_a_reader_that_goes_away(self):
        process = subprocess.Popen([PROGRAM, target("good")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.close()
        try:
            for _ in range(3):
                process.stdin.write(frame({"id": 1, "do": "run", "content": 0}))
                process.stdin.flush()
        except BrokenPipeError:
            pass
        process.stdin.close()
        self.assertEqual(process.wait(timeout=60), 2)
        process.stderr.close()

    def test_a_reader_that_goes_away_while_a_child_is_at_work(self):
        process = subprocess.Popen([PROGRAM, "--cpu-ms", "600000", "--wall-ms", "600000", target("spins")],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(frame({"id": 1, "do": "run", "content": 1}, b"x" + EVENT))
        process.stdin.flush()
        self.assertTrue(wait_until(lambda: children_of(process.pid)))
        child, = children_of(process.pid)
        process.stdout.close()
        self.assertEqual(process.wait(timeout=60), 2)
        self.assertFalse(is_there(child))
        process.stdin.close()
        process.stderr.close()

    def test_no_file_is_left(self):
        with tempfile.TemporaryDirectory() as folder:
            environment = dict(os.environ, TMPDIR=folder, HOME=folder)
            for name in ("null", "aborts", "exits", "prints"):
                for sanitized in (False, True):
                    ran = subprocess.run([PROGRAM, target(name, sanitized)], cwd=folder, env=environment, timeout=60,
                                         capture_output=True,
                                         input=frame({"id": 1, "do": "run", "content": 1}, b"x" + EVENT))
                    self.assertEqual((ran.returncode, ran.stderr), (0, b""))
            self.assertEqual(os.listdir(folder), [])

    def test_what_a_driver_prints_does_not_disturb(self):
        for sanitized in (False, True):
            with Worker(PROGRAM, target("prints", sanitized)) as worker:
                answer, _ = worker.run(b"x", EVENT)
                self.assertIsNone(answer["fault"])
                self.assertEqual(worker.close(), (0, ""))

    def test_the_users_options_for_sanitizers_change_nothing(self):
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=1:handle_segv=1:abort_on_error=1",
                           UBSAN_OPTIONS="print_stacktrace=1")
        for program in (PROGRAM, PROGRAM + "-asan"):
            with Worker(program, target("heap-overflow", True), env=environment) as worker:
                answer, _ = worker.run(b"x", EVENT)
                self.assertEqual(answer["fault"]["kind"], "out-of-bounds")
                self.assertEqual(worker.close(), (0, ""))


if __name__ == "__main__":
    unittest.main()
