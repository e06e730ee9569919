"""A picture as Mermaid's text, which repositories' pages draw where Markdown stands."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.picture.seen import Picture


def mermaid(picture: Picture) -> str:
    """A flowchart; names are quoted, so that none is read as Mermaid's own words."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    numbers = {name: f"t{n}" for n, name in enumerate(picture.nodes)}
    yield "flowchart RL"
    for name, node in picture.nodes.items():
        said = _quoted(name) + (f"<br/>{_quoted(', '.join(node.purposes))}" if node.purposes else "")
        yield f'  {numbers[name]}(["{said}"])' if node.ring == 0 else f'  {numbers[name]}["{said}"]'
    for edge in picture.edges:
        if edge.of in numbers and edge.to in numbers:
            arrow = "-.->" if edge.by_identifier else "==>" if edge.owns else "-->"
            yield f"  {numbers[edge.of]} {arrow} {numbers[edge.to]}"
    yield "  classDef hole stroke:#C0392B,stroke-width:3px,color:#C0392B"
    yield "  classDef aside fill:#F2F2F2,color:#777"
    for name, node in picture.nodes.items():
        if node.holes:
            yield f"  class {numbers[name]} hole"
        elif node.ring is None:
            yield f"  class {numbers[name]} aside"


def _quoted(text: str) -> str:
    return "".join(f"#{ord(c)};" if c in '"#&<>`\\' or not c.isprintable() else c for c in text)
