"""An hour of a sidecar's life from a few seconds of it: each scraped page stands for a minute."""

import subprocess
import time

from .prometheus import part

MINUTE = 60


def with_labels(line, more, moment):
    """One sample with further labels and a timestamp."""
    series, value = line.rsplit(" ", 1)
    name, brace, rest = series.partition("{")
    tags = more if not brace or rest == "}" else f"{more},{rest[:-1]}"
    return f"{name}{{{tags}}} {value} {moment}"


def samples(page):
    return [line for line in page.splitlines() if line and not line.startswith("#")]


def an_hour(pages, more='job="tallygate",instance="pod-1:9465"'):
    """OpenMetrics of these pages, a minute apart, the last one now."""
    now = int(time.time())
    lines = []
    for place, page in enumerate(pages):
        moment = now - MINUTE * (len(pages) - 1 - place)
        lines += [with_labels(line, more, moment) for line in samples(page)]
    return "\n".join([*lines, "# EOF", ""])


def store(openmetrics, directory):
    """Writes it where a Prometheus that starts over `directory` finds it."""
    (directory / "history.txt").write_text(openmetrics)
    data = directory / "data"
    command = [part("promtool"), "tsdb", "create-blocks-from", "openmetrics", directory / "history.txt", data]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return data
