"""Curves over the number of records as an SVG: both axes by powers of ten, a line for each series.

What grows in proportion to the records rises at 45 degrees here, whatever the machine; what grows faster is steeper.
"""

from collections.abc import Mapping
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 34, 46
COLOURS = ("#0b5394", "#7f7f7f", "#b45f06", "#38761d", "#741b47", "#134f5c")
DASHES = ("", "6 4", "", "", "2 3", "8 3 2 3")
"""Lines differ in more than colour."""

Series = Mapping[str, Mapping[int, float]]
"""For each name the value at each number of records."""


def svg(title: str, unit: str, series: Series) -> str:
    """The drawing."""
    sizes = sorted({size for points in series.values() for size in points})
    values = [value for points in series.values() for value in points.values()]
    first, last = floor(log10(sizes[0])), ceil(log10(sizes[-1]))
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    across = (WIDTH - LEFT - RIGHT) / max(1, last - first)
    up = (HEIGHT - TOP - BOTTOM) / max(1, high - low)

    def x(size: float) -> float:
        return LEFT + (log10(size) - first) * across

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (log10(value) - low) * up

    size = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="20" font-size="14">{escape(title)}</text>',
    ]
    for power in range(low, high + 1):
        place = y(10.0**power)
        parts.append(f'<path d="M{LEFT} {place:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{place + 4:.1f}" text-anchor="end">{10.0**power:,g} {unit}</text>')
    for power in range(first, last + 1):
        place = x(10.0**power)
        parts.append(f'<path d="M{place:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        label = f"{10**power:,}"
        parts.append(f'<text x="{place:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">records</text>')
    ends = sorted(((y(points[max(points)]), name) for name, points in series.items() if points))
    labels = _spread([place for place, _ in ends])
    named = {name: place for (_, name), place in zip(ends, labels, strict=True)}
    for number, (name, points) in enumerate(series.items()):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        line = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in sorted(points.items()))
        stroke = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
        parts.append(f'<polyline points="{line}" fill="none" {stroke}/>')
        parts += [f'<circle cx="{x(s):.1f}" cy="{y(v):.1f}" r="3" fill="{colour}"/>' for s, v in sorted(points.items())]
        parts.append(f'<text x="{WIDTH - RIGHT + 12}" y="{named[name] + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _spread(places: list[float], apart: float = 15) -> list[float]:
    """Places of labels, from the top down, none of them over another."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + apart) if found else place)
    return found
