"""The one table: rows of a measure, its reference from the same run, their ratio, and the project's goal."""

import dataclasses
import json
import os
import platform
import subprocess
import sys
import time


@dataclasses.dataclass
class Row:
    what: str
    value: float
    unit: str
    reference: float | None = None
    reference_name: str = ""
    goal: float | None = None
    # Whether more is better, as of a rate.
    rises: bool = False
    note: str = ""

    @property
    def is_reached(self):
        return None if self.goal is None else self.value >= self.goal if self.rises else self.value <= self.goal

    def cells(self):
        goal = beside = ratio = ""
        if self.goal is not None:
            goal = f"{'≥' if self.rises else '≤'} {number(self.goal)} {'✓' if self.is_reached else '✗'}"
        if self.reference is not None:
            beside = f"{number(self.reference)} ({self.reference_name})"
        if self.reference:
            ratio = number(float(f"{self.value / self.reference:.2g}"))
        what = f"{self.what}; {self.note}" if self.note else self.what
        return [what, f"{number(self.value)} {self.unit}", beside, ratio, goal]


def number(value):
    """Three significant digits, thousands apart."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{float(f'{value:.3g}'):g}"


class Table:
    """Prints Markdown as the groups come, or everything as JSON at the end."""

    def __init__(self, output):
        self.output = output
        self.groups = {}

    def say(self, text=""):
        if self.output == "text":
            print(text, flush=True)

    def start(self):
        self.say(f"Measured {machine()}.")

    def add(self, group, rows):
        rows = list(rows)
        self.groups[group] = [dataclasses.asdict(row) | {"is_reached": row.is_reached} for row in rows]
        self.say(f"\n| {group} | | reference | ratio | goal |\n|---|---|---|---|---|")
        for row in rows:
            self.say("| " + " | ".join(row.cells()) + " |")

    def finish(self):
        if self.output == "json":
            json.dump({"machine": machine(), "groups": self.groups}, sys.stdout, indent=2, ensure_ascii=False)
            print()
        else:
            self.say(f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f}.")


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    compiler = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=False).stdout
    version = next((word for line in compiler.splitlines() for word in line.split() if word[:1].isdigit()), "?")
    model = models[0] if models else platform.machine()
    return (f"{time.strftime('%Y-%m-%d', time.gmtime())} on {len(models)} cores ({model}), "
            f"Linux {platform.release()}, Swift {version}, load {os.getloadavg()[0]:.1f} at the start")
