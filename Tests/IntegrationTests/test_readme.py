"""What the README tells people to type works as it stands there."""

import re
import subprocess
from pathlib import Path

from harness.prometheus import part
from harness.sidecar import command

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def blocks(language, heading):
    """The fenced blocks of one language under one heading."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert found, (language, heading)
    return found


def test_the_first_budget_is_valid(tmp_path):
    for text in blocks("yaml", "A first budget"):
        (tmp_path / "tallygate.yaml").write_text(text)
        result = command("validate", tmp_path / "tallygate.yaml")
        assert result.returncode == 0, result.stderr


def test_the_shipped_configuration_is_valid():
    result = command("validate", ROOT / "config" / "tallygate.yaml")
    assert result.returncode == 0, result.stderr


def test_what_one_can_try_answers_as_promised(start):
    sidecar = start((ROOT / "config" / "tallygate.yaml").read_text())
    script = "\n".join(blocks("sh", "Try it"))
    host, port = sidecar.udp
    for shown, real in {
        "/dev/udp/127.0.0.1/8125": f"/dev/udp/{host}/{port}",
        "127.0.0.1:9465": sidecar.addresses["web"],
        "127.0.0.1:9466": sidecar.addresses["control"],
    }.items():
        assert shown in script
        script = script.replace(shown, real)

    part("curl")
    # A person takes longer to reach for the second command than a datagram takes to be counted; a script does not.
    usage, questions = script.split("# What Prometheus sees:", 1)
    subprocess.run(["bash", "-e", "-c", usage], check=True, timeout=10)
    sidecar.expect_total("tallygate_tokens_total", 800, agent="researcher")

    result = subprocess.run(["bash", "-e", "-c", questions], capture_output=True, text=True, timeout=10, check=False)
    assert result.returncode == 0, result.stderr
    assert 'tallygate_tokens_total{agent="researcher"' in result.stdout
    assert '"id":' in result.stdout and '"agent-daily"' in result.stdout
    account = sidecar.account("agent-daily", agent="researcher")
    assert (account["used"], account["reserved"]) == (800, 1000)
