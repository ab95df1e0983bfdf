"""`tallygate replay`: traces, journals and state directories through the real core, without a running sidecar."""

import json

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
    assert "times as fast" in result.stderr


def test_a_bad_row_is_named_by_its_line(tmp_path):
    trace = trace_of(tmp_path)
    with trace.open("a") as file:
        file.write("a,9,x,1,1\n")
    line = len(trace.read_text().splitlines())
    assert f"line {line}: 'x' is no whole number" in replay(trace, "--config", config_of(tmp_path)).stderr


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
