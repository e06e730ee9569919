"""A correction from its decision to its end: before and after, kept sealed; done once, whoever is killed.

What this request has set right in a source has its receipt there. It is not looked for again as if somebody else had
changed it: the row may be found no more by the identifier that was wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import sqlalchemy as sa

from ombud.app.correcting import carry_out, plan_of
from ombud.app.corrections import At, Correction, Done, look
from ombud.app.loaded import Refused
from ombud.app.naming import parts_of
from ombud.app.requests.called import called
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.looking import map_for
from ombud.app.sources import Opened as Source
from ombud.app.sources import opened as source_opened
from ombud.app.written_keys import keys_of
from ombud.engine.correcting import received, step_of
from ombud.register.model import Correction as Kept
from ombud.rights.model import Part, RequestKind, State
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names
from ombud.terms import Finding, Key, Place


def found_now(desk: Desk, opened: Opened) -> tuple[Kept, ...]:
    """What is to be set right in the sources where it is not done, with what stands there now; of what this request has
    set right already, with what stood there. Raises Refused where it cannot be done as it was asked.
    """
    open_ = _undone(opened)
    settings = [text for text in opened.asked.settings if text.partition("/")[0] in open_]
    with told():
        known = {_at(each): each for each in desk.store.corrections(opened.id)}
    of = {each.source for each in known.values()} & open_
    done = {at: each for source in sorted(of) for at, each in _done(desk, opened, source, known).items()}
    return tuple(kept_of(each) for each in _look(desk, opened, settings, done)) if settings else ()


def keep(desk: Desk, opened: Opened, kept: Sequence[Kept]) -> None:
    """What stands there when it is decided, and what is to: kept sealed, for the answer says both. What an earlier
    decision found in these sources goes. To be called in the transaction in which it is decided.
    """
    desk.store.drop_corrections(opened.id, _undone(opened))
    desk.store.keep_corrections(opened.id, kept)


def to_decide_anew(opened: Opened, source: str, refusal: Refused) -> tuple[str, ...]:
    """The sources for which a correction is decided anew, for what was decided is not there any more: this one, and
    those in which there was nothing to set right. None where it is only to be tried again.
    """
    codes = {each.code for each in refusal.findings}
    if opened.request.kind is not RequestKind.RECTIFY or not codes or codes - OUTDATED:
        return ()
    named = {text.partition("/")[0] for text in opened.asked.settings}
    return tuple(each for each in opened.request.parts if each == source or each not in named)


OUTDATED = frozenset({"C120", "C121", "C122", "C123"})
"""The row or the cell is another, or somebody else's, or gone: to try again finds the same."""


def _undone(opened: Opened) -> frozenset[str]:
    return frozenset(source for source, part in opened.request.parts.items() if part is not Part.DONE)


def correct(desk: Desk, opened: Opened, source: str) -> None:
    """Set right in one source what was decided. Raises Refused where not all of it is."""
    settings = [text for text in opened.asked.settings if text.startswith(f"{source}/")]
    if not settings:
        return
    with told():
        known = {_at(each): each for each in desk.store.corrections(opened.id)}
    done = _done(desk, opened, source, known)
    corrections = _look(desk, opened, settings, done)
    for now in map(kept_of, corrections):
        then = known.get(_at(now))
        if then is not None and now.before not in (then.before, then.after):
            message = f"{source}.{now.table}.{now.cell} changed after it was decided"
            raise Refused(Finding("C123", Place("request"), message, "look again, and decide by what stands there now"))
    fresh = [kept for kept in map(kept_of, corrections) if _at(kept) not in known]
    if fresh:
        with told():
            desk.store.keep_corrections(opened.id, fresh)
    corrected = carry_out(desk.loaded, corrections, opened.id, protected=opened.request.protected)
    if corrected.findings:
        raise Refused(*corrected.findings)


@dataclass(frozen=True, slots=True)
class Change:
    """A cell of a correction, as a handler sees it: what stands there, or stood, and what is to. Neither prints.

    `before` '' where nothing stood, None where it is not known yet, or no more; `after` None: it is removed. `wiped`:
    the person was told, and no value is kept.
    """

    row: str
    cell: str
    before: str | None = field(default=None, repr=False)
    after: str | None = field(default=None, repr=False)
    done: bool = False
    wiped: bool = False


def changes(desk: Desk, opened: Opened) -> tuple[Change, ...]:
    """What a correction sets right: as it was decided; before that as it would be now, once it is known who asks.

    Raises Refused where it cannot be done as it was asked.
    """
    with told():
        kept = desk.store.corrections(opened.id)
    if opened.request.state in (State.COLLECTING, State.REVIEW, State.DECISION):
        open_ = _undone(opened)
        kept = (*(each for each in kept if each.source not in open_), *found_now(desk, opened))
    if kept:
        done = {source for source, part in opened.request.parts.items() if part is Part.DONE}
        return tuple(
            Change(
                each.key or f"{each.source}/{each.table}",
                each.cell,
                each.before,
                each.after,
                each.source in done,
                wiped=each.key is None,
            )
            for each in kept
        )
    settings = (text.partition("=") for text in opened.asked.settings)
    return tuple(
        Change(*where.rpartition(".")[::2], after=value if equals else None) for where, equals, value in settings
    )


def kept_of(each: Correction) -> Kept:
    """A correction as the register keeps it: what stood there, empty where nothing did, and what is to."""
    before = "" if each.before is None else str(each.before)
    after = None if each.after is None else str(each.after)
    return Kept(each.source, each.table, each.cell, each.row, before, after)


def _look(
    desk: Desk, opened: Opened, settings: Sequence[str], done: Mapping[At, Done] = MappingProxyType({})
) -> tuple[Correction, ...]:
    return look(map_for(desk, protected=opened.request.protected), called(opened), settings, done)


def _done(desk: Desk, opened: Opened, source: str, known: Mapping[At, Kept]) -> Mapping[At, Done]:
    """What of it this request has done in a source already: by its receipts; or, where no transaction holds a receipt
    with its deed, by what stands there.
    """
    rows: dict[tuple[str, str], list[Kept]] = defaultdict(list)
    for kept in known.values():
        if kept.source == source and kept.key is not None:
            rows[kept.table, kept.key].append(kept)
    found: dict[At, Done] = {}
    with source_opened(desk.loaded, source, read_only=True) as there, there.connection.begin():
        names = Names(there.source, there.schema, DIALECTS[there.connection.dialect.name])
        steps = received(there.connection, names, plan_of(opened.id))
        for (table, row), cells in rows.items():
            written, columns = row.split("/", 2)[2], len(there.source.tables[table].key)
            for key in parts_of(written, columns):
                if step_of(table, key, (each.cell for each in cells)) in steps:
                    found |= {_at(each): Done(key, each.before) for each in cells}
            if _at(cells[0]) not in found and not names.atomic and (stands := _stands(there, names, cells, written)):
                found |= {_at(each): Done(stands, each.before, received=False) for each in cells}
    return found


def _stands(there: Source, names: Names, cells: Sequence[Kept], written: str) -> Key | None:
    """The key of the row, where all of its cells hold what was decided."""
    table = there.source.tables[cells[0].table]
    mapped = [next(kind.cells[each.cell] for kind in table.kinds if each.cell in kind.cells) for each in cells]
    row = names.row(table.name)
    chosen = sa.select(*(row.c[cell.column] for cell in mapped))
    for key in keys_of(there.connection, names, table.name, written):
        same = (row.c[column] == part for column, part in zip(table.key, key, strict=True))
        values = there.connection.execute(chosen.where(*same)).first()
        decided = [None if each.after is None else each.after for each in cells]
        if values is not None and [None if value is None else str(value) for value in values] == decided:
            return key
    return None


def _at(each: Kept) -> At:
    return each.key or "", each.cell
