"""A letter as PDF: set by typst from a template that never sees markup, tagged, for the archive and for everybody.

PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1). Fonts are those in the typst package; nothing is fetched.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any

from ombud.documents.body import Block, Body, Facts, Heading, Items, NewPage, Notice, Paragraph, Table
from ombud.documents.glyphs import BOX, latin, legible
from ombud.documents.lines import on_one_line
from ombud.documents.words import say
from ombud.terms import Finding, Place

if TYPE_CHECKING:
    import typst

STANDARDS: list[Any] = ["a-2a", "ua-1"]


@dataclass(frozen=True, slots=True)
class Window:
    """Where the address stands on an A4 sheet, in millimetres from its upper left corner, and where the text begins.

    A4 folded once is 210 × 148.5 mm and slides in a C5 envelope (ISO 269: 229 × 162 mm) by up to 19 mm sideways and
    13.5 mm up or down. Swedish letters have the address to the right (H2). For windows of 90 × 35 mm that end 20 mm
    from the right edge and begin 44 to 50 mm from the upper one, as envelopes are commonly sold, three lines at 119
    and 49.5 mm stay in sight wherever the sheet has slid; longer addresses are set smaller within 71 × 22 mm. What
    else such a window may uncover, from 100 mm rightwards and 30 to 86 mm down, stays empty: only the address shows.
    Firms with other envelopes give other measures.
    """

    left: float = 119
    top: float = 49.5
    width: float = 71
    height: float = 22
    body: float = 98


C5 = Window()


class LettersNotInstalled(Exception):
    """The typst package is not there."""

    def __init__(self) -> None:
        self.finding = Finding(
            "C159", Place("letters"), "letters need typst, which is not installed", "pip install 'ombud[letters]'"
        )
        super().__init__(str(self.finding))


def render(body: Body, window: Window = C5) -> bytes:
    """The letter as PDF: PDF/A-2a and PDF/UA-1, tagged, in its language. Equal letters are equal bytes.

    Raises LettersNotInstalled. A character that the fonts lack is shown as □, and the letter says so.
    """
    setter = _setter()
    moment = datetime(body.day.year, body.day.month, body.day.day, tzinfo=UTC)
    lacking = ""
    for _ in range(TRIES):
        prepared = _with_what_is_boxed(body, window, partial(legible, lacking=lacking))
        try:
            return setter.set(prepared, moment)
        except setter.fault as fault:
            lacks = _LACKS.search(str(fault))
            if lacks is None:
                raise
            lacking += _UNESCAPED.sub(lambda match: chr(int(match[1], 16)), lacks[1])
    return setter.set(_with_what_is_boxed(body, window, latin), moment)


TRIES = 5
"""How often a character that the fonts turn out to lack is replaced before only Western European ones are left."""

_LACKS = re.compile(r'(?:the text|codepoint) `"(.+?)"`')
_UNESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def _with_what_is_boxed(body: Body, window: Window, clean: Callable[[str], str]) -> str:
    """The template's data; where a character was replaced by a box, the letter says so at its end."""
    prepared, whole = _prepared(body, window, clean)
    if whole:
        return prepared
    told = replace(body, blocks=(*body.blocks, Paragraph(say(body.language, "unshown"), quiet=True)))
    return _prepared(told, window, clean)[0]


class _Setter:
    """One warm compiler. typst's compiler is not shared between threads at once."""

    def __init__(self) -> None:
        try:
            import typst
        except ImportError:
            raise LettersNotInstalled from None
        self.fault: type[Exception] = typst.TypstError
        self._compiler: typst.Compiler = typst.Compiler(ignore_system_fonts=True)
        self._template = resources.files("ombud.documents").joinpath("letter.typ").read_bytes()
        self._lock = threading.Lock()

    def set(self, prepared: str, moment: datetime) -> bytes:
        with self._lock:
            made = self._compiler.compile(
                input=self._template,
                sys_inputs={"body": prepared},
                format="pdf",
                pdf_standards=STANDARDS,
                timestamp=moment,
            )
        assert isinstance(made, bytes)
        return made


_SETTERS: list[_Setter] = []


def _setter() -> _Setter:
    if not _SETTERS:
        _SETTERS.append(_Setter())
    return _SETTERS[0]


def _prepared(body: Body, window: Window, clean: Callable[[str], str]) -> tuple[str, bool]:
    """The template's data, every text made legible; and whether nothing had to be replaced by a box."""
    data = {
        "language": body.language,
        "title": body.title,
        "subject": body.subject,
        "author": body.sender[0],
        "reference": body.reference,
        "footer": body.footer,
        "page": say(body.language, "page"),
        "recipient": list(body.to.lines),
        "sender": list(body.sender),
        "case": [list(row) for row in body.case],
        "lead": body.lead,
        "blocks": [_block(block) for block in body.blocks],
        "closing": list(body.closing),
    }
    boxed = [False]

    def texts(value: Any) -> Any:
        match value:
            case str():
                cleaned = clean(value)
                boxed[0] |= BOX in cleaned and BOX not in value
                return cleaned
            case list() | tuple():
                return [texts(each) for each in value]
            case dict():
                return {key: each if key == "is" else texts(each) for key, each in value.items()}
            case _:
                return value

    whole = texts(data)
    whole["dated"] = {"year": body.day.year, "month": body.day.month, "day": body.day.day}
    whole["window"] = asdict(window)
    return json.dumps(whole), not boxed[0]


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"is": "heading", "text": text, "level": level}
        case Paragraph(text, quiet):
            return {"is": "quiet" if quiet else "paragraph", "text": text}
        case Facts(rows):
            return {"is": "facts", "rows": rows}
        case Table(columns, rows, shares):
            short = on_one_line(rows, shares)
            return {"is": "table", "columns": columns, "rows": rows, "widths": list(shares), "short": short}
        case Items(texts):
            return {"is": "items", "texts": texts}
        case Notice(title, texts):
            return {"is": "notice", "title": title, "texts": texts}
        case NewPage():
            return {"is": "page"}
