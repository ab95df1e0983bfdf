"""docs/integrations.md: every example is run as it stands there, against a sidecar, by the client that it is for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from harness.docs import ROOT, aimed, blocks
from harness.prometheus import part
from harness.sidecar import environment

PAGE = (ROOT / "docs" / "integrations.md").read_text()
# Frameworks with many dependencies have an environment of their own.
CLIENTS = ROOT / ".venv" / "clients" / "bin" / "python"

BUDGETS = """
labels: [agent, user, model, token_type, team]
budgets:
  - { name: daily, per: [agent], limit: { tokens: 100_000 }, window: { calendar: day } }
"""


def examples(heading, language):
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = blocks(section, language)
    assert found, (heading, language)
    return found


def run(*command, seconds=60, **options):
    result = subprocess.run(
        [str(one) for one in command], capture_output=True, text=True, timeout=seconds, check=False,
        env=environment() | {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def clients():
    assert CLIENTS.exists(), f"{CLIENTS} is not there: `make integration` makes it"
    return CLIENTS


def counted(sidecar, wanted, **labels):
    """Waits until the counters have arrived at these tokens by kind."""
    for kind, number in wanted.items():
        sidecar.expect_total("tallygate_tokens_total", number, token_type=kind, **labels)
    others = sidecar.total("tallygate_tokens_total", **labels)
    assert others == sum(wanted.values())


def settled(sidecar, agent):
    """No hold is left; tokens and calls of the counting and of the settled call together."""
    counted(sidecar, {"input": 800 + 790, "output": 150 + 120}, agent=agent, model="gpt-4o")
    account = sidecar.account("daily", agent=agent)
    assert (account["used"], account["reserved"]) == (800 + 790 + 150 + 120, 0)


def test_shell(start):
    sidecar = start(BUDGETS)
    (script,) = examples("Shell", "sh")
    run("bash", "-euo", "pipefail", "-c", aimed(script, sidecar))
    settled(sidecar, "script")


def test_python(start):
    sidecar = start(BUDGETS)
    counting, asking = examples("Python", "python")
    run(sys.executable, "-c", aimed(counting, sidecar))
    run(sys.executable, "-c", aimed(asking, sidecar))
    settled(sidecar, "researcher")


def test_python_gives_back_what_failed_and_is_told_what_is_spent(start):
    sidecar = start(BUDGETS)
    _, asking = examples("Python", "python")
    told = run(sys.executable, "-c", aimed(asking, sidecar) + """
try:
    with budget({"agent": "broken"}, {"input": 100}):
        raise RuntimeError("no answer")
except RuntimeError as error:
    print(error)
with budget({"agent": "greedy"}, {"input": 60_000}):
    pass
try:
    with budget({"agent": "greedy"}, {"input": 60_000}):
        print("granted")
except BudgetExhausted as error:
    print("refused", error.retry_after > 0)
""")
    assert told.split("\n")[:2] == ["no answer", "refused True"]
    account = sidecar.account("daily", agent="broken")
    assert (account["used"], account["reserved"]) == (0, 0)


def test_typescript(start, tmp_path):
    sidecar = start(BUDGETS)
    (program,) = examples("TypeScript", "typescript")
    # Its types are all inferred, so that it is JavaScript too, and Debian's Node runs it.
    (tmp_path / "example.mjs").write_text(aimed(program, sidecar))
    run(part("node"), tmp_path / "example.mjs")
    sidecar.expect_total("tallygate_tokens_total", 800, agent="planner", model="gpt-4o", token_type="input")
    counted(sidecar, {"input": 800 + 790, "output": 150 + 120}, agent="planner")
    assert sidecar.account("daily", agent="planner")["reserved"] == 0


def test_go(start, tmp_path):
    sidecar = start(BUDGETS)
    (program,) = examples("Go", "go")
    (tmp_path / "main.go").write_text(aimed(program, sidecar))
    result = subprocess.run(
        [part("go"), "run", tmp_path / "main.go"], capture_output=True, text=True, timeout=300, check=False,
        env=environment() | {"GOCACHE": str(tmp_path / "cache"), "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"})
    assert result.returncode == 0, result.stderr
    settled(sidecar, "coder")


def test_a_response_as_it_came(start):
    sidecar = start(BUDGETS)
    (script,) = examples("Responses of OpenAI, Anthropic and Gemini", "sh")
    for _ in range(2):
        run("bash", "-euo", "pipefail", "-c", aimed(script, sidecar))
    counted(sidecar, {"input": 600, "cache_read": 4000, "output": 90}, agent="writer", model="claude-sonnet-4-5")


def test_langchain(start):
    """A model that answers what it is told to, through the real callbacks of langchain-core."""
    sidecar = start(BUDGETS)
    (handler,) = examples("LangChain", "python")
    run(clients(), "-c", aimed(handler, sidecar) + """
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

message = AIMessage("Hello", response_metadata={"model_name": "gpt-4o"}, usage_metadata={
    "input_tokens": 1000, "output_tokens": 300, "total_tokens": 1300,
    "input_token_details": {"cache_read": 400, "cache_creation": 50}, "output_token_details": {"reasoning": 200}})
model = GenericFakeChatModel(messages=iter([message]))
model.invoke("Hi", config={"callbacks": [CountUsage(agent="chain", user="alice")]})
""")
    counted(
        sidecar, {"input": 550, "cache_read": 400, "cache_write": 50, "output": 100, "reasoning": 200}, agent="chain",
        user="alice", model="gpt-4o")
    assert sidecar.total("tallygate_requests_total", agent="chain") == 1


def test_litellm(start):
    """LiteLLM's own callback posts its own payload; only the model's answer is made up, by LiteLLM itself."""
    sidecar = start(BUDGETS)
    (program,) = examples("LiteLLM", "python")
    answered = "content\": question}], user=\"alice\","
    assert answered in program
    program = program.replace(answered, answered + " mock_response=\"Hello\",")
    output = run(clients(), "-c", aimed(program, sidecar) + """
import asyncio, json, time, urllib.request

sizes = []
send = GenericAPILogger.async_send_batch

async def measured(logger):
    sizes.append(len(json.dumps(logger.log_queue, default=str)))
    await send(logger)

GenericAPILogger.async_send_batch = measured

async def main():
    response = await answer("Hi there")
    # The callback posts in the background.
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        await asyncio.sleep(0.1)
        with urllib.request.urlopen(f"http://{WEB}/metrics") as page:
            if b'tallygate_requests_total{agent="researcher"' in page.read():
                break
    print(sizes[0])

asyncio.run(main())
""".replace("{WEB}", sidecar.addresses["web"]))
    labels = {"agent": "researcher", "user": "alice", "model": "gpt-4o", "team": "search"}
    counted(sidecar, {"input": 10, "output": 20}, **labels)
    assert sidecar.total("tallygate_requests_total", **labels) == 1
    (variables,) = examples("LiteLLM", "console")
    batch = int(re.search(r"^DEFAULT_BATCH_SIZE=([0-9]+)", variables, re.MULTILINE)[1])
    assert 5_000 < int(output.split()[-1]) < (1 << 20) / batch, "a batch of the page's size would be refused"


def test_the_proxy_needs_what_the_page_says():
    """The names of LiteLLM's own settings, from LiteLLM itself."""
    (config,) = examples("LiteLLM", "yaml")
    (variables,) = examples("LiteLLM", "console")
    # Found without being loaded, which takes seconds.
    program = "from importlib.util import find_spec; print(find_spec('litellm').origin)"
    package = Path(run(clients(), "-c", program).strip()).parent
    assert "\nturn_off_message_logging: " in (package / "__init__.py").read_text()
    assert "turn_off_message_logging: true" in config
    known = (package / "litellm_core_utils" / "custom_logger_registry.py").read_text()
    assert '"generic_api": GenericAPILogger' in known and "callbacks: [generic_api]" in config
    source = (package / "integrations" / "generic_api" / "generic_api_callback.py").read_text()
    source += (package / "constants.py").read_text()
    for variable in re.findall(r"^[A-Z_]+", variables, re.MULTILINE):
        assert variable in source


def test_opentelemetry_names(start):
    sidecar = start(BUDGETS, flags=["--web.otel-names"])
    sidecar.send_udp(
        "tokens:10|c|#agent:a,model:m,kind:input\ntokens:5|c|#agent:a,model:m,kind:cache_read\n"
        "tokens:7|c|#agent:a,model:m,kind:output\nduration:1500|ms|#agent:a,model:m")
    labels = {"gen_ai_agent_name": "a", "gen_ai_request_model": "m", "gen_ai_token_modality": "unknown"}
    sidecar.expect_total("gen_ai_client_inference_usage_output_tokens_total", 7, **labels)
    for page in sidecar.both_pages():
        assert page.total("gen_ai_client_inference_usage_input_tokens_total", **labels) == 15
        assert page.total("gen_ai_client_inference_usage_cache_read_input_tokens_total", **labels) == 5
        assert page.total("gen_ai_client_operation_duration_seconds_sum", gen_ai_agent_name="a") == 1.5
    text = sidecar.web("/metrics").text
    result = subprocess.run(
        [part("promtool"), "check", "metrics"], input=text, capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "gen_ai" not in start(BUDGETS, directory=sidecar.directory / "without").web("/metrics").text
