"""What clients write down for themselves: every act that was answered, and the one that was under way at the kill."""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate


@dataclass
class Act:
    """One request. `amount` is in tokens; `subject` is a reservation's id, or the id of a use."""

    kind: str
    amount: int = 0
    subject: str = ""


@dataclass
class AgentBook:
    """One agent's own record. Nobody else uses its accounts, and it does one thing at a time."""

    agent: str
    used: int = 0
    topped_up: int = 0
    top_ups: int = 0
    # Open reservations: id -> tokens held.
    held: dict = field(default_factory=dict)
    # Uses that were answered: (id, tokens).
    recorded: list = field(default_factory=list)
    stopped: bool = False
    # The act that was sent and not answered: it may have happened once, or not at all.
    pending: Act | None = None
    answered: int = 0
    unanswered: int = 0

    @property
    def subject(self):
        """Whom this agent's client stops and resumes: somebody else, so that its own holds go on being granted."""
        return f"{self.agent}-subject"

    @property
    def reserved(self):
        return sum(self.held.values())

    @staticmethod
    def use(identifier, amount):
        return Act("record", amount, identifier)

    def happened(self, act, answer=None):
        """Writes down an act that was answered with success."""
        match act.kind:
            case "record":
                self.used += act.amount
                self.recorded.append((act.subject, act.amount))
            case "reserve":
                self.held[answer["id"]] = act.amount
            case "settle":
                del self.held[act.subject]
                self.used += act.amount
            case "release":
                del self.held[act.subject]
            case "top-up":
                self.topped_up += act.amount
                self.top_ups += 1
            case "stop" | "resume":
                self.stopped = act.kind == "stop"
        self.pending = None
        self.answered += 1


@dataclass
class LineBook:
    """The lines of one round, in the order they were sent: amounts in tokens, all by one agent."""

    agent: str
    amounts: list
    # (lines up to the end of this datagram, seconds on the monotonic clock when it was sent)
    sent: list = field(default_factory=list)

    def counted(self, total):
        """How many lines make this total; None when no beginning of what was sent does.

        The amounts are large and random: a total with a line missing in the middle, or with one counted twice, is one
        of the sums with a probability of about one in a million.
        """
        sums = list(accumulate(self.amounts, initial=0))
        place = bisect_left(sums, total)
        return place if place < len(sums) and sums[place] == total else None

    @property
    def lines_sent(self):
        return self.sent[-1][0] if self.sent else 0

    def behind(self, counted, killed):
        """How long before the kill the first lost line was sent, in seconds."""
        for lines, moment in self.sent:
            if lines > counted:
                return max(0.0, killed - moment)
        return 0.0
