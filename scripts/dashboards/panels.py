"""The parts that Grafana dashboards are made of, with the conventions of Grafana's own linter built in.

Queries are written without job and instance; both are put into every selector here.
"""

import re

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
METRIC = re.compile(r"\b((?:tallygate|process)_\w+)(\{([^}]*)\})?")


def selected(expression):
    """The query with job and instance in every selector."""

    def with_matchers(found):
        more = "," + found[3] if found[3] else ""
        return f'{found[1]}{{job=~"$job",instance=~"$instance"{more}}}'

    return METRIC.sub(with_matchers, expression)


def query(expression, legend="", ref="A", table=False):
    kind = {"instant": True, "range": False, "format": "table"} if table else {"instant": False, "range": True}
    return {
        "refId": ref,
        "datasource": DATASOURCE,
        "editorMode": "code",
        "expr": selected(expression),
        "legendFormat": legend,
    } | kind


def queries(pairs, table=False):
    """(expression, legend) each with a letter of its own."""
    return [query(expression, legend, chr(ord("A") + place), table) for place, (expression, legend) in enumerate(pairs)]


def panel(kind, title, description, unit, pairs, width, height, options, table=False, defaults=None, overrides=()):
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": DATASOURCE,
        "gridPos": {"w": width, "h": height},
        "fieldConfig": {"defaults": {"unit": unit} | (defaults or {}), "overrides": list(overrides)},
        "options": options,
        "targets": queries(pairs, table),
    }


def stat(title, description, unit, expression, width=4, thresholds=None):
    options = {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "colorMode": "value",
        "graphMode": "area",
        "textMode": "auto",
    }
    return panel(
        "stat",
        title,
        description,
        unit,
        [(expression, "")],
        width,
        4,
        options,
        defaults=steps(thresholds) if thresholds else None,
    )


def graph(title, description, unit, *pairs, width=12, stacked=False, lines=None, overrides=()):
    """Lines over time; `lines` draws a dashed line at each of these values."""
    custom = {
        "lineWidth": 1,
        "fillOpacity": 20 if stacked else 0,
        "showPoints": "never",
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
    }
    defaults = {"min": 0, "custom": custom}
    if lines:
        custom["thresholdsStyle"] = {"mode": "dashed"}
        defaults |= steps(lines)
    options = {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    return panel(
        "timeseries", title, description, unit, pairs, width, 8, options, defaults=defaults, overrides=overrides
    )


def bars(title, description, unit, expression, legend, width=12):
    options = {
        "orientation": "horizontal",
        "displayMode": "gradient",
        "showUnfilled": True,
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
    }
    return panel("bargauge", title, description, unit, [(expression, legend)], width, 9, options, defaults={"min": 0})


def table(title, description, unit, columns, width=24, units=None, sort=None):
    """`columns` maps a column's name to its query; queries with the same labels share a row."""
    letters = {name: chr(ord("A") + place) for place, name in enumerate(columns)}
    hidden = ["Time", "__name__", "job", "instance", "namespace", "pod", "container", "endpoint", "state", "level"]
    result = panel(
        "table",
        title,
        description,
        unit,
        [(expression, "") for expression in columns.values()],
        width,
        9,
        {"showHeader": True, "sortBy": [{"displayName": sort or next(iter(columns)), "desc": True}]},
        table=True,
    )
    result["transformations"] = [
        {"id": "merge", "options": {}},
        {
            "id": "organize",
            "options": {
                "excludeByName": dict.fromkeys(hidden, True),
                "renameByName": {f"Value #{letter}": name for name, letter in letters.items()},
            },
        },
    ]
    result["fieldConfig"]["overrides"] = [of_field(name, unit=kind) for name, kind in (units or {}).items()]
    return result


def of_field(name, **properties):
    """Something that is different for one series or column."""
    return {
        "matcher": {"id": "byName", "options": name},
        "properties": [{"id": key.replace("__", "."), "value": value} for key, value in properties.items()],
    }


def steps(values):
    colours = ["yellow", "orange", "red", "dark-red"]
    coloured = [{"color": colour, "value": value} for colour, value in zip(colours[-len(values) :], values)]
    return {"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": None}, *coloured]}}


def row(title):
    return {"type": "row", "title": title, "collapsed": False, "gridPos": {"w": 24, "h": 1}, "panels": []}


def variable(name, label, expression, many=True):
    everything = {"includeAll": True, "allValue": ".+", "current": {"text": ["All"], "value": ["$__all"]}}
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": DATASOURCE,
        "multi": many,
        "query": {"query": expression, "refId": name},
        "definition": expression,
        "refresh": 2,
        "sort": 1,
    } | (everything if many else {"includeAll": False, "current": {}})


def choice(name, label, values):
    options = [{"text": value, "value": value, "selected": place == 0} for place, value in enumerate(values)]
    return {
        "name": name,
        "label": label,
        "type": "custom",
        "query": ",".join(values),
        "multi": False,
        "includeAll": False,
        "options": options,
        "current": options[0],
    }


def placed(panels):
    """From left to right, a new line when the next one does not fit."""
    x = y = line = 0
    for number, entry in enumerate(panels, start=1):
        place = entry["gridPos"]
        if x + place["w"] > 24 or entry["type"] == "row":
            x, y, line = 0, y + line, 0
        entry["id"] = number
        entry["gridPos"] = {"x": x, "y": y, "w": place["w"], "h": place["h"]}
        x, line = x + place["w"], max(line, place["h"])
    return panels


def dashboard(name, description, panels, since="now-6h", variables=()):
    datasource = {
        "name": "datasource",
        "label": "Data source",
        "type": "datasource",
        "query": "prometheus",
        "current": {},
    }
    jobs = variable("job", "Job", "label_values(tallygate_build_info, job)")
    instances = variable("instance", "Instance", 'label_values(tallygate_build_info{job=~"$job"}, instance)')
    return {
        "uid": f"tallygate-{name.lower()}",
        "title": f"Tallygate / {name}",
        "description": description,
        "tags": ["tallygate"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "timezone": "browser",
        "time": {"from": since, "to": "now"},
        "annotations": {"list": []},
        "links": [
            {
                "title": "Tallygate",
                "type": "dashboards",
                "tags": ["tallygate"],
                "asDropdown": True,
                "keepTime": True,
                "includeVars": True,
            }
        ],
        "templating": {"list": [datasource, jobs, instances, *variables]},
        "panels": placed(panels),
    }
