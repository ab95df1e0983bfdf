"""The container image and what a release consists of: well formed, the same each time, runnable as the manifest says."""

import gzip
import hashlib
import io
import json
import os
import signal
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import requests
from harness.kustomize import ROOT as MANIFESTS
from harness.kustomize import build, pods
from harness.sidecar import binary
from harness.waiting import eventually

SCRIPTS = Path(__file__).parents[2] / "scripts" / "release"
CONFINED = Path(__file__).parent / "harness" / "confined.py"
POD = pods(build(MANIFESTS / "overlays" / "native-sidecar"))[0][1]["spec"]
SIDECAR = POD["initContainers"][0]
USER = POD["securityContext"]["runAsUser"]

CONFIG = """
budgets:
  - { name: daily, per: [agent], limit: { tokens: 1000 }, window: { calendar: day, timezone: Europe/Berlin } }
"""


def script(name, output):
    command = [sys.executable, SCRIPTS / name, "--binary", binary(), "--output", output]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    return output


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    return script("image.py", tmp_path_factory.mktemp("image") / "layout")


def blob(layout, descriptor):
    """What a descriptor names, checked against its digest and size."""
    content = (layout / "blobs" / Path(*descriptor["digest"].split(":"))).read_bytes()
    assert descriptor["digest"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert descriptor["size"] == len(content)
    return content


def manifest(layout):
    (descriptor,) = json.loads((layout / "index.json").read_text())["manifests"]
    return json.loads(blob(layout, descriptor))


def configuration(layout):
    return json.loads(blob(layout, manifest(layout)["config"]))


def layers(layout):
    return [gzip.decompress(blob(layout, descriptor)) for descriptor in manifest(layout)["layers"]]


@pytest.fixture
def root(layout, tmp_path):
    """The image's files, and the places that a container runtime mounts something at."""
    folder = tmp_path / "root"
    folder.mkdir()
    for layer in layers(layout):
        subprocess.run(["tar", "-x", "-p", "--numeric-owner", "-C", folder], input=layer, check=True)
    for mounted in ("proc", "etc/tallygate", "etc/tallygate-operator"):
        (folder / mounted).mkdir(parents=True)
    return folder


def test_every_blob_is_what_its_digest_says_and_every_blob_is_named(layout):
    assert json.loads((layout / "oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
    (index,) = json.loads((layout / "index.json").read_text())["manifests"]
    named = {entry["digest"] for entry in (index, manifest(layout)["config"], *manifest(layout)["layers"])}
    assert named == {f"sha256:{path.name}" for path in (layout / "blobs" / "sha256").iterdir()}
    unpacked = [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers(layout)]
    assert configuration(layout)["rootfs"]["diff_ids"] == unpacked


def test_it_holds_one_program_time_zones_and_nothing_else(layout):
    files = [
        entry for layer in layers(layout) for entry in tarfile.open(fileobj=io.BytesIO(layer)) if not entry.isdir()
    ]
    assert {entry.name for entry in files if not entry.name.startswith("usr/share/zoneinfo/")} == {"tallygate"}
    assert "usr/share/zoneinfo/Europe/Berlin" in {entry.name for entry in files}
    assert not any(entry.mode & (stat.S_ISUID | stat.S_ISGID) for entry in files)
    assert sum(descriptor["size"] for descriptor in manifest(layout)["layers"]) < 16 << 20


def test_it_runs_as_the_manifests_user_and_starts_the_binary(layout):
    config = configuration(layout)["config"]
    assert config["User"] == f"{USER}:{POD['securityContext']['runAsGroup']}"
    assert config["Entrypoint"] == ["/tallygate"] and config["Cmd"][0] == SIDECAR["args"][0] == "run"


def test_the_dockerfile_makes_the_same_image(layout):
    """What can be compared without a container engine: the settings."""
    text = (SCRIPTS.parents[1] / "Dockerfile").read_text()
    config = configuration(layout)["config"]
    stage = text.split("FROM scratch\n")[1]
    assert f"USER {config['User']}\n" in stage and f"ENTRYPOINT {json.dumps(config['Entrypoint'])}\n" in stage
    assert f"CMD {json.dumps(config['Cmd'])}\n" in stage and f"ENV {config['Env'][0]}\n" in stage
    assert set(stage.split("EXPOSE ")[1].split("\n")[0].split()) == set(config["ExposedPorts"])


@pytest.fixture
def mounts():
    if os.environ.get("TEST_WITHOUT_MOUNTS"):
        pytest.skip("TEST_WITHOUT_MOUNTS is set: nothing is run in a root of its own")
    assert os.getuid() == 0, "a root of its own takes mounts: run as root, or set TEST_WITHOUT_MOUNTS=1 to do without"


@pytest.fixture
def contained(mounts, layout, root, tmp_path):
    """The sidecar in the image's root, with the manifest's flags and restrictions, on ports of its own."""
    for name in ("config", "operator", "state"):
        (tmp_path / name).mkdir()
    os.chown(tmp_path / "state", USER, USER)
    (tmp_path / "config" / "tallygate.yaml").write_text(CONFIG)
    (tmp_path / "operator" / "token").write_text("0123456789abcdef\n")
    given = [f"{f.split('=')[0]}=127.0.0.1:0" if ".listen-address=" in f else f for f in SIDECAR["args"]]
    given.append("--ready-file=/var/lib/tallygate/ready.json")
    folders = [
        f"{tmp_path}/config=/etc/tallygate:ro",
        f"{tmp_path}/operator=/etc/tallygate-operator:ro",
        f"{tmp_path}/state=/var/lib/tallygate",
        "/proc=/proc",
    ]
    entry = [*configuration(layout)["config"]["Entrypoint"], *given]
    command = ["unshare", "--mount", sys.executable, CONFINED, root, str(USER), *folders, "--", *entry]
    with open(tmp_path / "log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    ready = tmp_path / "state" / "ready.json"
    try:
        eventually(lambda: ready.exists() or process.poll(), lambda value: value, 10, entry)
        assert process.poll() is None, (tmp_path / "log").read_text()
        yield process, json.loads(ready.read_text()), tmp_path / "state"
    finally:
        process.kill()
        process.wait()


def test_it_works_without_rights_on_a_root_that_cannot_be_written_to(contained):
    process, addresses, state = contained
    own = dict(line.split(":\t", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
    assert set(own["Uid"].split()) == {str(USER)} and own["NoNewPrivs"] == "1"
    assert int(own["CapEff"], 16) == int(own["CapBnd"], 16) == 0
    mounted = [line.split() for line in Path(f"/proc/{process.pid}/mountinfo").read_text().splitlines()]
    (root,) = [fields[5] for fields in mounted if fields[4] == "/"]
    assert "ro" in root.split(",")

    call = {"tags": {"agent": "a"}, "tokens": {"input": 100}, "requests": 1}
    held = requests.post(f"http://{addresses['control']}/v1/reservations", json=call, timeout=10)
    assert held.status_code == 201, held.text
    page = requests.get(f"http://{addresses['web']}/metrics", timeout=10).text
    assert 'tallygate_budget_reserved{budget="daily",unit="tokens",window="day",agent="a"} 100' in page
    assert "tallygate_state_durable 1" in page and "process_resident_memory_bytes" in page

    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    assert (state / "snapshot").exists() or list(state.glob("snapshot*"))


def test_a_release_has_binary_image_checksums_and_bill_of_materials_the_same_each_time(tmp_path):
    first, second = script("", tmp_path / "first"), script("", tmp_path / "second")
    files = {path.name: path.read_bytes() for path in first.iterdir()}
    assert files == {path.name: path.read_bytes() for path in second.iterdir()}
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=first, check=False).returncode == 0
    (program,) = [name for name in files if name.endswith(("-amd64", "-arm64"))]
    assert files.keys() == {program, f"{program}.oci.tar", f"{program}.cdx.json", "SHA256SUMS"}
    assert subprocess.run([first / program, "--version"], capture_output=True, check=True).stdout

    bill = json.loads(files[f"{program}.cdx.json"])
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["hashes"][0]["content"] == hashlib.sha256(files[program]).hexdigest()
    references = [entry["bom-ref"] for entry in bill["components"]]
    assert len(set(references)) == len(references) and bill["dependencies"][0]["dependsOn"] == references
    assert {"swift-nio", "libyaml-dev", "zlib1g-dev", "libc6-dev", "swift-runtime"} <= {
        c["name"] for c in bill["components"]
    }
    # The schema of CycloneDX itself, strictly, as checkov's library brings it.
    validate = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
for text in sys.stdin.read().split("\\0"):
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    print("valid" if error is None else str(error).splitlines()[0])
"""
    python = Path(sys.prefix) / "checkov" / "bin" / "python"
    broken = json.dumps(bill | {"componentz": []})
    told = subprocess.run(
        [python, "-c", validate], input="\0".join([json.dumps(bill), broken]), capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[0] == "valid"
    assert "componentz" in told.stdout.splitlines()[1]
