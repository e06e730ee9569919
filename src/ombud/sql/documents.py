"""Values inside JSON documents, in SQL: what stands at a path, and the document without it (`spec/claims.md` §2, §5).

Each engine takes documents apart with functions of its own. None is called on what it would raise on: everything
starts from `document`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON, JSONB

from ombud.datamap.model import Blank
from ombud.sql.dialect import Bool, Expr

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """Where `when` is known, the value at the path becomes the blank, or goes."""

    when: Bool
    path: Path
    blank: Blank


class Documents(Protocol):
    """How one engine reads and writes a document in a column. `declared` is the column's type in the live schema."""

    def document(self, column: Expr, declared: str) -> Expr:
        """The document as the other methods read it; NULL where the column is empty or cannot be read."""
        ...

    def type(self, document: Expr, path: Path) -> Expr:
        """The name of the JSON type that stands at the path; NULL where there is no such key."""
        ...

    def holds(self, document: Expr, path: Path, value: Any) -> Bool:
        """This text, number, true or false stands at the path. NULL where nothing does."""
        ...

    def edited(self, column: Expr, declared: str, edits: Iterable[Edit]) -> Expr:
        """The column with the edits made in it; each is made only where its path leads to something."""
        ...


def unreadable(documents: Documents, column: Expr, document: Expr, path: Path) -> Bool:
    """The column holds something, and following the path in it meets what is not an object. Two-valued."""
    whole, *below = (documents.type(document, path[:n]) for n in range(len(path)))
    text = sa.cast(column, sa.Text)
    cases = [(sa.or_(text.is_(None), text == ""), 0), (whole.is_(None), 1)]
    cases += [(found.not_in(("object", "null")), 1) for found in (whole, *below)]
    return sa.case(*cases, else_=0) == 1


class Sqlite:
    """JSON is text. `json_each` gives keys as they read, however escaped, and `fullkey` as they are written."""

    def document(self, column: Expr, declared: str) -> Expr:
        # CASE is lazy: no function sees what it would raise on.
        part = sa.func.json_tree(column).table_valued("key", "parent", name=None)
        twice = (
            sa.select(sa.literal_column("1"))
            .select_from(part)
            .where(part.c.key.is_not(None))
            .group_by(part.c.parent, part.c.key)
            .having(sa.func.count() > 1)
            .limit(1)
            .correlate_except(part)
            .scalar_subquery()
        )
        return sa.case(
            (sa.func.typeof(column) != "text", sa.null()),
            # The functions of JSON read no further than U+0000.
            (sa.func.instr(column, sa.func.char(0)) > 0, sa.null()),
            (sa.func.json_valid(column) != 1, sa.null()),
            (twice.is_not(None), sa.null()),
            else_=column,
        )

    def _follow(self, document: Expr, path: Path, wanted: str) -> Expr:
        """`type`, `atom` or `fullkey` of what stands at the path; NULL where there is no such key."""
        inside = document
        parts: list[Any] = []
        where: list[Bool] = []
        for name in path:
            part = sa.func.json_each(inside).table_valued("key", "value", "type", "atom", "fullkey", name=None)
            parts.append(part)
            where.append(part.c.key == name)
            inside = sa.case((part.c.type == "object", part.c.value), else_=sa.null())
        said: Expr = parts[-1].c[wanted]
        if wanted == "fullkey":
            said = parts[0].c.fullkey
            for part in parts[1:]:
                said = said.concat(sa.func.substr(part.c.fullkey, 2))
        chosen: sa.Select[Any] = sa.select(said).select_from(*parts).where(*where).limit(1)
        # An array's keys are numbers, and no text equals a number.
        return chosen.correlate_except(*parts).scalar_subquery()

    def type(self, document: Expr, path: Path) -> Expr:
        return self._follow(document, path, "type") if path else sa.func.json_type(document)

    def holds(self, document: Expr, path: Path, value: Any) -> Bool:
        kind = self.type(document, path)
        if isinstance(value, bool):
            return kind == ("true" if value else "false")
        kinds = ("text",) if isinstance(value, str) else ("integer", "real")
        return sa.and_(kind.in_(kinds), self._follow(document, path, "atom") == value)

    def edited(self, column: Expr, declared: str, edits: Iterable[Edit]) -> Expr:
        edits = list(edits)
        whole, document = column, self.document(column, declared)
        # Where its condition fails, an edit is of the first element of an object, which has none.
        places = [
            sa.case((e.when, sa.func.coalesce(self._follow(document, e.path, "fullkey"), "$[0]")), else_="$[0]")
            for e in edits
        ]
        gone = [place for place, e in zip(places, edits, strict=True) if e.blank.remove]
        written = [(place, e.blank.value) for place, e in zip(places, edits, strict=True) if not e.blank.remove]
        if gone:
            whole = sa.func.json_remove(whole, *gone)
        if written:
            whole = sa.func.json_replace(whole, *(part for place, value in written for part in (place, _json(value))))
        return sa.case((sa.or_(*(e.when for e in edits)), whole), else_=column)


def _json(value: Any) -> Expr:
    """A value as SQLite's functions take it for what it is in JSON."""
    if value is None:
        return sa.null()
    if isinstance(value, bool):
        return sa.func.json(json.dumps(value))
    return sa.literal(value)


class Postgresql:
    """Everything is done in `jsonb`, whose numbers are exact; a column of another type is read by `READ`."""

    def document(self, column: Expr, declared: str) -> Expr:
        if declared.upper() == "JSONB":
            return sa.type_coerce(column, JSONB)
        return sa.func.ombud.document(sa.cast(column, sa.Text), type_=JSONB)

    def _follow(self, document: Expr, path: Path) -> Expr:
        for name in path:
            document = document.op("->", return_type=JSONB())(sa.literal(name, sa.Text()))
        return document

    def type(self, document: Expr, path: Path) -> Expr:
        return sa.func.jsonb_typeof(self._follow(document, path))

    def holds(self, document: Expr, path: Path, value: Any) -> Bool:
        return self._follow(document, path) == _jsonb(value)

    def edited(self, column: Expr, declared: str, edits: Iterable[Edit]) -> Expr:
        edits = list(edits)
        whole = self.document(column, declared)
        nowhere = sa.cast(sa.literal("{}", sa.Text()), sa.ARRAY(sa.Text))
        for e in edits:
            # The empty path changes nothing.
            place = sa.case((e.when, sa.cast(list(e.path), sa.ARRAY(sa.Text))), else_=nowhere)
            if e.blank.remove:
                whole = whole.op("#-", return_type=JSONB())(place)
            else:
                whole = sa.func.jsonb_set(whole, place, _jsonb(e.blank.value), sa.false(), type_=JSONB)
        # As text, never as a shorter type: a cast to VARCHAR(n) would cut it.
        told = sa.cast(whole, {"JSONB": JSONB, "JSON": JSON}.get(declared.upper(), sa.Text))
        return sa.case((sa.or_(*(e.when for e in edits)), told), else_=column)


def _jsonb(value: Any) -> Expr:
    return sa.cast(sa.literal(json.dumps(value), sa.Text()), JSONB)


READ = """
CREATE FUNCTION ombud.document(said text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF EXISTS (
    WITH RECURSIVE part(value) AS (
      SELECT said::json
      UNION ALL
      SELECT inner_part.value FROM part CROSS JOIN LATERAL (
        SELECT value FROM json_each(CASE json_typeof(part.value) WHEN 'object' THEN part.value ELSE '{}' END)
        UNION ALL
        SELECT value FROM json_array_elements(CASE json_typeof(part.value) WHEN 'array' THEN part.value ELSE '[]' END)
      ) AS inner_part
    )
    SELECT FROM part CROSS JOIN LATERAL (
      SELECT FROM json_object_keys(CASE json_typeof(part.value) WHEN 'object' THEN part.value ELSE '{}' END) AS key
      GROUP BY key HAVING count(*) > 1
    ) AS twice
  ) THEN
    RETURN NULL;
  END IF;
  RETURN said::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN NULL;
END $$
"""
"""PostgreSQL: a document's text as `jsonb`; NULL where it is none, has a key twice in one object, or cannot be kept."""
