"""`/metrics`: both formats parse, promtool finds nothing, and compression comes only when it is asked for."""

import gzip
import http.client
import subprocess

import pytest
from harness.page import OPENMETRICS, TEXT
from harness.prometheus import part
from harness.waiting import eventually

CONFIG = """
budgets:
  - name: agent-daily
    per: [agent]
    limit: { tokens: 10_000 }
    window: { calendar: day }
  - name: org-month
    per: []
    limit: { cost_usd: 500 }
    window: { calendar: month }
"""

LINES = [
    "tokens:800|c|#agent:planner,user:alice,model:gpt-4o,kind:input",
    "tokens:200|c|#agent:planner,user:alice,model:gpt-4o,kind:output",
    "requests:1|c|#agent:planner,user:alice,model:gpt-4o",
    "cost:0.0125|c|#agent:planner",
    "not a usage line",
]


@pytest.fixture
def sidecar(start):
    sidecar = start(CONFIG)
    sidecar.send_udp("\n".join(LINES))
    sidecar.expect_total("tallygate_lines_total", len(LINES))
    return sidecar


def raw_scrape(sidecar, **headers):
    """Headers and body exactly as sent; `requests` would add an Accept-Encoding and unpack the answer."""
    connection = http.client.HTTPConnection(sidecar.addresses["web"], timeout=10)
    connection.putrequest("GET", "/metrics", skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status == 200
    return response, body


def test_both_formats_say_the_same(sidecar):
    text, openmetrics = sidecar.both_pages()
    assert text.content_type.startswith("text/plain") and "version=0.0.4" in text.content_type
    assert openmetrics.content_type.startswith("application/openmetrics-text")
    for page in (text, openmetrics):
        assert page.total("tallygate_tokens_total", agent="planner", token_type="input") == 800
        assert page.total("tallygate_tokens_total", agent="planner", token_type="output") == 200
        assert page.total("tallygate_requests_total", agent="planner") == 1
        assert page.total("tallygate_cost_usd_total", agent="planner") > 0.0125 - 1e-9
        assert page.total("tallygate_budget_used", budget="agent-daily", agent="planner", unit="tokens") == 1000
        assert page.total("tallygate_budget_limit", budget="agent-daily", agent="planner", unit="tokens") == 10_000
        assert page.total("tallygate_lines_rejected_total") == 1
    assert text.names() == openmetrics.names()


def test_openmetrics_ends_in_eof_and_has_no_blank_line(sidecar):
    text = sidecar.metrics(OPENMETRICS).text
    assert text.endswith("\n# EOF\n")
    assert "\n\n" not in text and "\r" not in text


def test_no_sample_stands_twice_on_the_page(sidecar):
    for page in sidecar.both_pages():
        identities = [(sample.name, frozenset(sample.labels.items())) for sample in page.samples()]
        twice = {identity for identity in identities if identities.count(identity) > 1}
        assert not twice


def test_promtool_finds_nothing(sidecar):
    page = subprocess.run(
        [part("curl"), "--silent", "--fail", f"http://{sidecar.addresses['web']}/metrics"],
        capture_output=True, check=True, timeout=30,
    ).stdout
    assert b"tallygate_tokens_total" in page
    verdict = subprocess.run(
        [part("promtool"), "check", "metrics"], input=page, capture_output=True, timeout=30, check=False
    )
    assert (verdict.returncode, verdict.stdout, verdict.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("asked", "encoding"),
    [
        (None, None),
        ("gzip", "gzip"),
        ("deflate, gzip;q=0.5", "gzip"),
        ("deflate", None),
        ("br", None),
        ("identity", None),
        ("gzip;q=0", None),
    ],
)
def test_gzip_comes_only_when_it_is_asked_for(sidecar, asked, encoding):
    headers = {"Accept": TEXT} | ({"Accept_Encoding": asked} if asked else {})
    response, body = raw_scrape(sidecar, **headers)
    assert response.getheader("Content-Encoding") == encoding
    page = gzip.decompress(body) if encoding == "gzip" else body
    assert b"\ntallygate_tokens_total{" in page


HOSTILE_VALUES = [
    b'quote:"',
    b"backslash:\\",
    b"trailing backslash:\\\\\\",
    b"carriage return:\r",
    b"invalid UTF-8:\xff\xfe",
    b"overlong:\xc0\xaf",
    b"surrogate:\xed\xa0\x80",
    b"control:\x01\x1b[31m\x7f",
    b"nul:\x00",
    b"next line:\xc2\x85\xe2\x80\xa8",
    "emoji:🦑".encode(),
    b"braces:{}=",
    b"long:" + b"x" * 4000,
]


def test_any_bytes_in_a_tag_still_give_a_page_that_parses(start):
    sidecar = start("labels: [agent, user]\n")
    sidecar.send_udp(*(b"tokens:1|c|#agent:" + value + b",user:bob" for value in HOSTILE_VALUES))
    sent = len(HOSTILE_VALUES)
    # A value may be refused, but then it is counted as refused.
    eventually(lambda: sidecar.total("tallygate_lines_total"), sent)
    for page in sidecar.both_pages():
        assert page.total("tallygate_tokens_total") + page.total("tallygate_lines_rejected_total") == sent
        assert "\r" not in page.text
    samples = sidecar.metrics().samples()
    agents = {sample.labels["agent"] for sample in samples if sample.name == "tallygate_tokens_total"}
    assert {'quote:"', "backslash:\\", "emoji:🦑"} <= agents
