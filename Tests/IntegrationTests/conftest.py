"""Fixtures: every part that a test starts is stopped after it, and every sidecar has to end well."""

import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from harness.prometheus import Prometheus, TextFormatProxy  # noqa: E402
from harness.sidecar import Sidecar  # noqa: E402

# Whoever runs the tests in the background ignores these, and so would every command they start: a shell cannot trap
# what was ignored before it.
for _ignored in (signal.SIGHUP, signal.SIGQUIT):
    signal.signal(_ignored, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def start(tmp_path):
    """Starts sidecars: `start(config, flags=…)`. The same directory each time, unless told otherwise."""
    running = []

    def start_one(config=None, directory=tmp_path / "sidecar", **options):
        sidecar = Sidecar(directory, config, **options)
        running.append(sidecar)
        return sidecar

    yield start_one
    # A sidecar that died by itself, or does not end well when asked, fails its test even if the test did not look.
    try:
        for sidecar in running:
            if sidecar.alive():
                sidecar.stop()
            assert sidecar.ended_well(), f"ended with {sidecar.process.returncode}:\n{sidecar.stderr()}"
    finally:
        for sidecar in running:
            sidecar.close()


@pytest.fixture
def prometheus(tmp_path):
    """Starts one Prometheus over {job: address}."""
    running = []

    def start_one(targets, **options):
        running.append(Prometheus(tmp_path / "prometheus", targets, **options))
        return running[-1]

    yield start_one
    for part in running:
        part.stop()


@pytest.fixture
def text_proxy(tmp_path):
    """Starts an nginx that asks the sidecar for text 0.0.4."""
    running = []

    def start_one(target):
        running.append(TextFormatProxy(tmp_path / "nginx", target))
        return running[-1]

    yield start_one
    for part in running:
        part.stop()
