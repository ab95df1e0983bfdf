"""Every command that a page tells people to type is run here, or it says here why not and what proves it instead."""

import re
import shutil
import subprocess

import pytest
from harness.docs import PAGES, ROOT, aimed, blocks
from harness.sidecar import binary, environment

TOKEN = "operator-token-that-is-long-enough-0123456789"
MINUTES = "takes minutes; that the target is there is checked below"
CLUSTER = "needs a cluster; test_kubernetes.py proves the manifests against the schemas"

# The first line of a block that is not run here.
ELSEWHERE = {
    "README.md": {
        "make run ": MINUTES,
        "# Usage, as any statsd client": "run by test_readme.py",
        "tallygate validate tallygate.yaml ": "runs until it is stopped: test_readme.py validates, test_reload.py reloads",
    },
    "docs/forecasting.md": {
        "tallygate replay servegen_10min_": "needs a data set that is not ours; unit tests replay the shipped traces",
        "tallygate replay burstgpt1_": "needs a data set that is not ours",
    },
    "docs/image.md": {"make image ": MINUTES, "docker run": "needs a container engine; test_image.py runs the same root"},
    "docs/integrations.md": {
        "# What a call used": "run by test_integrations.py", "curl -sf http": "run by test_integrations.py",
    },
    "docs/kubernetes.md": {"kubectl create namespace": CLUSTER},
    "docs/performance.md": {
        "make bench ": MINUTES, "make bench-core ": MINUTES, "make bench-state ": MINUTES, "make bench-growth ": MINUTES,
        "make order ": MINUTES,
        "make instructions ": "`make test` runs it", "objcopy --strip-debug": "`make instructions` runs the same program",
    },
    "docs/runbooks.md": {"kubectl port-forward": CLUSTER},
    "docs/state-format.md": {"TALLYGATE=.build": "takes minutes; test_crash.py does a few of its rounds"},
}


def commands():
    for page in PAGES:
        name = str(page.relative_to(ROOT))
        for number, block in enumerate(blocks(page.read_text(), "sh")):
            yield name, number, block


def reason(name, block):
    return next((why for start, why in ELSEWHERE.get(name, {}).items() if block.startswith(start)), None)


RUN_HERE = [(name, number) for name, number, block in commands() if reason(name, block) is None]


def test_no_reason_has_outlived_its_command():
    for name, reasons in ELSEWHERE.items():
        for start in reasons:
            assert any(page == name and block.startswith(start) for page, _, block in commands()), (name, start)


def test_other_languages_of_shells_do_not_slip_through():
    for page in PAGES:
        for language in ("bash", "shell", "zsh"):
            assert not blocks(page.read_text(), language), f"{page}: write sh, so that its commands are run"


@pytest.fixture
def place(start, tmp_path):
    """A folder as a person has it: a configuration, a state that a sidecar left, a job of their own, `tallygate`."""
    folder = tmp_path / "place"
    (folder / "k8s" / "base").mkdir(parents=True)
    for needed in ("bin", "etc/bash_completion.d", ".config/fish/completions"):
        (folder / needed).mkdir(parents=True)
    shipped = (ROOT / "config" / "tallygate.yaml").read_text()
    # One label more, for the reports by team.
    (folder / "tallygate.yaml").write_text(shipped.replace("token_type]", "token_type, team]"))
    (folder / "bin" / "tallygate").symlink_to(binary())
    job = folder / "bin" / "my-batch-job"
    job.write_text("#!/bin/sh\necho 'tokens:800|c|#agent:batch,kind:input'\n")
    job.chmod(0o755)
    (folder / "operator.token").write_text(TOKEN + "\n")
    sidecar = start(
        (folder / "tallygate.yaml").read_text(), flags=["--control.operator-token-file", folder / "operator.token"])
    sidecar.control("POST", "/v1/usage", {"tags": {"agent": "researcher"}, "tokens": 800})
    authorized = {"Authorization": f"Bearer {TOKEN}"}
    assert sidecar.control("POST", "/-/snapshot", headers=authorized).status_code == 200
    (folder / "backup.snapshot").write_bytes(sidecar.web("/snapshot").content)
    shutil.copytree(sidecar.state, folder / "state")
    return folder, sidecar


@pytest.mark.parametrize("name, number", RUN_HERE)
def test_it_works_as_it_stands_there(place, name, number):
    folder, sidecar = place
    script = aimed(blocks((ROOT / name).read_text(), "sh")[number], sidecar)
    script = script.replace("/var/lib/tallygate", str(folder / "state")).replace("/etc/", f"{folder}/etc/")
    # A stream has no end of its own; curl's word for the end that is set here is 28.
    script = script.replace("curl -N", "curl -N --max-time 1")
    script = script.replace("--stdin", "--stdin " + " ".join(
        f"--{listener}.listen-address 127.0.0.1:0" for listener in ("udp", "web", "control")))
    # A person would see curl's silent 404; here it fails.
    script = re.sub(r"\bcurl ", "curl --fail-with-body ", script)
    # Whoever runs the tests keeps their own files: nothing is written but in this folder.
    for target in re.findall(r">\s*\"?(/[^\s\"]*)", script):
        assert target.startswith((str(folder), "/dev/udp/")), f"the test would write {target}"
    # zsh's own; in bash it is nothing, and the root of the disk would be written to.
    script = "fpath=(. .)\n" + script
    result = subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, capture_output=True, text=True, timeout=60, check=False,
        env=environment() | {"PATH": f"{folder / 'bin'}:/usr/sbin:/usr/bin:/sbin:/bin", "OPERATOR_TOKEN": TOKEN, "HOME": str(folder),
                             "TALLYGATE_CONTROL": sidecar.addresses["control"]})
    assert result.returncode == (28 if "--max-time" in script else 0), result.stdout + result.stderr
    assert result.stdout or "> " in script, "it says nothing at all"


def test_every_make_target_that_a_page_names_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set()
    for page in PAGES:
        text = page.read_text()
        named |= set(re.findall(r"`make ([a-z-]+)", text))
        for block in blocks(text, "sh"):
            named |= set(re.findall(r"^make ([a-z-]+)", block, re.MULTILINE))
    assert {"run", "test", "bench"} <= named
    assert named <= targets, named - targets
