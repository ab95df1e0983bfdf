"""What the runbooks tell people to look at is there: metrics, queries, verbs, sections of other pages, commands."""

import json
import re
from pathlib import Path

import pytest
from harness import promtool
from harness.sidecar import command

DOCS = Path(__file__).parents[2] / "docs"
RUNBOOKS = (DOCS / "runbooks.md").read_text()
CODE = re.findall(r"`([^`\n]+)`", RUNBOOKS)

CONFIG = """
labels: [agent, user, model, token_type, team]
budgets:
  - { name: task, per: [task], limit: { tokens: 1000 }, window: { calendar: day }, on_exceed: stop }
runaway: [{ per: task, steps: 1 }]
"""
# On the page as soon as there is something to forecast from.
LATER = {"tallygate_budget_exhaustion_timestamp_seconds"}


@pytest.fixture
def busy(start):
    sidecar = start(CONFIG)
    tags = "agent:a,task:t-1,session:s-1,model:gpt-4o"
    sidecar.send_udp(
        *(f"tokens:10|c|#{tags},step:{step}\nduration:5|ms|#{tags}" for step in "ab"), f"requests:1|c|#{tags}"
    )
    sidecar.expect_total("tallygate_lines_total", 5)
    return sidecar


def test_every_metric_it_names_is_exported(busy):
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in busy.metrics().names()}
    assert set(re.findall(r"\btallygate_\w+", RUNBOOKS)) <= families | LATER


def test_every_question_it_asks_is_answered(busy):
    paths = re.findall(r'curl [^`]*"http://\$CONTROL([^"]+)"', RUNBOOKS)
    assert len(paths) >= 3
    for path in paths:
        response = busy.control("GET", path, stream=True)
        assert response.status_code == 200, path
        response.close()


def test_every_verb_it_names_is_known(busy):
    verbs = [re.fullmatch(r"(GET|POST|PUT) (/\S+)", code) for code in CODE]
    found = {verb.groups() for verb in verbs if verb}
    assert len(found) >= 5
    for method, path in found:
        response = busy.control(method, re.sub(r"\{\w+\}", "task", path), {} if method != "GET" else None)
        # Operators' verbs without a token are refused, and so are bodies that say nothing: known all the same.
        assert response.status_code in (200, 400, 401, 403), (method, path, response.status_code)


def test_every_query_in_it_is_promql(tmp_path):
    queries = [
        code for code in CODE if re.search(r"tallygate_\w+.*[({\[]|\(.*tallygate_", code) and "=" + '"…"' not in code
    ]
    assert len(queries) >= 5
    rules = [{"record": f"tried:{place}", "expr": query} for place, query in enumerate(queries)]
    # Every JSON document is a YAML document.
    (tmp_path / "rules.yaml").write_text(json.dumps({"groups": [{"name": "tried", "rules": rules}]}))
    assert promtool.check(tmp_path / "rules.yaml") == ""


def test_every_command_about_rules_works(tmp_path):
    (tmp_path / "tallygate.yaml").write_text(CONFIG)
    block = re.search(r"^```sh\n(tallygate rules.*?)^```", RUNBOOKS, re.MULTILINE | re.DOTALL)[1]
    lines = [line.split("#")[0].split(">")[0].split() for line in block.splitlines() if line.startswith("tallygate")]
    assert len(lines) == 3
    for _, *arguments in lines:
        result = command(*arguments, cwd=tmp_path)
        assert result.returncode == 0 and "groups:" in result.stdout, result.stderr


def test_every_section_it_links_to_is_there():
    for page, anchor in re.findall(r"\]\(([\w./-]*)#([\w-]+)\)", RUNBOOKS):
        text = (DOCS / page).read_text() if page else RUNBOOKS
        anchors = {
            re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        }
        assert anchor in anchors, (page, anchor)
