"""What a restarted sidecar has, against what the clients wrote down."""

import re
import threading

from .clients import ActClient

TOKENS = re.compile(r'^tallygate_tokens_total\{(?:.*,)?agent="([^"]*)".*\} ([0-9.e+]+)$', re.MULTILINE)
# How many answered uses of a round are sent again after it.
REPEATS = 5


class Verifier:
    """Compares, and finds out about the acts that were under way by doing them again where that is harmless."""

    def __init__(self, sidecar, random, limit):
        self.sidecar = sidecar
        self.random = random
        self.limit = limit

    def tokens(self, text):
        """Tokens by agent."""
        totals = {}
        for agent, value in TOKENS.findall(text):
            totals[agent] = totals.get(agent, 0) + int(float(value))
        return totals

    def verify(self, books):
        problems = []
        accounts = self.accounts()
        stopped = self.stopped()
        for book in books:
            if book.pending:
                book.unanswered += 1
                problems += self.resolve(book, accounts.get(book.agent), stopped)
        # Uses that were answered and come again, ids and keys alike: none counts.
        for book in self.random.sample(books, min(2, len(books))) + books[-1:]:
            problems += self.repeat(book)
        accounts = self.accounts()
        stopped = self.stopped()
        tokens = self.tokens(self.sidecar.metrics().text)
        for book in books:
            problems += self.compare(book, accounts.get(book.agent), tokens.get(book.agent, 0), stopped)
        return problems

    def accounts(self):
        return {account["tags"]["agent"]: account for account in self.sidecar.accounts("spend")}

    def stopped(self):
        return {stop["subject"]["agent"] for stop in self.sidecar.control("GET", "/v1/subjects").json()}

    def compare(self, book, account, tokens, stopped):
        account = account or {"used": 0, "reserved": 0, "limit": self.limit}
        found = {
            "used": account["used"], "reserved": account["reserved"], "limit": account["limit"], "tokens": tokens,
            "stopped": book.subject in stopped,
        }
        wanted = {
            "used": book.used, "reserved": book.reserved, "limit": self.limit + book.topped_up, "tokens": book.used,
            "stopped": book.stopped,
        }
        return [
            f"{book.agent}: {name} is {found[name]}, and {wanted[name]} was acknowledged"
            for name in wanted if found[name] != wanted[name]
        ]

    def resolve(self, book, account, stopped):
        """Settles what became of the act that was not answered: once or not at all."""
        act, book.pending = book.pending, None
        account = account or {"used": 0, "reserved": 0, "limit": self.limit}
        match act.kind:
            case "record" | "settle":
                # Again: the total afterwards has it once, whatever happened before.
                status, body = self.again(book, act)
                if status != 200:
                    return [f"{act}, done again, was answered with {status}: {body!r}"]
                book.happened(act)
            case "release":
                status, body = self.again(book, act)
                if status not in (200, 404, 409):
                    return [f"{act}, done again, was answered with {status}: {body!r}"]
                book.happened(act)
            case "reserve":
                if account["reserved"] == book.reserved + act.amount:
                    # Nobody knows its id: it stays open.
                    book.held[f"unanswered-{act.amount}"] = act.amount
            case "top-up":
                if account["limit"] == self.limit + book.topped_up + act.amount:
                    book.happened(act)
            case "stop" | "resume":
                book.stopped = book.subject in stopped
        return []

    def repeat(self, book):
        problems = []
        for identifier, amount in self.random.sample(book.recorded, min(REPEATS, len(book.recorded))):
            status, body = self.again(book, book.use(identifier, amount))
            if status != 200 or b'"duplicates":1' not in body:
                problems.append(f"{identifier}, sent again, was answered with {status}: {body!r}")
        return problems

    def again(self, book, act):
        return ActClient(self.sidecar, threading.Event(), self.random, book).send(act)
