"""Single steps inside the process: `corebench` and the instruction counter, told in rows."""

import json
import subprocess

from instructions import MOST_ALLOCATIONS

from .table import Row

CORE = ".build/static/release/corebench"


def measure(scale):
    """What `corebench` prints, by measure."""
    steps = max(10_000, int(200_000 * scale))
    return json.loads(subprocess.run(
        [CORE, "--output", "json", "--rounds", "3", "--steps", str(steps), "--only", "decisions", "--only", "lines",
         "--only", "page", "--only", "forecasts"], capture_output=True, check=True, timeout=180).stdout)


def microseconds(core):
    """Of the calls that HTTP is compared with."""
    pairs = core["reserve and settle"]["pairs_per_s"]
    # A reserve is one of the two calls of a pair, and the dearer one: half of it is a lower bound.
    return {"check": 1e6 / core["check"]["per_s"], "reserve": 0.5e6 / pairs}


def rows(core, cost):
    parse, found, added, page, journal = (core[name] for name in ("parse", "look-up", "window add", "page", "journal"))
    yield Row("a line, bytes to all counters and usage log", cost["instructions_per_line"], "instructions",
              goal=600)
    yield Row(f"allocations in {cost['lines']:,} further lines", cost["allocations"], "in all", goal=MOST_ALLOCATIONS)
    yield Row("parse a line", parse["ns"], "ns", parse["split_strings_ns"], "split Strings")
    yield Row("look up its route", found["ns"], "ns", found["dictionary_ns"], "Dictionary")
    yield Row("add to a windowed counter", added["ns"], "ns", added["bare_sum_ns"], "bare sum")
    yield Row("apply a parsed line", 1e9 / core["lines"]["per_s"], "ns")
    yield Row("apply and keep it in the journal", journal["with_ns"], "ns", journal["without_ns"], "without")
    pair = core["reserve and settle"]
    yield Row("reserve and settle", pair["pairs_per_s"], "pairs/s", core["check"]["per_s"], "checks/s", 1_000_000,
              rises=True)
    yield Row("the same, p99", pair["p99_ns"] / 1e3, "µs", goal=5)
    for name in ("day", "rolling"):
        yield Row(f"forecast, {name}", core["forecasts"][f"{name}_forecast_ns"] / 1e3, "µs")
    yield Row(f"write a page of {page['bytes'] / 1e6:.1f} MB", page["write_ms"], "ms", page["copy_ms"], "memcpy")
    yield Row("compress it", page["compress_ms"], "ms", page["copy_ms"], "memcpy")
