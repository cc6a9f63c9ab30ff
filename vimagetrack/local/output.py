"""What the person at the terminal sees: our sentences, and the children's lines under their names."""

from __future__ import annotations

import os
import sys
import threading
from typing import IO

_one_at_a_time = threading.Lock()


def say(text: str, *, name: str = "") -> None:
    """Write one line at once; a terminal that has gone away must not end the run."""
    _write(f"[{name}] {text}\n".encode() if name else f"{text}\n".encode())


def forward(stream: IO[bytes], name: str) -> threading.Thread:
    """Pass a child's lines on until it closes them, from a thread of its own."""
    thread = threading.Thread(target=_pump, args=(stream, name), name=f"output of {name}", daemon=True)
    thread.start()
    return thread


def _pump(stream: IO[bytes], name: str) -> None:
    prefix = f"[{name}] ".encode()
    with stream:
        for line in iter(lambda: stream.readline(65_536), b""):
            _write(prefix + line if line.endswith(b"\n") else prefix + line + b"\n")


def _write(data: bytes) -> None:
    with _one_at_a_time:
        try:
            os.write(sys.stdout.fileno(), data)
        except OSError:
            return  # the reader closed; go on reading, or the child would block on a full pipe
