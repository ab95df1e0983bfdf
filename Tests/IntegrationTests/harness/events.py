"""An event stream, read as it comes: blocks of `field: value` lines with an empty line behind each."""

import http.client
import json
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    id: int
    kind: str
    data: dict
    # Seconds on the monotonic clock.
    arrived: float


class EventStream:
    """One subscription; `resume` opens the next one after the last event that this one saw."""

    def __init__(self, sidecar, query="", last_event_id=None, timeout=10.0):
        self.connection = http.client.HTTPConnection(sidecar.addresses["control"], timeout=timeout)
        headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
        self.connection.request("GET", f"/v1/events{query}", headers=headers)
        self.response = self.connection.getresponse()
        assert self.response.status == 200, self.response.read()
        self._buffer = b""
        self.last_event_id = None
        self.retry = None
        # The greeting: from here on nothing is missed.
        self._block()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.response.close()
        self.connection.close()

    def _line(self):
        """The next line, or None at the end. `readline` of a chunked response takes a byte at a time."""
        while b"\n" not in self._buffer:
            piece = self.response.read1(65_536)
            if not piece:
                return None
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode()

    def _block(self):
        """The fields of the next block, or None at the end of the stream."""
        fields = {}
        while True:
            line = self._line()
            if line is None:
                return None
            if not line:
                break
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        if "id" in fields:
            self.last_event_id = int(fields["id"])
        self.retry = fields.get("retry", self.retry)
        return fields

    def next(self):
        """The next event; None at the end of the stream."""
        while (fields := self._block()) is not None:
            if "event" in fields:
                arrived = time.monotonic()
                return Event(int(fields["id"]), fields["event"], json.loads(fields["data"]), arrived)
        return None

    def take(self, count):
        return [self.next() for _ in range(count)]
