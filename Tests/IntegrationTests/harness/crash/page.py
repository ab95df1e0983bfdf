"""Counters of a page, compared over a kill."""

import re

# Of the ledger's own numbers; what the process counts about itself starts anew with it.
LASTING = (
    "tallygate_tokens_total", "tallygate_cost_usd_total", "tallygate_requests_total", "tallygate_items_total",
    "tallygate_budget_used_total", "tallygate_decisions_total", "tallygate_budget_events_total",
    "tallygate_reservations_expired_total", "tallygate_overshoot_tokens_total", "tallygate_duplicates_total",
)
SAMPLE = re.compile(rf"^((?:{'|'.join(LASTING)})(?:\{{.*\}})?) ([0-9.e+]+)$", re.MULTILINE)
# Of a budget that the next configuration does not have.
REMOVABLE = 'budget="other"'


def counters(text):
    """The samples of a page whose numbers may only grow."""
    return {name: float(value) for name, value in SAMPLE.findall(text) if REMOVABLE not in name}


def went_back(before, after):
    """Which counters of the page before are not at least as high in the page after."""
    later = counters(after)
    return [
        f"{name} went back from {value} to {later.get(name, 'nothing')}"
        for name, value in counters(before).items()
        if later.get(name, -1) < value
    ]
