"""As much of kustomize as the shipped manifests use: resources, a namespace, strategic merge patches by kind."""

from copy import deepcopy
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3] / "k8s"
OVERLAYS = ("native-sidecar", "container")
KNOWN = {"apiVersion", "kind", "namespace", "resources", "patches"}
CLUSTER_WIDE = {"Namespace"}


def documents(path):
    return [document for document in yaml.safe_load_all(Path(path).read_text()) if document]


def build(folder):
    """Every object that `kubectl apply -k` would send."""
    folder = Path(folder)
    (kustomization,) = documents(folder / "kustomization.yaml")
    assert kustomization.keys() <= KNOWN, f"this builder knows nothing of {kustomization.keys() - KNOWN}"
    objects = []
    for resource in kustomization.get("resources", ()):
        path = folder / resource
        objects += build(path) if path.is_dir() else documents(path)
    for patch in kustomization.get("patches", ()):
        (change,) = documents(folder / patch["path"])
        assert patch["target"].keys() == {"kind"}
        targets = [place for place, entry in enumerate(objects) if entry["kind"] == patch["target"]["kind"]]
        assert targets, f"nothing to patch: {patch}"
        for place in targets:
            objects[place] = merged(
                objects[place], {key: change[key] for key in change.keys() - {"apiVersion", "kind", "metadata"}}
            )
    for entry in objects:
        if entry["kind"] not in CLUSTER_WIDE:
            entry["metadata"]["namespace"] = kustomization["namespace"]
    return objects


def merged(base, change):
    """Maps are merged; lists of named things by name, new ones first; other lists are replaced."""
    if isinstance(base, dict) and isinstance(change, dict):
        return {
            key: merged(base[key], change[key]) if key in base and key in change else deepcopy({**base, **change}[key])
            for key in [*base, *(key for key in change if key not in base)]
        }
    if isinstance(base, list) and all(isinstance(entry, dict) and "name" in entry for entry in base + change):
        changes = {entry["name"]: entry for entry in change}
        known = [merged(entry, changes.pop(entry["name"], {})) for entry in base]
        return [deepcopy(entry) for entry in changes.values()] + known
    return deepcopy(change)


def pods(objects):
    """(name, pod template) of whatever makes pods."""
    return [
        (entry["metadata"]["name"], entry["spec"]["template"])
        for entry in objects
        if "template" in entry.get("spec", {})
    ]


def containers(pod):
    return pod["spec"].get("initContainers", []) + pod["spec"]["containers"]
