"""Waiting for something that happens a moment later, without sleeping longer than it takes."""

import socket
import time


def eventually(read, wanted, seconds=5.0, because=""):
    """Calls `read` until it returns `wanted` (or until `wanted`, a predicate, accepts it), and returns what it read."""
    accepts = wanted if callable(wanted) else lambda value: value == wanted
    deadline = time.monotonic() + seconds
    while True:
        value = read()
        if accepts(value):
            return value
        if time.monotonic() > deadline:
            wish = "something else" if callable(wanted) else repr(wanted)
            raise AssertionError(f"after {seconds} s still {value!r}, not {wish} {because}")
        time.sleep(0.02)


def free_port():
    """A TCP port that was free a moment ago, for parts that cannot pick their own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
