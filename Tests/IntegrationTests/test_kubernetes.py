"""The shipped manifests: valid, restricted, and true to what the binary really offers."""

import re
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from harness.sidecar import command

MANIFESTS = Path(__file__).parents[2] / "k8s"
OLDEST = "1.29"


def documents(name):
    return [document for document in yaml.safe_load_all((MANIFESTS / name).read_text()) if document]


def of_kind(kind):
    return next(document for document in documents("sidecar.yaml") if document["kind"] == kind)


def pod():
    return of_kind("Deployment")["spec"]["template"]


def sidecar_container():
    return next(entry for entry in pod()["spec"]["initContainers"] if entry["name"] == "tallygate")


@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
def test_every_document_is_valid(version):
    for document in documents("sidecar.yaml"):
        kubernetes_validate.validate(document, version, strict=True)


def test_the_validator_would_notice_a_wrong_key():
    wrong = of_kind("Deployment")
    wrong["spec"]["template"]["spec"]["initContainers"][0]["restartPolice"] = "Always"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, OLDEST, strict=True)


def test_it_is_a_native_sidecar_with_restricted_rights():
    container = sidecar_container()
    assert container["restartPolicy"] == "Always"
    security = container["securityContext"]
    assert security["readOnlyRootFilesystem"] is True
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    everyone = pod()["spec"]["securityContext"]
    assert everyone["runAsNonRoot"] is True and everyone["seccompProfile"] == {"type": "RuntimeDefault"}


def test_its_configuration_passes_validate(tmp_path):
    for name, text in of_kind("ConfigMap")["data"].items():
        (tmp_path / name).write_text(text)
        result = command("validate", tmp_path / name)
        assert result.returncode == 0, result.stderr


def test_it_uses_only_flags_that_run_knows():
    verb, *flags = sidecar_container()["args"]
    known = command(verb, "--help").stdout
    for flag in flags:
        assert re.search(re.escape(flag.split("=")[0]) + r"\b", known), flag


def test_a_sidecar_started_as_the_manifest_says_answers_its_probes(start):
    container = sidecar_container()
    limit = next(flag for flag in container["args"] if flag.startswith("--max-series"))
    sidecar = start(of_kind("ConfigMap")["data"]["tallygate.yaml"], flags=[limit])
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        question = container[probe]["httpGet"]
        assert f"--web.listen-address=:{ports[question['port']]}" in container["args"]
        assert sidecar.web(question["path"]).status_code == 200
    assert sidecar.resident_mib() < 24, "the memory request is what an idle sidecar takes"


def test_the_pod_monitor_names_a_port_and_label_of_the_pod():
    (monitor,) = documents("podmonitor.yaml")
    assert (monitor["apiVersion"], monitor["kind"]) == ("monitoring.coreos.com/v1", "PodMonitor")
    assert monitor["spec"]["selector"]["matchLabels"].items() <= pod()["metadata"]["labels"].items()
    ports = {port["name"] for port in sidecar_container()["ports"]}
    assert {endpoint["port"] for endpoint in monitor["spec"]["podMetricsEndpoints"]} <= ports
