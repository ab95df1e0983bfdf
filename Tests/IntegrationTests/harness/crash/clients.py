"""The traffic of one round: lines, acts, scrapes and an operator, each a thread that ends with the sidecar."""

import http.client
import json
import socket
import threading
import time

from .books import Act, LineBook

TOKEN = "an-operators-token-0123456789"
LINES_PER_DATAGRAM = 50
# An account takes 64, and one that was not answered counts too.
MOST_TOP_UPS = 60


class Client(threading.Thread):
    """Works until the sidecar is killed. What goes wrong before that is the sidecar's fault, and kept."""

    def __init__(self, sidecar, killing, random):
        super().__init__(daemon=True)
        self.sidecar = sidecar
        self.killing = killing
        self.random = random
        self.failure = None
        self._connections = {}

    def run(self):
        try:
            while not self.killing.is_set():
                self.step()
        except (OSError, http.client.HTTPException) as error:
            # The kill comes a moment after its announcement, never before.
            if not self.killing.is_set():
                self.failure = f"{type(self).__name__}: {error!r}"
        except Exception as error:
            self.failure = f"{type(self).__name__}: {error!r}"

    def step(self):
        raise NotImplementedError

    def request(self, method, path, body=None, listener="control", **headers):
        """The status and the body of an answer, over a connection that is kept."""
        connection = self._connections.get(listener)
        if connection is None:
            connection = http.client.HTTPConnection(self.sidecar.addresses[listener], timeout=5)
            self._connections[listener] = connection
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = f"Bearer {TOKEN}"
        content = None if body is None else json.dumps(body)
        try:
            connection.request(method, path, body=content, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        except BaseException:
            del self._connections[listener]
            connection.close()
            raise


class LineClient(Client):
    """Sends lines at a steady rate; waits where the sidecar does not keep up, so that the socket loses none."""

    def __init__(self, sidecar, killing, random, agent, rate, seconds):
        super().__init__(sidecar, killing, random)
        self.gap = LINES_PER_DATAGRAM / rate
        amounts = [random.randint(1, 2_000_000) for _ in range(int(rate * seconds) + LINES_PER_DATAGRAM)]
        self.book = LineBook(agent, amounts)
        lines = [f"tokens:{amount}|c|#agent:{agent},user:u" for amount in amounts]
        self._datagrams = [
            "\n".join(lines[start : start + LINES_PER_DATAGRAM]).encode()
            for start in range(0, len(lines), LINES_PER_DATAGRAM)
        ]
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(5)
        self._socket.connect(sidecar.unixgram)
        self._next = time.monotonic()
        self._position = 0

    def step(self):
        if self._position == len(self._datagrams):
            time.sleep(0.005)
            return
        self._next += self.gap
        wait = self._next - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        moment = time.monotonic()
        self._socket.send(self._datagrams[self._position])
        self._position += 1
        self.book.sent.append((min(self._position * LINES_PER_DATAGRAM, len(self.book.amounts)), moment))


class ActClient(Client):
    """Records, holds, settles, releases, tops up, stops and resumes, and writes each answer into its book."""

    def __init__(self, sidecar, killing, random, book):
        super().__init__(sidecar, killing, random)
        self.book = book

    def step(self):
        self.perform(self.choose())

    def choose(self):
        amount = self.random.randint(1, 900)
        kinds = ["record"] * 5 + ["reserve"] * 4 + ["resume" if self.book.stopped else "stop"]
        if self.book.top_ups < MOST_TOP_UPS:
            kinds.append("top-up")
        if self.book.held:
            kinds += ["settle"] * 3 + ["release"]
        kind = self.random.choice(kinds)
        subject = ""
        if kind == "record":
            subject = f"{self.book.agent}-{self.random.getrandbits(64):x}"
        elif kind in ("settle", "release"):
            subject = self.random.choice(sorted(self.book.held))
        return Act(kind, amount, subject)

    def perform(self, act):
        """Does an act; written down as under way first, and as done when it was answered."""
        self.book.pending = act
        status, body = self.send(act)
        assert status in (200, 201), f"{act} was answered with {status}: {body!r}"
        self.book.happened(act, json.loads(body))

    def send(self, act):
        tags = {"agent": self.book.agent, "user": "u"}
        tokens = {"input": act.amount}
        match act.kind:
            case "record" if act.amount % 2:
                return self.request("POST", "/v1/usage", {"tags": tags, "tokens": tokens, "id": act.subject})
            case "record":
                body = {"tags": tags, "tokens": tokens}
                return self.request("POST", "/v1/usage", body, Idempotency_Key=f'"{act.subject}"')
            case "reserve":
                return self.request("POST", "/v1/reservations", {"tags": tags, "tokens": tokens, "ttl": "1h"})
            case "settle":
                return self.request("POST", f"/v1/reservations/{act.subject}/settle", {"tokens": tokens})
            case "release":
                return self.request("DELETE", f"/v1/reservations/{act.subject}")
            case "top-up":
                body = {"tags": {"agent": self.book.agent}, "amount": act.amount}
                return self.request("POST", "/v1/budgets/spend/top-up", body)
            case _:
                return self.request("POST", f"/v1/subjects/agent/{self.book.subject}/{act.kind}")


class Scraper(Client):
    """Keeps the last page that arrived whole."""

    page = ""

    def step(self):
        status, body = self.request("GET", "/metrics", listener="web")
        assert status == 200, body
        self.page = body.decode()
        time.sleep(self.random.uniform(0, 0.05))


class Operator(Client):
    """Asks for a snapshot or a reload now and then, with a configuration that differs each time."""

    def __init__(self, sidecar, killing, random, configure):
        super().__init__(sidecar, killing, random)
        self.configure = configure

    def step(self):
        if self.killing.wait(self.random.uniform(0.01, 0.4)):
            return
        if self.random.random() < 0.6:
            status, body = self.request("POST", "/-/snapshot")
        else:
            self.configure()
            status, body = self.request("POST", "/-/reload")
        assert status == 200, body
