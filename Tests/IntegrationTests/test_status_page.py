"""The status page as people meet it: in a real browser, with a keyboard, on a phone, in the dark.

What it looks like is kept beside the build: `build/status-page/*.png`.
"""

import base64
import hashlib
from pathlib import Path

import axe_core_python
import pytest
import requests

from harness.browser import Browser
from harness.waiting import eventually

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "status-page"
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()

BUDGETS = """
budgets:
  - { name: agent-daily, per: [agent], limit: { tokens: 500_000 }, window: { calendar: day } }
  - { name: org-month, limit: { cost_usd: 500 }, window: { calendar: month }, warn_at: 0.7 }
  - { name: support-hourly, match: { agent: "support" }, per: [user], limit: { tokens: 20_000 },
      window: { rolling: 1h }, mode: shadow }
"""
HOSTILE = (
    "<img src=x onerror=document.title='owned'>", "<script>document.title='owned'</script>", "\"quoted' & `ticked`",
    "‮gpj.exe", "</style></script><b>bold</b>", "a" * 200,
)


@pytest.fixture(scope="module")
def browser():
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture
def look(browser):
    """Opens the page of a sidecar as somebody with these wishes sees it."""

    def look_at(sidecar, width=1180, scheme="light", **headers):
        browser.events.clear()
        browser.prefer(scheme)
        browser.resize(width, phone=width < 500)
        browser.open(f"http://{sidecar.addresses['web']}/", **headers)
        browser.wait("document.getElementById('link').textContent === 'Live'")
        return browser

    yield look_at
    browser.open("about:blank")


def use(sidecar, agent, user="alice", model="gpt-4o", tokens=1000, output=0, calls=1):
    tags = f"agent:{agent},user:{user},model:{model}"
    sidecar.send_udp("\n".join([
        f"tokens:{tokens}|c|#{tags},kind:input", f"tokens:{output}|c|#{tags},kind:output", f"requests:{calls}|c|#{tags}",
    ]))


def busy(start, **options):
    """A sidecar with something of everything to show."""
    sidecar = start(BUDGETS, **options)
    use(sidecar, "coder", "dave", "gpt-4o", 420_000, 95_000, 61)
    use(sidecar, "researcher", "alice", "gpt-4o", 310_000, 91_000, 212)
    use(sidecar, "planner", "bob", "gpt-4o-mini", 120_000, 44_000, 35)
    use(sidecar, "support", "carol", "claude-sonnet-4-5", 9_000, 8_000, 140)
    sidecar.expect_total("tallygate_requests_total", 448)
    assert sidecar.reserve({"agent": "planner"}, {"input": 90_000, "output": 9_000}).status_code == 201
    return sidecar


def test_it_shows_budgets_spenders_and_events(start, look):
    browser = look(busy(start))
    text = browser.text()
    for wanted in (
        "103%", "515,000 of 500,000 tokens", "164,000 of 500,000 tokens, 99,000 held", "overspent", "warning", "shadow",
        "researcher", "claude-sonnet-4-5", "exceeded", "agent-daily (agent=coder)", "Version", "up for",
    ):
        assert wanted in text, f"{wanted} is not in\n{text}"
    assert browser.evaluate("document.title") == "(3) Tallygate"
    rows = "[...document.querySelectorAll('#budget-rows tr')].map(row => row.dataset.level)"
    assert browser.evaluate(rows) == ["over", "warning", "warning", "ok", "ok", "ok"]
    # A bar is as long as its share: here of what is used, then of what is held.
    def width(part):
        row = "document.querySelectorAll('#budget-rows tr')[3]"
        return browser.evaluate(f"{row}.querySelector('{part}').getBoundingClientRect().width")

    assert width(".bar .used") / width(".bar") == pytest.approx(164 / 500, abs=0.01)
    assert width(".bar .held") / width(".bar") == pytest.approx(99 / 500, abs=0.01)
    assert browser.complaints() == []


def test_it_follows_usage_as_it_arrives(start, look):
    sidecar = start(BUDGETS)
    browser = look(sidecar)
    assert "No budget has an account yet" in browser.text()
    use(sidecar, "late", tokens=450_000)
    browser.wait("document.body.innerText.includes('450,000 of 500,000 tokens')")
    browser.wait("document.body.innerText.includes('agent-daily (agent=late)')")
    # The row that is there stays the same element: who reads or selects in it is not disturbed.
    browser.evaluate("window.row = document.querySelector('#budget-rows tr'), 0")
    use(sidecar, "late", tokens=10_000)
    browser.wait("document.body.innerText.includes('460,000 of 500,000 tokens')")
    assert browser.evaluate("window.row === document.querySelector('#budget-rows tr') && window.row.isConnected")
    assert browser.complaints() == []


def test_hostile_names_are_text(start, look):
    sidecar = start(BUDGETS)
    for name in HOSTILE:
        body = {"tags": {"agent": name, "user": name, "model": name}, "tokens": 490_000}
        assert sidecar.control("POST", "/v1/usage", body).status_code == 200
    browser = look(sidecar, width=360)
    shown = browser.evaluate("document.body.textContent")
    for name in HOSTILE:
        assert f"agent={name}" in shown
    assert browser.evaluate("document.title").endswith("Tallygate")
    assert browser.evaluate("document.images.length + document.querySelectorAll('main script, b').length") == 0
    # A name that turns the writing round turns only itself.
    turned = "[...document.querySelectorAll('bdi')].filter(e => e.textContent.includes('\\u202e')).length"
    assert browser.evaluate(turned) >= 3
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    assert browser.complaints() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1180])
def test_it_reads_well(start, look, scheme, width):
    """Accessible as far as axe can tell, on a phone and on a desk, in light and dark; and a picture to look at."""
    browser = look(busy(start), width, scheme)
    background = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = int(background.split("(")[1].split(",")[0])
    assert brightness < 64 if scheme == "dark" else brightness > 192
    assert browser.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [width, width]
    browser.evaluate(AXE + ";0")
    found = browser.evaluate(
        "axe.run({resultTypes: ['violations', 'passes']}).then(result => ({"
        "  passes: result.passes.map(rule => rule.id),"
        "  violations: result.violations.map(rule => [rule.id, rule.nodes.map(node => node.html)])}))")
    assert found["violations"] == []
    # It looked at what matters, and not at an empty page.
    looked_for = {"color-contrast", "landmark-one-main", "select-name", "document-title", "page-has-heading-one"}
    assert looked_for <= set(found["passes"])
    browser.screenshot(PICTURES / f"{'phone' if width < 500 else 'desk'}-{scheme}.png")
    assert browser.complaints() == []


def test_it_asks_nobody_else(start, look):
    sidecar = busy(start)
    browser = look(sidecar)
    assert browser.hosts() == {sidecar.addresses["web"]}
    page = sidecar.web("/")
    policy = page.headers["Content-Security-Policy"]
    for name in ("style", "script"):
        content = page.text.split(f"<{name}>", 1)[1].split(f"</{name}>", 1)[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert "http://" not in page.text.replace("http://www.w3.org/2000/svg", "") and "https://" not in page.text


def test_a_keyboard_is_enough(start, look):
    sidecar = busy(start)
    browser = look(sidecar)
    focused = "document.activeElement.id || document.activeElement.textContent"
    reached = []
    for _ in range(7):
        browser.press("Tab", 9)
        reached.append(browser.evaluate(focused))
        outline = browser.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"{reached[-1]} does not show that it has the focus"
    assert reached == [
        "Skip to the budgets", "window", "Metrics", "Status as JSON", "Snapshot", "Health", "Readiness"]
    browser.evaluate("document.getElementById('window').focus(), 0")
    browser.press("ArrowDown", 40)
    browser.wait("document.getElementById('window').value === '24h'")
    browser.wait("performance.getEntriesByType('resource').some(entry => entry.name.endsWith('status?window=24h'))")


def test_it_says_when_it_lost_the_sidecar_and_when_it_is_back(start, look):
    sidecar = start(BUDGETS)
    use(sidecar, "a", tokens=1234)
    browser = look(sidecar)
    browser.wait("document.body.innerText.includes('1,234 of 500,000 tokens')")
    assert browser.evaluate("document.querySelectorAll('[aria-live], [role=status], [role=alert]').length") == 1
    address = sidecar.addresses["web"]
    sidecar.stop()
    browser.wait("document.getElementById('link').textContent.startsWith('Lost the sidecar at')")
    # What was last known stays in sight, and what is said is not said again and again.
    said = browser.evaluate("document.getElementById('link').textContent")
    browser.evaluate("new Promise(done => setTimeout(done, 2500))")
    assert browser.evaluate("document.getElementById('link').textContent") == said
    assert "1,234 of 500,000 tokens" in browser.text()
    again = start(BUDGETS, flags=["--web.listen-address", address])
    browser.wait("document.getElementById('link').textContent === 'Live'")
    assert again.alive()


def test_who_may_not_scrape_may_not_look(start, tmp_path, look):
    # bcrypt of "correct horse".
    crypted = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"
    (tmp_path / "web.yaml").write_text(f"basic_auth_users: {{ prometheus: '{crypted}' }}\n")
    sidecar = start(BUDGETS, flags=["--web.config.file", tmp_path / "web.yaml"])
    for path in ("/", "/status"):
        refused = sidecar.web(path)
        assert refused.status_code == 401 and refused.headers["WWW-Authenticate"].startswith("Basic"), path
        assert "tokens" not in refused.text
    credential = base64.b64encode(b"prometheus:correct horse").decode()
    assert "No budget has an account yet" in look(sidecar, Authorization=f"Basic {credential}").text()


# What an account of a sidecar that has run for weeks has, in shares of its limit: no test waits for history.
OUTLOOK = {
    "burn_rates": {"1m": 2.1, "5m": 1.8, "1h": 1.42, "1d": 1.07},
    "forecast": {
        "lower_80": 0.71, "expected": 0.84, "upper_80": 0.99, "lower_95": 0.62, "upper_95": 1.2,
        "exhaustion_probability": 0.09, "error": 0.1,
    },
}


def test_forecasts_are_drawn(start, browser):
    """The sidecar's own answer with forecasts put in: their shapes are proved against real ones elsewhere."""
    sidecar = busy(start)
    status = sidecar.web("/status").json()
    for place, account in enumerate(status["accounts"]):
        limit = float(account["limit"])
        shares = OUTLOOK["forecast"]
        forecast = {
            name: value * limit if name.startswith(("lower", "upper", "expected")) else value
            for name, value in shares.items()
        }
        forecast["exhausted_at"] = account["resets_at"] if place == 3 else None
        account["forecast"] = forecast
        account["burn_rates"] = OUTLOOK["burn_rates"]
    script = f"const answer = {status!r};".replace("None", "null").replace("False", "false").replace("True", "true")
    script += "window.fetch = async () => new Response(JSON.stringify(answer), {status: 200});"
    identifier = browser.call("Page.addScriptToEvaluateOnNewDocument", source=script)["identifier"]
    try:
        browser.prefer("light")
        browser.resize(1180)
        browser.open(f"http://{sidecar.addresses['web']}/")
        browser.wait("document.getElementById('link').textContent === 'Live'")
        cells = browser.evaluate(
            "[...document.querySelectorAll('#budget-rows tr')[3].cells].map(cell => cell.innerText.replace(/\\s+/g, ' '))")
        assert cells[3:5] == ["×1.1 (1d) ×2.1 (1m)", "84% 71% to 99%"]
        assert cells[5].startswith("in ") and cells[5].endswith("chance 9%")
        box = "document.querySelectorAll('#budget-rows tr')[3].querySelector('{}').getBoundingClientRect()"
        bar, band = (browser.evaluate(f"(({{left, width}}) => [left, width])({box.format(part)})") for part in (
            ".bar", ".bar .band"))
        assert (band[0] - bar[0]) / bar[1] == pytest.approx(0.71, abs=0.01)
        assert band[1] / bar[1] == pytest.approx(0.28, abs=0.01)
        browser.screenshot(PICTURES / "forecasts.png")
    finally:
        browser.call("Page.removeScriptToEvaluateOnNewDocument", identifier=identifier)
        browser.open("about:blank")


def test_many_accounts_cost_little_and_are_shown_in_part(start, look):
    sidecar = start(BUDGETS)
    for first in range(0, 3000, 100):
        sidecar.send_udp("\n".join(f"tokens:{n}|c|#agent:a{n}" for n in range(first + 1, first + 101)))
    eventually(lambda: sum(sidecar.web("/status").json()["account_counts"].values()), 3001, seconds=10)
    status = sidecar.web("/status").json()
    assert len(status["accounts"]) == 50
    assert len(sidecar.web("/status").content) < 64 << 10
    browser = look(sidecar)
    assert "50 of 3,001, the fullest first" in browser.text()


def test_the_page_has_no_verbs(start):
    sidecar = start(BUDGETS)
    for method in ("POST", "PUT", "DELETE"):
        for path in ("/", "/status"):
            assert requests.request(method, f"http://{sidecar.addresses['web']}{path}", timeout=5).status_code == 405
