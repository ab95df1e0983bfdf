"""However many distinct users appear, memory stays under a stated bound and no token is lost."""

import os
import subprocess

import pytest
from harness.waiting import eventually

# Ten million in the long form.
USERS = int(os.environ.get("TALLYGATE_TEST_USERS", "2_000_000"))


@pytest.mark.parametrize(
    ("bounds", "bound_mib"),
    [("", 256), ("bounds: { max_series: 10_000, max_accounts: 2000, max_scope_values: 1000 }\n", 56)],
    ids=["with the defaults", "with the bounds of the Kubernetes manifests"],
)
def test_distinct_users_fold_and_memory_is_bounded(start, bounds, bound_mib):
    sidecar = start(
        "budgets:\n  - { name: users, per: [user], limit: { tokens: 1000 }, window: { calendar: day } }\n" + bounds,
        stdin=subprocess.PIPE, flags=["--stdin"],
    )
    step = 10_000
    for first in range(0, USERS, step):
        lines = [f"tokens:7|c|#agent:a,model:m,user:user-{user}" for user in range(first, first + step)]
        sidecar.process.stdin.write(("\n".join(lines) + "\n").encode())
    sidecar.process.stdin.close()

    total = eventually(lambda: sidecar.metrics().quick_total("tallygate_lines_total"), lambda n: n >= USERS, 120)
    page = sidecar.metrics()
    assert total == USERS
    assert page.quick_total("tallygate_tokens_total") == 7 * USERS
    assert page.quick_total("tallygate_lines_rejected_total") == 0
    assert 'user="__other__"' in page.text
    assert page.quick_total("tallygate_series") <= page.quick_total("tallygate_series_limit")
    assert page.quick_total("tallygate_series_overflow_total") > 0
    # What folded charges its budget too.
    assert page.quick_total("tallygate_budget_used_total") == 7 * USERS
    # The peak holds two scrapes of the fullest page there can be.
    assert sidecar.peak_resident_mib() < bound_mib
    sidecar.stop(within=5)
