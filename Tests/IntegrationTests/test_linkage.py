"""One file that needs nothing beside it: static, without Foundation, of bounded size."""

import subprocess
from pathlib import Path

from harness.prometheus import part
from harness.sidecar import binary

# Stripped. Most of it is the Swift runtime, swift-nio and the commands; full Foundation alone would add 44.
LARGEST_MIB = 28


def output(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)


def test_it_is_static():
    told = output(part("ldd"), binary())
    assert "not a dynamic executable" in told.stdout + told.stderr or "statically linked" in told.stdout
    assert "(NEEDED)" not in output(part("readelf"), "--dynamic", binary()).stdout
    assert "INTERP" not in output(part("readelf"), "--program-headers", "--wide", binary()).stdout


def test_neither_foundation_nor_icu_is_in_it():
    symbols = output(part("nm"), binary()).stdout
    assert "$s10BudgetCore" in symbols, "a stripped binary says nothing; build it with symbols"
    # Mangled module names: a length, then the name.
    for module in ("10Foundation", "29FoundationInternationalization", "_FoundationICU"):
        assert module not in symbols, module
    assert b"icudt" not in Path(binary()).read_bytes()


def test_it_is_small(tmp_path):
    stripped = tmp_path / "tallygate"
    subprocess.run([part("strip"), "-o", stripped, binary()], check=True, timeout=60)
    assert stripped.stat().st_size < LARGEST_MIB << 20
