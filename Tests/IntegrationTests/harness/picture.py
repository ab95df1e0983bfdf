"""Results of range queries as one SVG of small charts, for people who want to see what the dashboards are about."""

from html import escape

WIDTH, HEIGHT, GAP, COLUMNS = 380, 150, 46, 2
COLOURS = ("#3b7dd8", "#e07b39", "#3fa34d", "#b5475b", "#8458b3", "#7a8b99", "#c2a83e", "#4aa8a8")


def rounded(value):
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{suffix}"
    return f"{value:.3g}"


def line(points, start, end, highest, colour):
    placed = " ".join(
        f"{(moment - start) / (end - start) * WIDTH:.1f},{HEIGHT - value / highest * HEIGHT:.1f}"
        for moment, value in points
    )
    return f'<polyline points="{placed}" fill="none" stroke="{colour}" stroke-width="1.5"/>'


def chart(title, lines):
    """`lines` is a list of (legend, [(moment, value)]), with at least one point."""
    moments = [moment for _, points in lines for moment, _ in points]
    start, end = min(moments), max(max(moments), min(moments) + 1)
    highest = max(max(value for _, points in lines for _, value in points), 1e-9) * 1.05
    parts = [f'<text class="title" y="-10">{escape(title)}</text>']
    parts.append(f'<text class="small" x="{WIDTH}" y="-10" text-anchor="end">up to {rounded(highest / 1.05)}</text>')
    parts.append(f'<path class="frame" d="M0 0V{HEIGHT}H{WIDTH}"/>')
    parts += [line(points, start, end, highest, colour) for (_, points), colour in zip(lines, COLOURS)]
    across = 0
    for (legend, _), colour in zip(lines, COLOURS):
        if across + 7 * len(legend) > WIDTH:
            break
        parts.append(
            f'<text class="small" x="{across}" y="{HEIGHT + 14}" style="fill:{colour}">{escape(legend)}</text>'
        )
        across += 7 * len(legend) + 12
    return "\n".join(parts)


def svg(charts):
    """`charts` is a list of (title, lines)."""
    rows = -(-len(charts) // COLUMNS)
    width, height = COLUMNS * (WIDTH + GAP) + GAP, rows * (HEIGHT + GAP + 14) + GAP
    style = (
        ".title{font:600 14px sans-serif;fill:#57606a}.small{font:11px sans-serif;fill:#7a8290}"
        ".frame{fill:none;stroke:#9aa4ae;stroke-width:1}"
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<style>{style}</style>",
    ]
    for place, (title, lines) in enumerate(charts):
        x = GAP + place % COLUMNS * (WIDTH + GAP)
        y = GAP + place // COLUMNS * (HEIGHT + GAP + 14)
        parts.append(f'<g transform="translate({x},{y})">\n{chart(title, lines)}\n</g>')
    return "\n".join([*parts, "</svg>", ""])
