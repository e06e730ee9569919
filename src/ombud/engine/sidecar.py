"""ombud's own tables inside a source: made when missing, with the calendar and the lock of marks and batches."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.datamap.schema import ColumnType
from ombud.engine.calendar import fill
from ombud.engine.lost_rules import check_rules, known_rules
from ombud.engine.noted import INTENT
from ombud.engine.program import Statements
from ombud.engine.together import in_one_trip, together
from ombud.sql.dialect import Bool, Expr
from ombud.sql.documents import READ
from ombud.sql.intents import promote
from ombud.sql.names import SEPARATOR, Names
from ombud.sql.near import named_near
from ombud.sql.odd_text import bound, insert_all
from ombud.sql.tables import Declared
from ombud.terms import Act, IdRef, KeyRef, Mark, Ref

VERSION = "5"
GATE = "gate"
SOURCE = "source"


KEY = "key/"
"""Before a table's name in `meta`: the key by which its rows are remembered."""


FEW = 500
"""Marks that are asked for by their numbers, instead of all."""


class KeyChanged(Exception):
    """Rows of this table are remembered by another key or birth than the map has now."""


class AnotherSource(Exception):
    """The sidecar belongs to the source of this name: what is remembered, frozen and done there is its own."""


class Behind(Exception):
    """The sidecar was never initialised, is of another version, or lacks marks that the register has."""


class OtherMarks(Exception):
    """A mark of this number in the sidecar says other than that of the register, which was restored or is another's."""


def create(connection: sa.Connection, names: Names, zone: str) -> None:
    """Make what is missing of the sidecar, for every mapped table. Keeps what is there."""
    if names.dialect.sidecar:
        connection.execute(sa.schema.CreateSchema(names.dialect.sidecar, if_not_exists=True))
    if names.dialect.name == "postgresql" and _has_documents(names) and not _reads_documents(connection):
        connection.exec_driver_sql(READ)
    tables = [
        names.mark,
        names.mark_ref,
        names.ref,
        names.said,
        names.imported,
        names.meta,
        names.receipt,
        names.calendar,
        names.outbox,
    ]
    keys = {t.name: _remembered_by(names, t) for t in names.source.tables.values() if t.key}
    known_keys = _keys(connection, names)
    _check_source(connection, names)
    for table in names.source.tables.values():
        if table.key:
            if known_keys.get(table.name, keys[table.name]) != keys[table.name]:
                _forget_key(connection, names, table.name)
            _drop_other_cells(connection, names.due(table.name))
            if not names.atomic and _drop_other_cells(connection, names.batch(table.name)):
                _drop_intent(connection, names, table.name)
            tables += [names.memo(table.name), names.due(table.name)]
            if not names.atomic:
                tables += [names.pick(table.name), names.batch(table.name)]
    names.metadata.create_all(connection, tables=tables, checkfirst=True)
    known: dict[str, str] = {row.name: row.value for row in connection.execute(sa.select(names.meta))}
    if known.get("zone") != zone or known.get("version") != VERSION:
        fill(connection, names, zone)
    if known.get("version", VERSION) != VERSION:
        _index(connection, tables)
    check_rules(connection, names, known)
    fixed = {"version": VERSION, GATE: "", "epoch": "0", "marks": "0", "zone": zone, SOURCE: names.source.source}
    rules = known_rules(names)
    told = {**{f"{KEY}{name}": key for name, key in keys.items()}, **rules}
    for name, value in {**fixed, **told}.items():
        if name not in known:
            connection.execute(names.meta.insert().values(name=name, value=value))
        elif (name in ("zone", "version") or name in told) and known[name] != value:
            connection.execute(names.meta.update().where(names.meta.c.name == name).values(value=value))


def _index(connection: sa.Connection, tables: Iterable[sa.Table]) -> None:
    """Make the indexes that an earlier version did not."""
    for table in tables:
        for index in table.indexes:
            index.create(connection, checkfirst=True)


def _remembered_by(names: Names, table: Table) -> str:
    """What tells a row from another that had its key before: its key, and its birth as it is declared."""
    columns = names.schema.tables[table.name].columns
    born = [table.born.column, columns[table.born.column].declared] if table.born else []
    return SEPARATOR.join([*table.key, *(["", *born] if born else [])])


def _check_source(connection: sa.Connection, names: Names) -> None:
    if not sa.inspect(connection).has_table(names.meta.name, schema=names.meta.schema):
        return
    known = connection.execute(sa.select(names.meta.c.value).where(names.meta.c.name == SOURCE)).scalar()
    if known not in (None, names.source.source):
        raise AnotherSource(known)


def _keys(connection: sa.Connection, names: Names) -> dict[str, str]:
    """The key by which rows of each table are remembered, as the sidecar was told."""
    if not sa.inspect(connection).has_table(names.meta.name, schema=names.meta.schema):
        return {}
    said = sa.select(names.meta).where(names.meta.c.name.startswith(KEY, autoescape=True))
    return {row.name.removeprefix(KEY): row.value for row in connection.execute(said)}


def _forget_key(connection: sa.Connection, names: Names, table: str) -> None:
    """Make room for memos by another key; those by the old one would be nobody's any more, so none may be there."""
    memo, due = names.memo(table), names.due(table)
    there = [each for each in (memo, due) if sa.inspect(connection).has_table(each.name, schema=each.schema)]
    if memo in there and connection.execute(sa.select(memo.c.rule).limit(1)).first():
        raise KeyChanged(table)
    for each in there:
        connection.execute(sa.schema.DropTable(each))


def _drop_other_cells(connection: sa.Connection, due: sa.Table) -> bool:
    """What was frozen by a map with other cells is of no use any more, and its table has no room for these."""
    if sa.inspect(connection).has_table(due.name, schema=due.schema):
        there = connection.execute(sa.select(sa.literal_column("*")).select_from(due).limit(0)).keys()
        if set(there) != set(due.c.keys()):
            connection.execute(sa.schema.DropTable(due))
            return True
    return False


def _drop_intent(connection: sa.Connection, names: Names, table: str) -> None:
    """Whoever died in a batch of a map with other cells may have carried it out: what it took from memory counts."""
    pick = names.pick(table)
    connection.execute(sa.schema.DropTable(pick, if_exists=True))
    if connection.execute(names.meta.delete().where(names.meta.c.name == f"{INTENT}{table}")).rowcount:
        for change in promote(names):
            connection.execute(change)


def _has_documents(names: Names) -> bool:
    """Whether the map has cells inside JSON."""
    kinds = (kind for table in names.source.tables.values() for kind in table.kinds)
    return any(cell.json for kind in kinds for cell in kind.cells.values())


def _reads_documents(connection: sa.Connection) -> bool:
    return bool(connection.exec_driver_sql("SELECT to_regprocedure('ombud.document(text)') IS NOT NULL").scalar())


def close_gate(connection: sa.Connection, names: Names) -> int:
    """Take the lock under which marks are acknowledged and batches decide; the newest mark's number."""
    meta = connection.dialect.identifier_preparer.format_table(names.meta)
    # Every batch asks this: said in plain SQL, of names that are ombud's own.
    asked = [f"UPDATE {meta} SET value = '' WHERE name = '{GATE}'"]  # noqa: S608
    asked.append(f"SELECT value FROM {meta} WHERE name = 'marks'")  # noqa: S608
    if names.dialect.name == "postgresql":
        # Row locks have no queue, and a hold would lose to batch after batch; table locks are given in the order asked.
        asked.insert(0, f"LOCK TABLE {meta} IN SHARE ROW EXCLUSIVE MODE")
    *_, gate, marks = together(connection, [(each, ()) for each in asked])
    if gate.count != 1:
        raise Behind("the sidecar has no gate: it was never initialised")
    ((newest,),) = marks.rows
    return int(newest)


@dataclass(frozen=True, slots=True)
class StoredRef:
    """A ref as the sidecar writes it: `key/SUBJECT` or `id/KIND`, the value as text, the birth stamp."""

    scope: str
    value: str
    birth: str


def stored(ref: Ref) -> StoredRef:
    match ref:
        case KeyRef():
            return StoredRef(f"key/{ref.subject}", SEPARATOR.join(str(part) for part in ref.key), ref.birth)
        case IdRef():
            return StoredRef(f"id/{ref.kind}", ref.digest, "")


def _as_stored(connection: sa.Connection, names: Names, ref: Ref) -> StoredRef:
    """A ref with its key as this database writes it: `17.00` and 17, `ab` and `ab   ` are one key, and two texts."""
    plain = stored(ref)
    subject = names.source.subjects.get(ref.subject) if isinstance(ref, KeyRef) else None
    if subject is None or not isinstance(ref, KeyRef):
        return plain
    key = names.source.tables[subject.table].key
    columns = names.schema.tables[subject.table].columns
    if all(columns[c].family == "integer" for c in key) or len(key) != len(ref.key):
        return plain
    row = names.row(subject.table)
    same = (_is(names, columns[c], row.c[c], part) for c, part in zip(key, ref.key, strict=True))
    written = sa.select(names.key_text(subject.table, row)).where(*same)
    try:
        with connection.begin_nested():
            texts = connection.execute(written).scalars().all()
    except sa.exc.DataError:  # no value of the type that the key has now
        return plain
    return StoredRef(plain.scope, texts[0], plain.birth) if len(texts) == 1 else plain


def _is(names: Names, column: ColumnType, value: Expr, part: object) -> Bool:
    """A part of a key. The register keeps it as text, which PostgreSQL takes for no other type, and no bytes are."""
    if not isinstance(part, str):
        return value == part
    if names.dialect.typed and column.family != "text":
        return value == names.dialect.typed(sa.literal(part, sa.Text()), Declared(column.declared))
    ways = [] if column.family == "binary" else [value == bound(part)]
    if (raw := _bytes(part)) is not None:
        ways.append(sa.type_coerce(value, sa.LargeBinary()) == raw)
    return sa.or_(sa.false(), *ways)


def _bytes(part: str) -> bytes | None:
    """What is written as `\\x` and hexadecimal digits."""
    try:
        return bytes.fromhex(part.removeprefix("\\x")) if part.startswith("\\x") else None
    except ValueError:
        return None


def _written(mark: Mark) -> dict[str, Any]:
    return {
        "seq": mark.seq,
        "day": mark.day.isoformat(),
        "act": mark.act.value,
        "purpose": mark.purpose,
        "company": mark.company,
        "ground": mark.ground,
        "allows": json.dumps(sorted(mark.allows)),
        "request": mark.request,
        "review": mark.review.isoformat() if mark.review else None,
        "text_version": mark.text_version,
    }


def check_same(connection: sa.Connection, names: Names, marks: Iterable[Mark]) -> frozenset[int]:
    """The numbers of these that the sidecar has; raises OtherMarks where one says other than the mark of that number.

    Keys are compared by subject and birth only: the sidecar writes them as the database did while their row was there.
    """
    marks = tuple(marks)
    few = [mark.seq for mark in marks] if len(marks) <= FEW else None
    of, ref = sa.select(names.mark), sa.select(names.mark_ref)
    if few is not None:
        of, ref = of.where(names.mark.c.seq.in_(few)), ref.where(names.mark_ref.c.seq.in_(few))
    there = {row.seq: dict(row._mapping) for row in connection.execute(of)}
    refs: dict[int, set[StoredRef]] = defaultdict(set)
    for row in connection.execute(ref) if there else ():
        refs[row.seq].add(_comparable(StoredRef(row.scope, row.value, row.birth)))
    for mark in marks:
        if mark.seq not in there:
            continue
        own = (r for r in mark.refs if not isinstance(r, KeyRef) or r.source == names.source.source)
        if there[mark.seq] != _written(mark) or refs[mark.seq] != {_comparable(stored(ref)) for ref in own}:
            raise OtherMarks(mark.seq)
    return frozenset(mark.seq for mark in marks if mark.seq in there)


def _comparable(ref: StoredRef) -> StoredRef:
    return replace(ref, value="") if ref.scope.startswith("key/") else ref


def acknowledge(connection: sa.Connection, names: Names, marks: Iterable[Mark]) -> int:
    """Write marks under the gate; what committed first wins. Marks already there are left. The newest number."""
    newest, marks = close_gate(connection, names), tuple(marks)
    known = check_same(connection, names, marks)
    rows, refs = [], []
    for mark in sorted(marks, key=lambda m: m.seq):
        if mark.seq in known:
            continue
        newest = max(newest, mark.seq)
        rows.append(_written(mark))
        for ref in mark.refs:
            if isinstance(ref, KeyRef) and ref.source != names.source.source:
                continue
            kept = _as_stored(connection, names, ref)
            refs.append({"seq": mark.seq, "scope": kept.scope, "value": kept.value, "birth": kept.birth})
    with in_one_trip(connection):
        if rows:
            connection.execute(names.mark.insert(), rows)
        insert_all(connection, names.mark_ref, refs)
        connection.execute(names.meta.update().where(names.meta.c.name == "marks").values(value=str(newest)))
    return newest


@dataclass(frozen=True, slots=True)
class StoredMark:
    """A mark as the sidecar has it, with its refs."""

    seq: int
    day: date
    act: Act
    purpose: str | None
    company: str | None
    refs: frozenset[StoredRef]


def marks_until(statements: Statements, names: Names, today: date) -> list[StoredMark]:
    """Every mark that counts by this day, by number."""
    return _marks(statements, ("all",), names, today, [])


def marks_near(statements: Statements, names: Names, today: date) -> list[StoredMark]:
    """The same of those that name somebody who is looked for in `alike`, with hardly any other refs."""
    return _marks(statements, ("near",), names, today, [named_near(names, names.mark_ref.c.value)])


def _marks(
    statements: Statements, which: tuple[str, ...], names: Names, today: date, named: list[Bool]
) -> list[StoredMark]:
    refs: dict[int, set[StoredRef]] = defaultdict(set)
    of, mark = names.mark_ref.c, names.mark.c
    said = (of.seq, of.scope, of.value, of.birth)
    for seq, *ref in statements.rows(("mark refs", *which), lambda: sa.select(*said).where(*named)):
        refs[seq].add(StoredRef(*ref))

    def counting() -> sa.Select[Any]:
        chosen = sa.select(mark.seq, mark.day, mark.act, mark.purpose, mark.company)
        some = [mark.seq.in_(sa.select(of.seq).where(*named))] if named else []
        return chosen.where(mark.day <= today.isoformat(), *some).order_by(mark.seq)

    return [
        StoredMark(seq, date.fromisoformat(day), Act(act), purpose, company, frozenset(refs.get(seq, ())))
        for seq, day, act, purpose, company in statements.rows(("marks", *which), counting)
    ]
