"""YAML text as a tree in which every part knows from where to where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ruamel.yaml import YAML


class Kind(StrEnum):
    """What a part is."""

    SCALAR = "scalar"
    LIST = "list"
    MAPPING = "mapping"


@dataclass(frozen=True, slots=True)
class Part:
    """A value: its text is `text[start:end]`, but for what stands in lines of its own, which ends somewhere before.

    `flow`: between `[` and `]`, or `{` and `}`. `style` is a scalar's first sign, "" for plain. Of a mapping, `parts`
    are keys and values by turns.
    """

    kind: Kind
    start: int
    end: int
    column: int
    flow: bool = False
    style: str = ""
    value: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def block(self) -> bool:
        """Whether it is a list or a mapping in lines of its own."""
        return self.kind is not Kind.SCALAR and not self.flow

    @property
    def pairs(self) -> Iterator[tuple[Part, Part]]:
        """The keys of a mapping, each with its value."""
        return zip(self.parts[::2], self.parts[1::2], strict=True)

    @property
    def said(self) -> Any:
        """What it says, wherever it is written: quotes make a word text."""
        return (self.kind, self.value, self.style == "", tuple(part.said for part in self.parts))


def extents(text: str) -> Part | None:
    """The only document of a text that is YAML; None of an empty one. Raises YAMLError."""
    events = YAML(typ="safe", pure=True).parse(text)
    for event in events:
        if type(event).__name__ in ("ScalarEvent", "SequenceStartEvent", "MappingStartEvent"):
            return _part(event, events)
    return None


def _part(event: Any, events: Iterator[Any]) -> Part:
    start, name = event.start_mark, type(event).__name__
    if name == "ScalarEvent":
        style = event.style or ""
        return Part(Kind.SCALAR, start.index, event.end_mark.index, start.column, False, style, str(event.value))
    parts = []
    for inner in events:
        if type(inner).__name__ in ("SequenceEndEvent", "MappingEndEvent"):
            break
        parts.append(_part(inner, events))
    kind = Kind.LIST if name == "SequenceStartEvent" else Kind.MAPPING
    return Part(kind, start.index, inner.end_mark.index, start.column, bool(event.flow_style), "", "", tuple(parts))
