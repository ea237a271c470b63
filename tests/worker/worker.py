"""Speaks the protocol of sluice-run (docs/worker-protocol.md)."""
import json
import struct
import subprocess

ABSENT, BYTES, UTF16, U32, U64 = range(5)


def events(values, rows):
    """values: (kind, bytes); rows: (template type, indices into values)."""
    out = [b"SLEV" + struct.pack("<III", 1, len(values), len(rows))]
    for kind, data in values:
        out.append(struct.pack("<II", kind, len(data)) + data + b"\0" * (-len(data) % 8))
    for kind, indices in rows:
        out.append(struct.pack(f"<II{len(indices)}I", kind, len(indices), *indices))
    return b"".join(out)


def frame(message, blob=b""):
    text = message if isinstance(message, bytes) else json.dumps(message).encode()
    return struct.pack("<II", len(text), len(blob)) + text + blob


class Worker:
    """A running sluice-run. `hello` is its first answer."""

    def __init__(self, program, target, *options, env=None):
        self.process = subprocess.Popen([program, *options, target], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=env)
        self.hello, _ = self.read()

    def read(self):
        header = self.process.stdout.read(8)
        if len(header) < 8:
            return None, b""
        json_size, blob_size = struct.unpack("<II", header)
        text = self.process.stdout.read(json_size)
        return json.loads(text), self.process.stdout.read(blob_size)

    def ask(self, message, blob=b""):
        self.process.stdin.write(frame(message, blob))
        self.process.stdin.flush()
        return self.read()

    def run(self, content, blob=b"", **keys):
        return self.ask({"id": 1, "do": "run", "content": len(content), **keys}, content + blob)

    def measure(self, kind, content, blob, **keys):
        return self.ask({"id": 1, "do": "measure", "type": kind, "content": len(content), **keys}, content + blob)[0]

    def close(self):
        """Its exit code and what it wrote to standard error."""
        self.process.stdin.close()
        self.process.stdout.close()
        error = self.process.stderr.read().decode()
        self.process.stderr.close()
        return self.process.wait(timeout=20), error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        self.process.wait()
