"""By what the person of a request is looked for: what they named, what a reviewer has taken in, what was taken back,
and whom it was about when carrying it out began.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ombud.adapters.register import kept_part
from ombud.app.known import Called, Known
from ombud.app.requests.desk import Opened
from ombud.rights.events import Begun, Reviewed, RowTakenBack
from ombud.terms import IdRef, KeyRef, Ref


def called(opened: Opened) -> Called:
    """By what the person is looked for now."""
    texts, taken = dict.fromkeys(opened.asked.subjects), dict[str, None]()
    births = [*opened.asked.births]
    refs: set[Ref] = set()
    for kind, note in _notes(opened):
        if kind == Reviewed.__name__:
            taken = dict.fromkeys(row for row in note.get("rows", ()) if row not in texts)
            births = [*opened.asked.births, *note.get("births", ())]
        elif kind == RowTakenBack.__name__:
            for row in note["taken_back"]:
                texts.pop(row, None)
                taken.pop(row, None)
        elif kind == Begun.__name__:
            if opened.request.protected and note.get("former", True):
                continue  # a protected identity is nobody by what they had before
            refs |= set(_refs(note))
            texts |= dict.fromkeys(f"{kind}={value}" for kind, _, value in note["identifiers"] if value is not None)
    pairs = tuple((row, birth) for row, _, birth in (each.rpartition("\t") for each in births))
    return Called(tuple(texts), tuple(taken), pairs, frozenset(refs))


def began(opened: Opened) -> bool:
    """Whether it was ever begun to be carried out: then its own deeds may have taken a row that it names."""
    return any(each.kind == Begun.__name__ for each in opened.history)


def named_rows(opened: Opened) -> tuple[str, ...]:
    """The rows by which the person is named, and those that a reviewer has taken in."""
    by = called(opened)
    return (*(text for text in by.texts if "=" not in text), *by.taken)


def not_theirs(opened: Opened) -> frozenset[Ref]:
    """Whose rows were taken back, and what is theirs alone: no mark of the request reaches them any more."""
    return frozenset(ref for kind, note in _notes(opened) if kind == RowTakenBack.__name__ for ref in _refs(note))


def note_of_whom(whom: Known, *, former: bool) -> Mapping[str, Any]:
    """Whom it is about, as it is kept sealed: identifiers with their hashes and, where they are known, values; rows.

    `former`: they were found by what they had before, too.
    """
    rows = sorted((ref for ref in whom.refs if isinstance(ref, KeyRef)), key=repr)
    held = sorted((ref.kind, ref.digest) for ref in whom.refs if isinstance(ref, IdRef))
    values = {each: str(value) for each, value in whom.values.items() if value is not None}
    return {
        "former": former,
        "identifiers": [[*each, values.get(each)] for each in held],
        "rows": [
            [r.source, r.subject, [p if isinstance(p, int) else kept_part(p) for p in r.key], r.birth] for r in rows
        ],
    }


def _refs(note: Mapping[str, Any]) -> Iterator[Ref]:
    for kind, digest, _ in note["identifiers"]:
        yield IdRef(kind, digest)
    for source, subject, key, birth in note["rows"]:
        yield KeyRef(source, subject, tuple(key), birth)


def _notes(opened: Opened) -> Iterator[tuple[str, Mapping[str, Any]]]:
    kinds = {each.__name__ for each in (Reviewed, RowTakenBack, Begun)}
    for entry in opened.history:
        if entry.kind in kinds and entry.note:
            yield entry.kind, json.loads(entry.note)
