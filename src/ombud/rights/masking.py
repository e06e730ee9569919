"""A text with spans of it left out: the text itself is never changed, and spans may lie in any order or overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ombud.documents.extract import Datum, Extract, Record, Span

MASK = "\N{FULL BLOCK}" * 5
"""What stands in place of what is left out. Of one length, for a length tells a name to who guesses it."""


@dataclass(frozen=True, slots=True, order=True)
class At:
    """A cell of an answer: where it stands, without what stands there."""

    source: str
    table: str
    key: str
    name: str


def merged(spans: Iterable[Span], length: int) -> tuple[Span, ...]:
    """The same as few spans, in order, apart, inside a text of that many characters; reasons are joined."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        start, end = max(0, span.start), min(span.end, length)
        if start >= end:
            continue
        if found and start <= found[-1].end:
            last = found[-1]
            whys = dict.fromkeys((*last.why.split("; "), *span.why.split("; ")))
            found[-1] = Span(last.start, max(last.end, end), "; ".join(whys))
        else:
            found.append(Span(start, end, span.why))
    return tuple(found)


def pieces(text: str, spans: Iterable[Span]) -> Iterator[tuple[str, Span | None]]:
    """The text in order: each piece that stays with None, each that is left out with its span."""
    at = 0
    for span in merged(spans, len(text)):
        if at < span.start:
            yield text[at : span.start], None
        yield text[span.start : span.end], span
        at = span.end
    if at < len(text):
        yield text[at:], None


def masked(text: str, spans: Iterable[Span], mask: str = MASK) -> str:
    """The text with `mask` where the spans are."""
    return "".join(piece if span is None else mask for piece, span in pieces(text, spans))


def masked_extract(extract: Extract, spans: Mapping[At, tuple[Span, ...]]) -> Extract:
    """The answer with each cell's spans in its `masked`; the values stay whole, and whoever writes them leaves out."""
    if not any(spans.values()):
        return extract
    return replace(extract, records=tuple(_record(record, spans) for record in extract.records))


def _record(record: Record, spans: Mapping[At, tuple[Span, ...]]) -> Record:
    return replace(record, data=tuple(_datum(record, datum, spans) for datum in record.data))


def _datum(record: Record, datum: Datum, spans: Mapping[At, tuple[Span, ...]]) -> Datum:
    found = spans.get(at(record, datum), ())
    if not found or not isinstance(datum.value, str):
        return datum
    return replace(datum, masked=merged((*datum.masked, *found), len(datum.value)))


def at(record: Record, datum: Datum) -> At:
    """Where a cell of an answer stands."""
    return At(record.source, record.table, record.key, datum.name)
