"""A real Prometheus scrapes both formats, and PromQL finds exactly what was sent."""

import os
import time

from harness.waiting import eventually

# Long enough for twenty scrapes; the totals move during all of it.
SECONDS = float(os.environ.get("TALLYGATE_TEST_SCRAPE_SECONDS", "20"))
AGENTS = 20


def test_promql_totals_equal_what_was_sent(start, prometheus, text_proxy):
    sidecar = start()
    web = sidecar.addresses["web"]
    server = prometheus({"openmetrics": web, "text": text_proxy(web).address})

    sent = calls = 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for agent in range(AGENTS):
            tags = f"agent:agent-{agent},user:user-{calls % 7},model:gpt-4o"
            sidecar.send_udp(f"tokens:{100 + agent}|c|#{tags},kind:input\nrequests:1|c|#{tags}")
            sent += 100 + agent
            calls += 1
        time.sleep(0.25)

    for job in ("openmetrics", "text"):
        wanted = {"tallygate_tokens_total": sent, "tallygate_requests_total": calls, "tallygate_lines_total": 2 * calls}
        for name, total in wanted.items():
            eventually(lambda name=name, job=job: server.value(f'sum({name}{{job="{job}"}})'), total, 5, because=name)
        assert server.value(f'min_over_time(up{{job="{job}"}}[{int(SECONDS)}s])') == 1
        assert server.value(f'count(tallygate_tokens_total{{job="{job}"}})') == sidecar.metrics().text.count(
            "\ntallygate_tokens_total{"
        )
    assert server.value('count(tallygate_build_info{job="openmetrics"})') == 1
    assert server.complaints() == []
