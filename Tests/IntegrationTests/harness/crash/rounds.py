"""Rounds of traffic, a kill, a restart and a comparison, over one state directory."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ..sidecar import Sidecar
from .books import AgentBook
from .clients import TOKEN, ActClient, LineClient, Operator, Scraper
from .page import went_back
from .verdict import Verifier

LIMIT = 10**12
# What must not stand in the log of a start after a kill: nobody damaged anything.
ALARMS = ("cannot be read", "in no journal", "corrupt", "BUG", "Fatal error")


@dataclass
class Numbers:
    """What all rounds came to."""

    rounds: int = 0
    acts: int = 0
    unanswered: int = 0
    lines: int = 0
    lines_lost: int = 0
    most_lines_lost: int = 0
    most_behind: float = 0.0
    slowest_start: float = 0.0
    problems: list = field(default_factory=list)

    def summary(self):
        return (
            f"{self.rounds} rounds, {self.acts} acts answered, {self.unanswered} under way at a kill, "
            f"{self.lines} lines; {len(self.problems)} problems; "
            f"lines lost: {self.lines_lost}, at most {self.most_lines_lost} in a round, "
            f"sent at most {self.most_behind * 1000:.0f} ms before the kill; slowest start {self.slowest_start:.2f} s"
        )


class CrashRounds:
    """One state directory and everything its clients remember of it."""

    def __init__(self, directory, seed, clients=2, lines_per_second=50_000):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.seed = seed
        self.clients = clients
        self.lines_per_second = lines_per_second
        self.numbers = Numbers()
        self.books = []
        # agent -> tokens by lines, as counted after the round's kill
        self.lines = {}
        self._configuration = 0
        (self.directory / "token").write_text(TOKEN + "\n")

    def config(self):
        """A budget that every act is charged to, and one more or less with every reload."""
        spend = f"  - {{ name: spend, per: [agent], limit: {{ tokens: {LIMIT} }}, window: {{ calendar: month }} }}\n"
        other = "  - { name: other, per: [user], limit: { requests: 1_000_000 }, window: { fixed: 1h } }\n"
        return "budgets:\n" + spend + (other if self._configuration % 2 else "")

    def configure(self):
        """The next configuration, put in its place in one step."""
        self._configuration += 1
        new = self.directory / "tallygate.yaml.new"
        new.write_text(self.config())
        new.rename(self.directory / "tallygate.yaml")

    def start(self):
        started = time.monotonic()
        flags = ["--control.operator-token-file", self.directory / "token"]
        sidecar = Sidecar(self.directory, self.config(), flags=flags, unixgram=True)
        self.numbers.slowest_start = max(self.numbers.slowest_start, time.monotonic() - started)
        return sidecar

    def run(self, number, after_kill=lambda state: None):
        """One round: traffic, a kill, and what the next start says. Returns what is wrong, in sentences.

        `after_kill` may do harm to the state directory, to see that the comparison notices.
        """
        random = Random(f"{self.seed} {number}")
        sidecar = self.start()
        try:
            scraper, acting, lines, killed = self._traffic(sidecar, random, number)
        finally:
            sidecar.close()
        after_kill(sidecar.state)
        problems = [client.failure for client in [scraper, *acting, lines] if client.failure]
        problems += self._verify(scraper.page, lines.book, killed, random)
        self._count(lines.book)
        problems = [f"seed {self.seed}, round {number}: {problem}" for problem in problems]
        self.numbers.problems += problems
        return problems

    def _traffic(self, sidecar, random, number):
        killing = threading.Event()
        lasts = random.uniform(0.05, 0.5)
        books = [AgentBook(f"acts-{number}-{index}") for index in range(self.clients)]
        self.books += books
        acting = [ActClient(sidecar, killing, Random(random.random()), book) for book in books]
        rate = random.choice([self.lines_per_second, self.lines_per_second // 10, self.lines_per_second // 100])
        lines = LineClient(sidecar, killing, Random(random.random()), f"lines-{number}", rate, lasts)
        scraper = Scraper(sidecar, killing, Random(random.random()))
        operator = Operator(sidecar, killing, Random(random.random()), self.configure)
        threads = [scraper, *acting, lines, operator]
        for thread in threads:
            thread.start()
        time.sleep(lasts)
        killing.set()
        sidecar.kill()
        killed = time.monotonic()
        for thread in threads:
            thread.join(timeout=10)
            assert not thread.is_alive(), f"{thread} goes on without a sidecar"
        if operator.failure:
            scraper.failure = f"{scraper.failure or ''} {operator.failure}"
        return scraper, acting, lines, killed

    def _verify(self, page, lines, killed, random):
        """Restarts, and compares everything that was ever written down with what is there."""
        sidecar = self.start()
        try:
            verifier = Verifier(sidecar, random, LIMIT)
            problems = [f"the log says: {line}" for line in sidecar.stderr().splitlines() if self._alarms(line)]
            text = sidecar.metrics().text
            problems += went_back(page, text)
            problems += self._verify_lines(verifier.tokens(text), lines, killed)
            problems += verifier.verify(self.books)
            # A start, a comparison and another kill change nothing.
            sidecar.kill()
        finally:
            sidecar.close()
        return problems

    @staticmethod
    def _alarms(line):
        return any(word in line for word in ALARMS)

    def _verify_lines(self, tokens, book, killed):
        problems = [
            f"{agent} has {tokens.get(agent, 0)} tokens, and had {total}"
            for agent, total in self.lines.items() if tokens.get(agent, 0) != total
        ]
        total = tokens.get(book.agent, 0)
        counted = book.counted(total)
        if counted is None:
            return [*problems, f"{total} tokens of {book.agent}, which no beginning of what was sent makes"]
        self.lines[book.agent] = total
        lost = max(0, book.lines_sent - counted)
        numbers = self.numbers
        numbers.lines_lost += lost
        numbers.most_lines_lost = max(numbers.most_lines_lost, lost)
        numbers.most_behind = max(numbers.most_behind, book.behind(counted, killed))
        return problems

    def _count(self, lines):
        numbers = self.numbers
        numbers.rounds += 1
        numbers.lines += lines.lines_sent
        for book in self.books[-self.clients :]:
            numbers.acts += book.answered
            numbers.unanswered += book.unanswered
