"""Values inside JSON documents, as MariaDB takes them apart: it compares keys as they are written, escapes and all.

So each key is looked for in the spellings that encoders give it, and an object whose keys are spelled otherwise cannot
be read. What an object that no path leads through has twice, it keeps twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from ombud.sql.dialect import Bool, Expr
from ombud.sql.documents import Edit, Path
from ombud.sql.mariadb import BY_CODE_POINT

NOWHERE = "$[9]"
"""A path to the tenth element of an object, which is its own first and has no other: changing it changes nothing."""
ODD = r"\\u(00[2-7][0-9a-fA-F]|[0-9a-fA-F]{0,3}[A-F])"
"""An escape in a key that neither Python nor PHP nor JavaScript writes: of a plain letter, or in capitals."""
MIXED = ((r"[^\x00-\x7F]", r"\\u(?!00[01])"), (r"[^\\]/", r"\\/"))
"""What one encoder writes as it is, and escaped: keys that have both may be one key, twice."""
QUOTED, UNQUOTED = r'(?<!\\)((?:\\\\)*)\\"', r"\1\\u0022"
"""A quotation mark that a backslash escapes, and the same in numbers."""
PLAIN = r"^-?[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,2})?$"
"""A number that a DOUBLE can hold."""


class Mariadb:
    """JSON is text in a LONGTEXT or any other column."""

    def document(self, column: Expr, declared: str) -> Expr:
        return sa.case((sa.func.json_valid(column) == 1, column), else_=sa.null())

    def type(self, document: Expr, path: Path) -> Expr:
        found = self._follow(document, path)
        keys, kind = sa.func.json_keys(found), _exactly(sa.func.lower(sa.func.json_type(found)))
        told = _exactly(keys).op("REGEXP")
        mixed = (sa.and_(*(told(each) for each in both)) for both in MIXED)
        unlike = sa.or_(sa.func.json_length(found) != self._different(found), told(ODD), *mixed)
        return sa.case((sa.and_(kind == "object", unlike), "unlike"), else_=kind)

    def _different(self, found: Expr) -> Expr:
        """How many keys of an object differ: JSON_KEYS takes the empty key for one it has, after one with a quotation
        mark in it, unless that is written otherwise."""
        return sa.func.json_length(sa.func.json_keys(sa.func.regexp_replace(_exactly(found), QUOTED, UNQUOTED)))

    def holds(self, document: Expr, path: Path, value: Any) -> Bool:
        found = self._follow(document, path)
        kind, text = _exactly(sa.func.json_type(found)), _exactly(sa.func.json_unquote(found))
        if isinstance(value, bool):
            return sa.and_(kind == "BOOLEAN", text == json.dumps(value))
        if isinstance(value, str):
            return sa.and_(kind == "STRING", text == sa.literal(value, sa.Text()))
        number = sa.case((text.op("REGEXP")(PLAIN), sa.cast(text, sa.Double) == value), else_=sa.false())
        return sa.and_(kind.in_(("INTEGER", "DOUBLE")), number)

    def edited(self, column: Expr, declared: str, edits: Iterable[Edit]) -> Expr:
        edits = list(edits)
        whole, document = column, self.document(column, declared)
        places = [sa.case((e.when, self._place(document, e.path)), else_=NOWHERE) for e in edits]
        gone = [place for place, e in zip(places, edits, strict=True) if e.blank.remove]
        written = [(place, e.blank.value) for place, e in zip(places, edits, strict=True) if not e.blank.remove]
        if gone:
            whole = sa.func.json_remove(whole, *gone)
        if written:
            whole = sa.func.json_replace(whole, *(part for place, value in written for part in (place, _json(value))))
        return sa.case((sa.or_(*(e.when for e in edits)), whole), else_=column)

    def _follow(self, document: Expr, path: Path) -> Expr:
        """What stands at the path, as JSON; NULL where there is no such key."""
        for name in path:
            document = sa.func.coalesce(
                *(sa.func.json_extract(document, f'$."{spelled}"') for spelled in spellings(name)), sa.null()
            )
        return document

    def _place(self, document: Expr, path: Path) -> Expr:
        """The path as it is spelled in this document."""
        place: Expr = sa.literal("$", sa.Text())
        for n, name in enumerate(path):
            inside, (usual, *others) = self._follow(document, path[:n]), spellings(name)
            steps = [(sa.func.json_extract(inside, f'$."{other}"').is_not(None), f'."{other}"') for other in others]
            step = sa.case(*steps, else_=f'."{usual}"') if steps else sa.literal(f'."{usual}"', sa.Text())
            place = place.concat(step)
        return place


def spellings(name: str) -> tuple[str, ...]:
    """How encoders write a key: as it is (JavaScript), in ASCII (Python), with a slash escaped as well (PHP)."""

    def written() -> Iterator[str]:
        for ascii_only in (False, True):
            plain = json.dumps(name, ensure_ascii=ascii_only)[1:-1]
            yield from (plain, plain.replace("/", "\\/"))

    return tuple(dict.fromkeys(written()))


def _exactly(value: Expr) -> Expr:
    return sa.collate(sa.cast(value, sa.Text), BY_CODE_POINT)


def _json(value: Any) -> Expr:
    """A value as JSON_REPLACE takes it for what it is in JSON."""
    if value is None:
        return sa.null()
    if isinstance(value, bool):
        return sa.func.json_extract(json.dumps(value), "$")
    return sa.literal(value)
