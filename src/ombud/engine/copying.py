"""Moments that one source copies from another's subjects, with the day of the copy beside them (`Imported`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Imported, SourceMap
from ombud.engine.sweep import Sweep
from ombud.sql.moments import imported_as
from ombud.sql.odd_text import shown


def imports_of(source: SourceMap) -> tuple[Imported, ...]:
    """Every moment that this source copies, once a source, subject, moment and kind of identifier."""
    rules = (r for t in source.tables.values() for k in t.kinds for r in k.moments.values() if isinstance(r, Imported))
    return tuple({imported_as(rule): rule for rule in rules}.values())


def copy_moments(sweep: Sweep, others: Mapping[str, Sweep]) -> None:
    """Copy what this source imports from the other sources' sweeps, which are prepared and of the same day.

    What comes from a source that is not among them stays as stale as it is, and stale is unknown.
    """
    for rule in imports_of(sweep.source):
        other = others.get(rule.source)
        if other is None:
            continue
        rows = list(_copied(other, rule))
        kept, meta, name = sweep.names.imported, sweep.names.meta, imported_as(rule)
        same = [kept.c[c] == getattr(rule, c) for c in ("source", "subject", "moment")]
        same.append(kept.c.kind == rule.match)
        with sweep.connection.begin():
            told = {row["digest"] for row in rows}
            before = sweep.connection.execute(sa.select(kept).where(*same)).all()
            # Who is there no more keeps the day last copied: who removes a judge leaves its judgement (law 4).
            rows += [dict(row._mapping) for row in before if row.digest not in told]
            sweep.connection.execute(kept.delete().where(*same))
            if rows:
                sweep.connection.execute(kept.insert(), rows)
            sweep.connection.execute(meta.delete().where(meta.c.name == name))
            sweep.connection.execute(meta.insert().values(name=name, value=(sweep.asked_on or sweep.today).isoformat()))


def _copied(other: Sweep, rule: Imported) -> Iterator[dict[str, Any]]:
    """Each identifier of a subject's row with the row's moment: unknown if the identifier is shared."""
    subject = other.source.subjects[rule.subject]
    with other.connection.begin():
        other.convene()
        people = other.evaluation.people
        for who, state, day in other.evaluation.tell(subject.table, rule.moment):
            for kind, digest in people.identifiers.get(who, ()):
                if kind == rule.match:
                    unsure = people.is_shared(people.persons[who], (kind, digest))
                    yield {
                        "source": rule.source,
                        "subject": rule.subject,
                        "moment": rule.moment,
                        "kind": kind,
                        "digest": digest,
                        "who": shown(who),
                        "state": "unknown" if unsure else state,
                        "day": day if state == "day" and not unsure else None,
                    }
