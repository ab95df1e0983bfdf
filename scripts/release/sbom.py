"""What the binary is made of, as CycloneDX 1.6: Swift packages as resolved, C libraries, the toolchain.

https://cyclonedx.org/docs/1.6/json/
"""

import hashlib
import json
import os
import re
import subprocess
import uuid
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Debian's packages whose libraries are linked into the binary, with their licences.
LINKED = {"libc6-dev": "LGPL-2.1-or-later", "libyaml-dev": "MIT", "zlib1g-dev": "Zlib"}

# Swift packages whose licence has the exception for what is linked into other programs; the others have none.
WITH_EXCEPTION = {
    "swift-argument-parser",
    "swift-async-algorithms",
    "swift-atomics",
    "swift-collections",
    "swift-system",
}


def swift_licence(name):
    return [{"expression": "Apache-2.0 WITH Swift-exception"}] if name in WITH_EXCEPTION else licence("Apache-2.0")


def licence(identifier):
    return [{"license": {"id": identifier}}]


def printed(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def swift_packages():
    """Every resolved package, those that packages of ours bring with them too."""
    for pin in sorted(json.loads((ROOT / "Package.resolved").read_text())["pins"], key=lambda pin: pin["identity"]):
        home = re.sub(r"\.git$", "", pin["location"])
        version = pin["state"]["version"]
        yield {
            "type": "library",
            "bom-ref": f"pkg:swift/{home.removeprefix('https://')}@{version}",
            "purl": f"pkg:swift/{home.removeprefix('https://')}@{version}",
            "name": pin["identity"],
            "version": version,
            "licenses": swift_licence(pin["identity"]),
            "externalReferences": [{"type": "vcs", "url": pin["location"]}],
            "properties": [{"name": "git:commit", "value": pin["state"]["revision"]}],
        }


def c_libraries():
    for name, identifier in LINKED.items():
        version = printed("dpkg-query", "--show", "--showformat=${Version}", name)
        reference = f"pkg:deb/debian/{name}@{version}"
        yield {
            "type": "library",
            "bom-ref": reference,
            "purl": reference,
            "name": name,
            "version": version,
            "licenses": licence(identifier),
        }


def toolchain():
    version = re.search(r"Swift version (\S+)", printed("swift", "--version"))[1]
    return {
        "type": "library",
        "bom-ref": f"swift-runtime@{version}",
        "name": "swift-runtime",
        "version": version,
        "description": "The Swift standard library and runtime, linked statically.",
        "licenses": [{"expression": "Apache-2.0 WITH Swift-exception"}],
    }


def bill(version, binary):
    """The document for a binary's bytes. The same bytes and time give the same document."""
    components = [*swift_packages(), *c_libraries(), toolchain()]
    digest = hashlib.sha256(binary).hexdigest()
    subject = f"tallygate@{version}"
    moment = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), timezone.utc)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "metadata": {
            "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": subject,
                "name": "tallygate",
                "version": version,
                "licenses": licence("Apache-2.0"),
                "hashes": [{"alg": "SHA-256", "content": digest}],
            },
        },
        "components": components,
        "dependencies": [{"ref": subject, "dependsOn": [entry["bom-ref"] for entry in components]}],
    }
