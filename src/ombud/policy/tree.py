"""YAML text as a tree in which every key and value knows its place.

Only the part of YAML 1.2 that a reader can follow by eye: no anchors, aliases, tags, merges or second documents.
Plain scalars are read by the core schema of YAML 1.2 (10.3), so `NO` and `2026-01-01` are text.
"""

from __future__ import annotations

import errno
import json
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ombud.terms import Finding, Place

DEEPEST = 16
"""How many levels a file may nest."""
LONGEST = 400_000
"""How many characters a file may hold."""


class Form(StrEnum):
    """What a scalar was written as."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "true or false"
    EMPTY = "nothing"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, as written; quotes make it text."""

    place: Place
    text: str
    form: Form = Form.TEXT


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    place: Place
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping, with where the key stands."""

    key: str
    place: Place
    node: Node


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping, in the file's order, every key once."""

    place: Place
    entries: tuple[Entry, ...]

    def get(self, key: str) -> Node | None:
        """The value under a key, or None."""
        return next((entry.node for entry in self.entries if entry.key == key), None)

    def at(self, key: str) -> Place:
        """Where the value under a key stands, or the mapping itself."""
        node = self.get(key)
        return self.place if node is None else node.place


Node = Scalar | Items | Entries

_CORE = (
    (re.compile(r"~|null|Null|NULL|"), Form.EMPTY),
    (re.compile(r"true|True|TRUE|false|False|FALSE"), Form.FLAG),
    (re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"), Form.NUMBER),
    (
        re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"),
        Form.NUMBER,
    ),
)
_BARE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class _Refused(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def text_of(path: Path, longest: int = LONGEST) -> str:
    """The text of a file, as far as `read` looks. Raises UnicodeDecodeError, and OSError also for a pipe or a device:
    reading one could wait for ever.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is a folder, a pipe or a device")
    with path.open("rb") as stream:
        return stream.read(4 * longest + 1).decode("utf-8-sig")


def read(file: str, text: str, longest: int = LONGEST) -> tuple[Node | None, tuple[Finding, ...]]:
    """Read one YAML document.

    P001 too long or binary, P002 not YAML, P003 double key, P004 not in the language, P005 empty.
    """
    start = Place(file)
    if len(text) > longest:
        return None, (Finding("P001", start, f"the file is longer than {longest} characters", "split it up"),)
    if "\x00" in text or _BARE.search(text):
        return None, (Finding("P001", start, "the file is not text", "save it as UTF-8 text"),)
    doubled: list[Finding] = []
    events = YAML(typ="safe", pure=True).parse(text)
    try:
        node = _document(file, events, doubled)
    except _Refused as refusal:
        return None, (*doubled, refusal.finding)
    except MarkedYAMLError as error:
        return None, (*doubled, _syntax(file, error))
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError):
        return None, (*doubled, Finding("P002", start, "this is not YAML", "check quotes, colons and indentation"))
    if node is None or (isinstance(node, Scalar) and node.form is Form.EMPTY):
        return None, (
            *doubled,
            Finding("P005", start, "the file is empty", "write at least one key, or remove the file"),
        )
    return node, tuple(doubled)


def guess(word: str, known: Mapping[str, Any] | frozenset[str] | tuple[str, ...]) -> str:
    """A hint for a word that is not known: the nearest known one, else what there is."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    some = sorted(known)
    return f"known: {', '.join(some[:12])}{', …' if len(some) > 12 else ''}" if some else "none is declared"


def quoted(name: str) -> str:
    """A name as it is to be written in a file: between quotes where YAML would read something else."""
    plain = re.fullmatch(r"[^\W\d][\w$]*", name) and name.lower() not in ("null", "true", "false")
    return name if plain else json.dumps(name, ensure_ascii=False)


def _document(file: str, events: Iterator[Any], doubled: list[Finding]) -> Node | None:
    documents = 0
    node: Node | None = None
    for event in events:
        match type(event).__name__:
            case "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    raise _refuse(file, event, "a second document in one file", "use one file for each")
            case "StreamStartEvent" | "StreamEndEvent" | "DocumentEndEvent" | "CommentEvent":
                pass
            case _:
                node = _node(file, event, events, doubled, 1)
    return node


def _node(file: str, event: Any, events: Iterator[Any], doubled: list[Finding], depth: int) -> Node:
    kind = type(event).__name__
    if kind == "AliasEvent" or getattr(event, "anchor", None) is not None:
        raise _refuse(
            file, event, "anchors and aliases (& and *) are not read, so that nothing can loop", "write it out"
        )
    if getattr(event, "ctag", None) is not None and str(event.ctag) not in ("None", "!"):
        raise _refuse(file, event, "tags (!) are not read", "leave the tag out")
    if depth > DEEPEST:
        raise _refuse(file, event, f"nested deeper than {DEEPEST} levels", "no key of the language lies so deep")
    place = _place(file, event.start_mark)
    if kind == "ScalarEvent":
        str(event.value).encode()  # a lone surrogate is a ValueError: it could not be printed
        if _BARE.search(event.value):
            raise _refuse(file, event, "a control character, such as \\0, is no part of a word", "leave it out")
        return Scalar(place, str(event.value), _form(event))
    if kind == "SequenceStartEvent":
        nodes: list[Node] = []
        while type(inner := next(events)).__name__ != "SequenceEndEvent":
            nodes.append(_node(file, inner, events, doubled, depth + 1))
        return Items(place, tuple(nodes))
    entries: dict[str, Entry] = {}
    while type(inner := next(events)).__name__ != "MappingEndEvent":
        key = _node(file, inner, events, doubled, depth + 1)
        value = _node(file, next(events), events, doubled, depth + 1)
        if not isinstance(key, Scalar):
            raise _refuse(file, inner, "a key must be a word", "write `key: value`")
        if key.text in entries:
            first = entries[key.text].place
            doubled.append(
                Finding(
                    "P003", key.place, f"{key.text} is written twice", f"first at line {first.line}; keep one of them"
                )
            )
            continue
        entries[key.text] = Entry(key.text, key.place, value)
    return Entries(place, tuple(entries.values()))


def _form(event: Any) -> Form:
    if event.style not in (None, ""):
        return Form.TEXT
    return next((form for pattern, form in _CORE if pattern.fullmatch(event.value)), Form.TEXT)


def _place(file: str, mark: Any) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


def _refuse(file: str, event: Any, what: str, hint: str) -> _Refused:
    return _Refused(Finding("P004", _place(file, event.start_mark), what, hint))


def _syntax(file: str, error: MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    place = _place(file, mark) if mark is not None else Place(file)
    problem = " ".join(str(error.problem or "this is not YAML").split())
    hint = "check quotes, colons and indentation"
    if "\\t" in problem or "tab" in problem:
        hint = "indent with spaces, not tabs"
    return Finding("P002", place, f"not YAML: {problem}", hint)
