"""Assembles a container image from the static binary, as an OCI layout, without a container engine.

    python3 scripts/release/image.py --binary .build/static/release/tallygate --output build/image

Two layers: time zones, which change rarely, and the binary. The same input gives the same bytes: names are sorted,
times are SOURCE_DATE_EPOCH (0 when unset), owners are numbers.
https://github.com/opencontainers/image-spec/blob/v1.1.1/spec.md
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
from datetime import datetime, timezone
from pathlib import Path

USER = 65532
ZONES = Path("/usr/share/zoneinfo")
# Copies of every zone with other leap seconds, and this machine's own zone.
NOT_WANTED = {"posix", "right", "localtime", "posixrules"}
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
CONFIG = {
    "User": f"{USER}:{USER}",
    "Entrypoint": ["/tallygate"],
    "Cmd": ["run", "--state.dir=/var/lib/tallygate"],
    # A crash ends at once: there is nobody to read a trace, and the kubelet starts anew.
    "Env": ["SWIFT_BACKTRACE=enable=no"],
    "ExposedPorts": {"9465/tcp": {}, "9466/tcp": {}, "8125/udp": {}},
    "WorkingDir": "/",
}


def epoch():
    return int(os.environ.get("SOURCE_DATE_EPOCH", "0"))


def architecture():
    return ARCHITECTURES[platform.machine()]


def version(binary):
    return subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.strip()


def stripped(binary):
    """The binary without its symbols."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["strip", "--strip-all", "-o", f"{folder}/tallygate", binary], check=True)
        return Path(folder, "tallygate").read_bytes()


class Layer:
    """A tar in memory."""

    def __init__(self):
        self._bytes = io.BytesIO()
        self._tar = tarfile.open(fileobj=self._bytes, mode="w", format=tarfile.USTAR_FORMAT)

    def _add(self, name, kind, mode, content=b"", link="", owner=0):
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode, entry.size, entry.linkname = kind, mode, len(content), link
        entry.mtime, entry.uid, entry.gid = epoch(), owner, owner
        self._tar.addfile(entry, io.BytesIO(content))

    def folder(self, name, mode=0o755, owner=0):
        self._add(name, tarfile.DIRTYPE, mode, owner=owner)

    def file(self, name, content, mode=0o644):
        self._add(name, tarfile.REGTYPE, mode, content)

    def link(self, name, target):
        self._add(name, tarfile.SYMTYPE, 0o777, link=target)

    def bytes(self):
        self._tar.close()
        return self._bytes.getvalue()


def zones():
    layer = Layer()
    for name in ("usr", "usr/share", "usr/share/zoneinfo"):
        layer.folder(name)
    for path in sorted(ZONES.rglob("*")):
        inside = path.relative_to(ZONES)
        if inside.parts[0] in NOT_WANTED:
            continue
        name = f"usr/share/zoneinfo/{inside}"
        if path.is_symlink():
            layer.link(name, os.readlink(path))
        elif path.is_dir():
            layer.folder(name)
        else:
            layer.file(name, path.read_bytes())
    return layer.bytes()


def program(content):
    layer = Layer()
    layer.file("tallygate", content, 0o755)
    layer.folder("var")
    layer.folder("var/lib")
    layer.folder("var/lib/tallygate", 0o700, owner=USER)
    return layer.bytes()


class Layout:
    """An OCI image layout in a folder, which is written anew."""

    def __init__(self, folder):
        self.folder = Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "blobs" / "sha256").mkdir(parents=True)

    def blob(self, kind, content):
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / "blobs" / "sha256" / digest).write_bytes(content)
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(content)}

    def json(self, name, document):
        (self.folder / name).write_text(json.dumps(document))


def assemble(binary, folder):
    """Writes the layout; returns the digest of the image's manifest."""
    layout = Layout(folder)
    tars = [zones(), program(stripped(binary))]
    layers = [layout.blob("layer.v1.tar+gzip", gzip.compress(tar, compresslevel=6, mtime=0)) for tar in tars]
    created = datetime.fromtimestamp(epoch(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    config = {
        "created": created,
        "architecture": architecture(),
        "os": "linux",
        "config": CONFIG,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(tar).hexdigest()}" for tar in tars]},
        "history": [{"created": created, "comment": comment} for comment in ("time zones", "tallygate")],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": layout.blob("config.v1+json", json.dumps(config).encode()),
        "layers": layers,
        "annotations": {
            "org.opencontainers.image.title": "Tallygate",
            "org.opencontainers.image.version": version(binary),
            "org.opencontainers.image.licenses": "Apache-2.0",
            "org.opencontainers.image.created": created,
        },
    }
    image = layout.blob("manifest.v1+json", json.dumps(manifest).encode())
    image["platform"] = {"architecture": architecture(), "os": "linux"}
    image["annotations"] = {"org.opencontainers.image.ref.name": version(binary)}
    layout.json(
        "index.json", {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [image]}
    )
    layout.json("oci-layout", {"imageLayoutVersion": "1.0.0"})
    return image["digest"]


def archive(folder, path):
    """The layout as one tar, which `docker load`, `podman load` and `skopeo copy oci-archive:` read."""
    layer = Layer()
    for entry in sorted(Path(folder).rglob("*")):
        name = str(entry.relative_to(folder))
        layer.folder(name) if entry.is_dir() else layer.file(name, entry.read_bytes())
    Path(path).write_bytes(layer.bytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    print(assemble(arguments.binary, arguments.output))
