"""Processes that carry a mark in their environment: all that a program under test has started, however they were started."""
import os
import signal
import time
import uuid

NAME = "SLUICE_TEST_MARK"


class Mark:
    def __init__(self):
        self.environment = {NAME: uuid.uuid4().hex}

    def processes(self):
        """Their numbers, the program itself included."""
        [mark] = (f"{name}={value}".encode() for name, value in self.environment.items())
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    if mark in file.read():
                        found.append(int(pid))
            except OSError:
                pass
        return found

    def kill(self, pids):
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def left_after(self, seconds):
        """Names of those that are there still."""
        deadline = time.monotonic() + seconds
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.01)
        names = []
        for pid in self.processes():
            try:
                with open(f"/proc/{pid}/comm") as file:
                    names.append(file.read().strip())
            except OSError:
                pass
        return names
