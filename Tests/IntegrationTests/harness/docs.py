"""The pages' fenced examples, and a way to run them against a sidecar with addresses of its own."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "k8s").rglob("*.md")])


def blocks(text, language):
    """What stands between the fences of one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def aimed(text, sidecar):
    """An example with this sidecar's addresses in place of the usual ones."""
    host, port = sidecar.udp
    control, web = sidecar.addresses["control"], sidecar.addresses["web"]
    for shown, real in (
        ("/dev/udp/127.0.0.1/8125", f"/dev/udp/{host}/{port}"), ("port=8125", f"port={port}"),
        ("8125, \"127.0.0.1\"", f"{port}, \"{host}\""), ("127.0.0.1:8125", f"{host}:{port}"),
        ("127.0.0.1:9466", control), ("127.0.0.1:9465", web),
    ):
        text = text.replace(shown, real)
    return text
