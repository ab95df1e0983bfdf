"""The shipped manifests: valid, restricted, and true to what the binary really offers."""

import json
import os
import re
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from harness import kustomize
from harness.kustomize import OVERLAYS, build, containers, pods
from harness.sidecar import command
from harness.waiting import eventually

OLDEST = "1.29"
OURS = {"PodMonitor": "monitoring.coreos.com/v1", "PrometheusRule": "monitoring.coreos.com/v1"}
BUILT = {name: build(kustomize.ROOT / "overlays" / name) for name in OVERLAYS}
EVERY = pytest.mark.parametrize("overlay", OVERLAYS)

# What checkov asks for and these manifests do without.
NOT_ASKED = {
    "CKV_K8S_11": "a limit on CPU would make the sidecar answer late and drop datagrams",
    "CKV_K8S_43": "digests belong to your registry's images, not to examples",
    "CKV_K8S_15": "IfNotPresent, the default for a tag, starts without the registry",
    "CKV_K8S_8": "of the example agent, which is yours",
    "CKV_K8S_9": "of the example agent, which is yours",
}

# Where the schemas know a string only: the values that the API server takes.
ENUMS = {
    "restartPolicy": {"Always", "OnFailure", "Never"},
    "protocol": {"TCP", "UDP", "SCTP"},
    "imagePullPolicy": {"Always", "IfNotPresent", "Never"},
    "policyTypes": {"Ingress", "Egress"},
    "drop": {"ALL"},
    "medium": {"", "Memory"},
    "pod-security.kubernetes.io/enforce": {"privileged", "baseline", "restricted"},
}


def of_kind(overlay, kind):
    return next(entry for entry in BUILT[overlay] if entry["kind"] == kind)


def sidecar_of(pod):
    return next(entry for entry in containers(pod) if entry["name"] == "tallygate")


def sidecars():
    return [(name, pod, sidecar_of(pod)) for overlay in OVERLAYS for name, pod in pods(BUILT[overlay])]


def flags(container):
    return dict(flag.removeprefix("--").partition("=")[::2] for flag in container["args"][1:])


def wrong_enums(value, key=None):
    """(key, value) of every string that its key does not allow."""
    if isinstance(value, dict):
        return [wrong for name, entry in value.items() for wrong in wrong_enums(entry, name)]
    if isinstance(value, list):
        return [wrong for entry in value for wrong in wrong_enums(entry, key)]
    return [(key, value)] if key in ENUMS and value not in ENUMS[key] else []


@EVERY
@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
def test_every_document_is_valid(overlay, version):
    for document in BUILT[overlay]:
        if document["kind"] in OURS:
            assert document["apiVersion"] == OURS[document["kind"]]
        else:
            kubernetes_validate.validate(document, version, strict=True)
    assert wrong_enums(BUILT[overlay]) == []


@pytest.mark.parametrize("key, value", [("restartPolice", "Always"), ("restartPolicy", 1)])
def test_the_validator_would_notice_a_wrong_key_or_type(key, value):
    wrong = deepcopy(of_kind("native-sidecar", "Deployment"))
    wrong["spec"]["template"]["spec"]["initContainers"][0][key] = value
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, OLDEST, strict=True)


def test_a_wrong_enum_would_be_noticed():
    assert wrong_enums({"initContainers": [{"restartPolicy": "always"}]}) == [("restartPolicy", "always")]


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="the builder is compared with kubectl where there is one")
@EVERY
def test_kubectl_builds_the_same(overlay):
    result = subprocess.run(
        ["kubectl", "kustomize", kustomize.ROOT / "overlays" / overlay],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    def sorted_by_name(objects):
        return sorted(objects, key=lambda entry: (entry["kind"], entry["metadata"]["name"]))

    assert sorted_by_name(yaml.safe_load_all(result.stdout)) == sorted_by_name(BUILT[overlay])


def test_checkov_finds_nothing_but_what_is_left_out_on_purpose(tmp_path):
    checkov = os.environ.get("CHECKOV", Path(sys.prefix) / "checkov" / "bin" / "checkov")
    assert os.access(checkov, os.X_OK), f"{checkov} is not there; `make integration` installs it"
    for overlay in OVERLAYS:
        (tmp_path / f"{overlay}.yaml").write_text(yaml.safe_dump_all(BUILT[overlay]))
    result = subprocess.run(
        [
            checkov,
            "--directory",
            tmp_path,
            "--framework",
            "kubernetes",
            "--output",
            "json",
            "--compact",
            "--quiet",
            "--skip-download",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    report = json.loads(result.stdout)
    assert report["summary"]["passed"] > 100, result.stderr
    failed = {check["check_id"]: check["check_name"] for check in report["results"]["failed_checks"]}
    assert failed.keys() == NOT_ASKED.keys(), failed


@EVERY
def test_pods_ask_for_no_more_than_the_restricted_profile_allows(overlay):
    """https://kubernetes.io/docs/concepts/security/pod-security-standards, version of Kubernetes 1.34."""
    assert of_kind(overlay, "Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for name, pod in pods(BUILT[overlay]):
        spec = pod["spec"]
        assert not spec.keys() & {"hostNetwork", "hostPID", "hostIPC", "serviceAccountName"}, name
        assert spec["automountServiceAccountToken"] is False and spec["enableServiceLinks"] is False
        everyone = spec["securityContext"]
        assert everyone["runAsNonRoot"] is True and everyone["runAsUser"] > 10_000
        assert everyone["seccompProfile"] == {"type": "RuntimeDefault"}
        assert all(volume.keys() & {"configMap", "secret", "emptyDir"} for volume in spec["volumes"])
        for container in containers(pod):
            security = container["securityContext"]
            assert security == {
                "readOnlyRootFilesystem": True,
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            }, container["name"]
            assert not any("hostPort" in port for port in container.get("ports", ()))


def test_a_native_sidecar_is_an_init_container_that_is_always_restarted():
    for name, pod in pods(BUILT["native-sidecar"]):
        assert [entry["name"] for entry in pod["spec"]["initContainers"]] == ["tallygate"], name
        assert sidecar_of(pod)["restartPolicy"] == "Always"
    assert {name for name, _ in pods(BUILT["native-sidecar"])} == {"agent", "batch"}


def test_only_native_sidecars_stand_beside_a_job():
    """A Job is done when its ordinary containers are: Tallygate is none of them there."""
    job = of_kind("native-sidecar", "Job")["spec"]["template"]["spec"]
    assert [entry["name"] for entry in job["containers"]] == ["batch"] and job["restartPolicy"] == "Never"
    assert not [entry for entry in BUILT["container"] if entry["kind"] == "Job"]


def test_both_variants_run_the_same_sidecar():
    first, *others = [
        {key: value for key, value in entry.items() if key != "restartPolicy"} for _, _, entry in sidecars()
    ]
    assert len(others) == 2 and all(other == first for other in others)


def test_the_configuration_passes_validate_and_the_rules_are_written_for_it(tmp_path):
    (tmp_path / "tallygate.yaml").write_text(of_kind("container", "ConfigMap")["data"]["tallygate.yaml"])
    result = command("validate", tmp_path / "tallygate.yaml")
    assert result.returncode == 0, result.stderr
    written = command("rules", "--config", tmp_path / "tallygate.yaml", "--format", "prometheusrule").stdout
    assert (kustomize.ROOT / "base" / "prometheus-rule.yaml").read_text() == written


def test_it_uses_only_flags_that_run_knows():
    for _, _, container in sidecars():
        assert container["args"][0] == "run"
        known = command("run", "--help").stdout
        for flag in flags(container):
            assert re.search(rf"--{re.escape(flag)}[\s,]", known), flag


def test_every_file_that_a_flag_names_is_mounted():
    for name, pod, container in sidecars():
        mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        given = flags(container)
        config = volumes[mounts[os.path.dirname(given["config"])]["name"]]["configMap"]["name"]
        assert config == of_kind("container", "ConfigMap")["metadata"]["name"], name
        assert volumes[mounts[os.path.dirname(given["control.operator-token-file"])]["name"]]["secret"]
        assert volumes[mounts[given["state.dir"]]["name"]]["emptyDir"]["sizeLimit"]
        assert not any("subPath" in mount for mount in mounts.values()), "a subPath never changes"


@pytest.fixture
def as_in_the_manifest(start, tmp_path):
    """The sidecar with the manifest's configuration and flags; addresses and folders are the test's."""
    token = tmp_path / "token"
    token.write_text("0123456789abcdef\n")
    container = sidecars()[0][2]
    kept = [f"--max-series={flags(container)['max-series']}", "--control.operator-token-file", token]
    return start(of_kind("container", "ConfigMap")["data"]["tallygate.yaml"], flags=kept, unixgram=True)


def test_a_sidecar_started_as_the_manifest_says_answers_its_probes(as_in_the_manifest):
    container = sidecars()[0][2]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        question = container[probe]["httpGet"]
        assert flags(container)["web.listen-address"] == f":{ports[question['port']]}"
        assert as_in_the_manifest.web(question["path"]).status_code == 200
    assert flags(container)["control.listen-address"].startswith("127.0.0.1:")
    assert as_in_the_manifest.resident_mib() < 24, "the memory request is what an idle sidecar takes"


def test_the_memory_limit_holds_when_more_series_come_than_there_may_be(as_in_the_manifest):
    lines = [
        f"tokens:{number % 100}|c|#agent:agent-{number % 50},user:user-{number},model:gpt-4o,kind:input"
        for number in range(40_000)
    ]
    as_in_the_manifest.send_unixgram("\n".join(lines[start : start + 20]) for start in range(0, len(lines), 20))
    eventually(lambda: as_in_the_manifest.metrics().quick_total("tallygate_lines_total"), len(lines), 20)
    assert as_in_the_manifest.metrics().quick_total("tallygate_series_overflow_total") > 0
    assert as_in_the_manifest.peak_resident_mib() < 64


def test_a_config_map_that_changes_is_taken_over(as_in_the_manifest):
    """As the kubelet does it: the folder's files are links that change all at once."""
    config = as_in_the_manifest.directory / "tallygate.yaml"
    changed = config.with_name("next.yaml")
    changed.write_text(config.read_text().replace("500_000", "123"))
    os.replace(changed, config)
    eventually(lambda: as_in_the_manifest.account("agent-daily", agent="a")["limit"], 123, 10)
    changed.write_text("budgets: nonsense\n")
    os.replace(changed, config)
    eventually(lambda: as_in_the_manifest.total("tallygate_config_last_reload_successful"), 0, 10)
    assert as_in_the_manifest.account("agent-daily", agent="a")["limit"] == 123


def test_the_pod_monitor_and_the_network_policy_name_the_ports_and_labels_of_the_pods():
    monitor, policy = of_kind("container", "PodMonitor"), of_kind("container", "NetworkPolicy")
    selected = monitor["spec"]["selector"]["matchLabels"]
    assert selected == policy["spec"]["podSelector"]["matchLabels"]
    let_in = {port["port"] for rule in policy["spec"]["ingress"] for port in rule["ports"]}
    for _, pod, container in sidecars():
        assert selected.items() <= pod["metadata"]["labels"].items()
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert {endpoint["port"] for endpoint in monitor["spec"]["podMetricsEndpoints"]} <= ports.keys()
        assert let_in == set(ports.values()), "only metrics are let in"
