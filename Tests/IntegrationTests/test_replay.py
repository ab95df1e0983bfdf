"""`tallygate replay`: traces, journals and state directories through the real core, without a running sidecar."""

import json
import re
import xml.etree.ElementTree as ElementTree

from harness.sidecar import command

CONFIG = """
budgets:
  - { name: daily, per: [agent], limit: { tokens: 10_000 }, window: { calendar: day }, mode: enforce, on_forecast: throttle }
"""


def config_of(tmp_path):
    path = tmp_path / "tallygate.yaml"
    path.write_text(CONFIG)
    return path


def trace_of(tmp_path, days=9, name="use.csv"):
    rows = [f"a,{day},{hour},{60 if 8 <= hour < 20 else 2},1200" for day in range(days) for hour in range(24)]
    path = tmp_path / name
    path.write_text("agent,day,hour,requests,tokens\n" + "\n".join(rows) + "\n")
    return path


def replay(*arguments):
    result = command("replay", *arguments)
    assert result.returncode == 0, result.stderr
    return result


def test_several_traces_are_scored_each_and_together(tmp_path):
    config, traces = config_of(tmp_path), [trace_of(tmp_path, name=name) for name in ("one.csv", "two.csv")]
    result = replay(*traces, "--config", config, "--output", "json")
    one, two, together = json.loads(result.stdout)
    assert one["windows"] == two["windows"] == 2
    assert together["trace"] == "together" and together["windows"] == 4
    assert together["errors"]["tallygate"]["0.5"]["median"] < 0.1
    speeds = [int(speed) for speed in re.findall(r"(\d+) times as fast", result.stderr)]
    assert len(speeds) == 2 and min(speeds) >= 10_000
    # Progress, by tenths of each trace.
    assert [line for line in result.stderr.splitlines() if line.startswith(f"{traces[0]}: ") and line.endswith(" %")]


def test_a_bad_row_is_named_by_its_line(tmp_path):
    trace = trace_of(tmp_path)
    with trace.open("a") as file:
        file.write("a,9,x,1,1\n")
    line = len(trace.read_text().splitlines())
    assert f"line {line}: 'x' is no whole number" in replay(trace, "--config", config_of(tmp_path)).stderr


def test_what_is_no_trace_is_refused_with_the_reason(tmp_path):
    config = config_of(tmp_path)
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "far.csv").write_text("time,tokens\n5,1\n1700000000,2\n")
    (tmp_path / "long.csv").write_text("minute,agent,tokens\n1," + "x" * 20_000_000 + ",5\n")
    (tmp_path / "nothing").mkdir()
    for name, problem in [
        ("empty.csv", "the file is empty"), ("missing.csv", "No such file"), ("nothing", "there is nothing to replay"),
        ("far.csv", "line 3: 19675 days after line 2"), ("long.csv", "line 2: 20000004 bytes"),
    ]:
        result = command("replay", tmp_path / name, "--config", config)
        assert result.returncode == 1 and problem in result.stderr, (name, result.stderr)
        assert result.stdout == ""


def test_callers_name_bad_rows_too(tmp_path):
    trace = trace_of(tmp_path, days=1)
    trace.write_text(trace.read_text().replace("\na,0,3,2,1200\n", "\na,0,3,-2,1200\n"))
    result = replay(trace, "--config", config_of(tmp_path), "--callers")
    assert f"{trace}: line 5: '-2' is no whole number" in result.stderr


def test_callers_are_tried_with_and_without_forecasts(tmp_path):
    result = replay(trace_of(tmp_path), "--config", config_of(tmp_path), "--callers", "--output", "json")
    alone, throttled = json.loads(result.stdout)
    assert [alone["trial"], throttled["trial"]] == ["limits alone", "with on_forecast"]
    for trial in alone, throttled:
        calls = trial["calls"]["all"]
        # Shares of a minute's call are rounded down.
        assert 0 < calls["granted"] + calls["denied"] + calls["waiting"] <= 9 * (12 * 60 + 12 * 2)
    assert alone["calls"]["all"]["delayed"] == 0


def test_a_state_directory_and_a_journal_are_replayed_and_not_changed(start, tmp_path):
    sidecar = start(CONFIG)
    sidecar.send_udp("tokens:400|c|#agent:a")
    sidecar.expect_total("tallygate_tokens_total", 400, agent="a")
    sidecar.kill()
    before = {path.name: path.read_bytes() for path in sidecar.state.iterdir()}
    config = config_of(tmp_path)
    for source in sidecar.state, max(sidecar.state.glob("journal-*")):
        (result,) = json.loads(replay(source, "--config", config, "--output", "json").stdout)
        assert result["trace"] == str(source) and result["windows"] == 0
    assert {path.name: path.read_bytes() for path in sidecar.state.iterdir()} == before


def test_a_journal_with_damage_is_replayed_up_to_it(start, tmp_path):
    sidecar = start(CONFIG)
    sidecar.send_udp("tokens:400|c|#agent:a")
    sidecar.expect_total("tallygate_tokens_total", 400, agent="a")
    sidecar.kill()
    journal = tmp_path / "damaged"
    journal.write_bytes(max(sidecar.state.glob("journal-*")).read_bytes().rstrip(b"\0") + b"\x07\0\0\0garbage and more")
    assert "byte" in replay(journal, "--config", config_of(tmp_path)).stderr


SVG = "{http://www.w3.org/2000/svg}"


def points(element):
    return [tuple(map(float, point.split(","))) for point in element.get("points").split()]


def test_a_chart_is_an_svg_document_of_use_forecast_limit_and_alerts(tmp_path):
    chart, name = tmp_path / "day.svg", "<b>&amp;\"'\x01]]>"
    trace = trace_of(tmp_path)
    trace.write_text(trace.read_text().replace("\na,", f"\n{name},"))
    replay(trace, "--config", config_of(tmp_path), "--chart", chart, "--account", f"agent={name}")

    root = ElementTree.parse(chart).getroot()
    assert root.tag == SVG + "svg"
    assert root.find(SVG + "title").text == "daily, tokens agent=" + name.replace("\x01", "\ufffd")
    drawn = {}
    for element in root:
        drawn.setdefault(element.get("class"), []).append(element)
    (used,), (limit,) = drawn["used"], drawn["limit"]
    # Ten minutes to a point, from the first use to the midnight nine days later; the limit is a straight line.
    assert len(points(used)) == len(points(limit)) == 9 * 144
    assert len({y for _, y in points(limit)}) == 1
    # Use begins below the limit and ends above it: y grows downwards.
    top = min(y for _, y in points(used))
    assert top < points(limit)[0][1] < points(used)[0][1]
    # Nothing is forecast on the first day; from then on each day has a band with its forecast within.
    assert len(drawn["band"]) == len(drawn["forecast"]) >= 8
    for band, forecast in zip(drawn["band"], drawn["forecast"]):
        middle = points(forecast)
        upper, lower = points(band)[:len(middle)], points(band)[len(middle):][::-1]
        assert len(upper) == len(lower)
        assert all(high <= y <= low for (_, high), (_, y), (_, low) in zip(upper, middle, lower))
    # Each day wants 28,800 of 10,000: that is told.
    assert drawn["alert"]
    view = [float(number) for number in root.get("viewBox").split()]
    assert all(0 <= x <= view[2] and 0 <= y <= view[3] for shape in (used, limit) for x, y in points(shape))


def test_a_chart_of_an_account_that_the_trace_does_not_have_is_refused(tmp_path):
    result = command("replay", trace_of(tmp_path), "--config", config_of(tmp_path), "--chart", tmp_path / "no.svg",
                     "--account", "agent=nobody")
    assert result.returncode == 1 and "no account of the trace has these tags" in result.stderr
    assert not (tmp_path / "no.svg").exists()


def test_options_that_would_say_nothing_are_refused(tmp_path):
    one, config = trace_of(tmp_path), config_of(tmp_path)
    for arguments, problem in [
        ([one, "--account", "agent=a"], "say what --chart draws"),
        ([one, one, "--chart", tmp_path / "x.svg", "--account", "agent=a"], "draws one trace"),
        ([one, "--callers", "--limit-follows-use"], "--callers draws no chart"),
    ]:
        result = command("replay", *arguments, "--config", config)
        assert result.returncode != 0 and problem in result.stderr, result.stderr
