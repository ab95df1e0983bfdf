"""Small line charts side by side, written as SVG by hand: readable on light and on dark pages."""

import dataclasses
from xml.sax.saxutils import escape

WIDTH, HEIGHT, COLUMNS = 300, 190, 3
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 44, 40
STYLE = """
  svg { font: 12px system-ui, sans-serif }
  .page { fill: #ffffff } .title { fill: #1f2328; font-weight: 600 } .label { fill: #59636e }
  .grid { stroke: #d1d9e0; stroke-width: 1 } .line { stroke: #0969da; stroke-width: 2; fill: none }
  .dot { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .title { fill: #f0f6fc } .label { fill: #9198a1 }
    .grid { stroke: #3d444d } .line { stroke: #4493f8 } .dot { fill: #4493f8 }
  }
"""


@dataclasses.dataclass
class Chart:
    """`unit` over `axis`: points stand at equal distances whatever their x, as those grow by factors."""

    title: str
    axis: str
    points: list[tuple[float, float]]


def page(charts):
    rows = -(-len(charts) // COLUMNS)
    width, height = WIDTH * COLUMNS, HEIGHT * rows
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<title>{escape('; '.join(chart.title for chart in charts))}</title>",
        f"<style>{STYLE}</style>", f'<rect class="page" width="{width}" height="{height}"/>']
    for number, chart in enumerate(charts):
        row, column = divmod(number, COLUMNS)
        parts += [f'<g transform="translate({column * WIDTH} {row * HEIGHT})">', *drawn(chart), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def drawn(chart):
    step, top = scale(max(y for _, y in chart.points))
    height, width = HEIGHT - TOP - BOTTOM, WIDTH - LEFT - RIGHT
    yield text(LEFT, 22, chart.title, "title", "start")
    for tick in range(round(top / step) + 1):
        y = TOP + height - height * tick * step / top
        yield f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>'
        yield text(LEFT - 6, y + 4, short(tick * step), "label", "end")
    places = [
        (LEFT + 14 + (width - 28) * number / max(1, len(chart.points) - 1), TOP + height - height * y / top)
        for number, (_, y) in enumerate(chart.points)]
    yield '<polyline class="line" points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>'
    for (x, y), (value, _) in zip(places, chart.points, strict=True):
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        yield text(x, TOP + height + 16, short(value), "label", "middle")
    yield text(LEFT + width / 2, HEIGHT - 8, chart.axis, "label", "middle")


def scale(most):
    """The distance of the grid's lines, and the topmost one: 1, 2 or 5 times a power of ten, at most five lines."""
    step = 10.0 ** -6
    while True:
        for factor in (1, 2, 5):
            if most <= 4 * step * factor:
                return step * factor, step * factor * max(1, -(-most // (step * factor)))
        step *= 10


def short(value):
    for limit, suffix in ((1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:.3g}{suffix}"
    return f"{value:.3g}"


def text(x, y, content, kind, anchor):
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(content)}</text>'
