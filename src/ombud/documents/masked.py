"""What is somebody else's is left out of a text (Art. 15(4)): nothing of it is left, its length included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ombud.documents.extract import Datum, Span, Value

MARK = "▒▒▒"
"""What stands where something was left out, in the files."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as it may be shown, and where in it (characters) something was left out, with why."""

    value: Value
    left_out: tuple[Span, ...] = ()


def shown(datum: Datum, mark: str = MARK) -> Shown:
    """A datum's value without what is masked.

    Spans may touch, overlap, lie in any order or reach outside the text. A value that is no text is left out whole as
    soon as anything of it is masked: where in it the other person stands is then not known.
    """
    if not datum.masked:
        return Shown(datum.value)
    if not isinstance(datum.value, str):
        return Shown(mark, (Span(0, len(mark), _why(datum.masked)),))
    text, parts, left_out, at, written = datum.value, list[str](), list[Span](), 0, 0
    for span in _joined(datum.masked, len(text)):
        kept = text[at : span.start]
        written += len(kept)
        parts += [kept, mark]
        left_out.append(Span(written, written + len(mark), span.why))
        written, at = written + len(mark), span.end
    return Shown("".join((*parts, text[at:])), tuple(left_out))


def _joined(spans: Iterable[Span], length: int) -> list[Span]:
    """Spans within a text, in order, those that touch or overlap joined; empty ones are none."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        start, end = max(span.start, 0), min(span.end, length)
        if start >= end:
            continue
        if joined and start <= joined[-1].end:
            last = joined.pop()
            start, end = last.start, max(end, last.end)
            span = Span(start, end, _why((last, span)))
        joined.append(Span(start, end, span.why))
    return joined


def _why(spans: Iterable[Span]) -> str:
    return "; ".join(dict.fromkeys(span.why for span in spans if span.why))
