"""docs/commands.md: its examples are replayed, and answer as they stand there."""

import re
import subprocess
from pathlib import Path

from harness.sidecar import binary, environment
from harness.waiting import eventually

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
TOKEN = "operator-token-that-is-long-enough-0123456789"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def examples():
    """Each command with what stands below it."""
    for block in blocks("console"):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, shown = example.partition("\n")
            yield line, shown


def timeless(text):
    """Without what depends on the hour."""
    return re.sub(r"try again in \S+", "try again in …", text)


def test_the_examples_answer_as_they_stand_there(start, tmp_path):
    token = tmp_path / "operator.token"
    token.write_text(TOKEN + "\n")
    (config,) = blocks("yaml")
    (usage,) = blocks("usage")
    sidecar = start(config, flags=["--control.operator-token-file", token])
    sidecar.send_udp(usage)
    eventually(lambda: sidecar.total("tallygate_requests_total"), 49)
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "tallygate").symlink_to(binary())
    variables = {
        "PATH": f"{folder}:/usr/bin:/bin", "TALLYGATE_CONTROL": sidecar.addresses["control"],
        "TALLYGATE_TOKEN_FILE": str(token),
    }
    count = 0
    for line, shown in examples():
        result = subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, timeout=30, env=environment() | variables)
        assert timeless(result.stdout + result.stderr) == timeless(shown), line
        count += 1
    assert count >= 15
