"""A picture as SVG 1.1: it stands alone, scales, and can be read by a screen reader."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape

from ombud.datamap.picture.seen import Edge, Node, Picture

WIDTH, HEIGHT, APART = 170, 46, 28
"""Of a table's box, and between boxes, in pixels."""

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#8C6D1F", "#6A3D9A", "#5C5C5C")
"""Of purposes, told apart by people who see fewer colours too (Okabe and Ito, 2008, and three darker ones)."""

RED = "#C0392B"

STRETCHED = 1.35
"""How much wider than high the rings are."""

ANYWHERE = 7.0
"""In place of an angle, for what belongs to nothing that is placed; more than any angle."""

Place = tuple[float, float]


def svg(picture: Picture) -> str:
    """The text of a file."""
    places = _places(picture)
    left = min((x for x, _ in places.values()), default=0.0) - WIDTH
    top = min((y for _, y in places.values()), default=0.0) - HEIGHT - 70
    right = max((x for x, _ in places.values()), default=0.0) + WIDTH
    bottom = max((y for _, y in places.values()), default=0.0) + HEIGHT + 30 + 24 * (1 + len(picture.purposes) // 4)
    colours = {purpose: _look(n) for n, purpose in enumerate(picture.purposes)}
    name = escape(picture.source)
    size = f'viewBox="{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="system-ui, sans-serif" role="img">',
        f"<title>The data map of {name}</title>",
        f'<rect x="{left:.0f}" y="{top:.0f}" width="100%" height="100%" fill="white"/>',
        f'<text x="{left + 24:.0f}" y="{top + 40:.0f}" font-size="24" font-weight="600">{name}</text>',
        *(_line(edge, places) for edge in picture.edges if edge.of != edge.to and {edge.of, edge.to} <= places.keys()),
        *(line for node in picture.nodes.values() for line in _box(node, places[node.name], colours)),
        *_legend(colours, left + 24, bottom - 18 - 24 * (len(picture.purposes) // 4), (right - left - 48) / 4),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _places(picture: Picture) -> dict[str, Place]:
    """Where each table's middle is: on its ring, near what it belongs to."""
    places: dict[str, Place] = {}
    angles: dict[str, float] = {}
    radius = 0.0
    for ring, nodes in enumerate(picture.rings()):
        if not nodes:
            continue
        needed = len(nodes) * (WIDTH + APART) / (2 * math.pi)
        radius = max(needed, radius + 2.6 * HEIGHT + APART) if ring or len(nodes) > 1 else 0.0
        nodes = sorted(nodes, key=lambda node: (_wished(node, picture, angles), node.name))
        wished = [_wished(node, picture, angles) for node in nodes]
        for node, angle in zip(nodes, _apart(wished, radius), strict=True):
            angles[node.name] = angle
            # Boxes are wide: what stands above one another may stand closer than what stands side by side.
            places[node.name] = (STRETCHED * radius * math.cos(angle), radius * math.sin(angle))
    return places


def _apart(wished: list[float], radius: float) -> list[float]:
    """Angles near those wished, in their order, and far enough apart; evenly round the ring where there is no room."""
    even = 2 * math.pi / len(wished)
    if not radius or max(wished, default=ANYWHERE) == ANYWHERE or even * radius < 1.4 * (WIDTH + APART):
        return [even * n - math.pi / 2 for n in range(len(wished))]
    gap, found = (WIDTH + APART) / radius, list[float]()
    for wish in wished:
        found.append(max(wish, found[-1] + gap) if found else wish)
    return found


def _wished(node: Node, picture: Picture, angles: Mapping[str, float]) -> float:
    found = [angles[edge.to] for edge in picture.edges if edge.of == node.name and edge.owns and edge.to in angles]
    return found[0] if found else ANYWHERE


def _look(n: int) -> str:
    """Of the n-th purpose's dots: filled, then hollow ones."""
    colour = COLOURS[n % len(COLOURS)]
    return f'fill="{"white" if n // len(COLOURS) % 2 else colour}" stroke="{colour}" stroke-width="2.5"'


def _line(edge: Edge, places: Mapping[str, Place]) -> str:
    (x1, y1), (x2, y2) = places[edge.of], places[edge.to]
    look = 'stroke="#444" stroke-width="2"' if edge.owns else 'stroke="#CCC" stroke-width="1"'
    dashed = ' stroke-dasharray="6 5"' if edge.by_identifier else ""
    return f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" {look}{dashed}/>'


def _box(node: Node, place: Place, colours: Mapping[str, str]) -> Iterator[str]:
    x, y = place[0] - WIDTH / 2, place[1] - HEIGHT / 2
    edge = RED if node.holes else "#222" if node.ring == 0 else "#888"
    thick = 3 if node.holes or node.ring == 0 else 1.2
    fill = "#FFF" if node.ring is not None else "#F2F2F2"
    said = [node.name, *(f"held for {purpose}" for purpose in node.purposes), *node.holes]
    yield f"<g><title>{escape('; '.join(said))}</title>"
    yield (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="{22 if node.ring == 0 else 6}" '
        f'fill="{fill}" stroke="{edge}" stroke-width="{thick}"/>'
    )
    # Many tables begin alike: what tells them apart is at the end.
    name = node.name if len(node.name) <= 22 else f"…{node.name[-21:]}"
    yield (
        f'<text x="{place[0]:.0f}" y="{y + 20:.0f}" text-anchor="middle" font-size="13" '
        f'fill="{RED if node.holes else "#111"}">{escape(name)}</text>'
    )
    start = place[0] - (len(node.purposes) - 1) * 8
    for n, purpose in enumerate(node.purposes):
        yield f'<circle cx="{start + 16 * n:.0f}" cy="{y + 34:.0f}" r="4.5" {colours[purpose]}/>'
    yield "</g>"


def _legend(colours: Mapping[str, str], x: float, y: float, wide: float) -> Iterator[str]:
    for n, (purpose, colour) in enumerate(colours.items()):
        at, down = x + wide * (n % 4), y + 24 * (n // 4)
        yield f'<circle cx="{at:.0f}" cy="{down - 5:.0f}" r="6" {colour}/>'
        yield f'<text x="{at + 14:.0f}" y="{down:.0f}" font-size="14">{escape(purpose)}</text>'
